"""Names of tests are those that every process comes to: where they differ, tests that run side by side stop at once."""

from __future__ import annotations

import importlib.metadata
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.long
def test_names_of_tests_are_the_same_in_every_process():
    """Neither hash seeds nor the time show in them (tests/conftest.py refuses packed bytes at once)."""
    command = [sys.executable, "-m", "pytest", "--collect-only", "-q", "-p", "no:cacheprovider", "tests"]
    named = [
        subprocess.run(
            command, cwd=ROOT, env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, text=True, check=True
        ).stdout.splitlines()
        for seed in ("1", "2")
    ]
    tests = [[line for line in lines if "::" in line] for lines in named]
    assert len(tests[0]) > 1000
    assert tests[0] == tests[1]


def test_no_two_files_of_tests_have_one_name():
    """Folders of tests are no packages: of two files of one name only one would be found."""
    names = [path.name for path in (ROOT / "tests").rglob("*.py") if path.name != "conftest.py"]
    assert {name for name in names if names.count(name) > 1} == set()


def test_no_file_of_tests_is_called_like_a_package():
    """The folder of a test file is searched first: a `requests.py` there would be what nanopub imports."""
    names = {path.stem for path in (ROOT / "tests").glob("*.py")} - {"conftest"}
    installed = set(importlib.metadata.packages_distributions()) | sys.stdlib_module_names
    assert names & installed == set()
