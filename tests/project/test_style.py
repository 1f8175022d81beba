"""The code keeps to its own rules: formatting, lint, types."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    "command",
    [
        ("ruff", "check", "--quiet", "."),
        ("ruff", "format", "--check", "--quiet", "."),
        pytest.param(("mypy",), marks=pytest.mark.long),  # `make lint` has it, and .ci/run: some 15 s of processor
    ],
)
def test_the_code_passes(command):
    """No finding of the formatter, the linter or the type checker is left."""
    done = subprocess.run([sys.executable, "-m", *command], capture_output=True, text=True, cwd=ROOT, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
