"""Approved files: what the program makes of our own texts, as a person has read and approved it.

    python -m tests.approve              write anew what differs; read `git diff tests/approved`, then commit it
    python -m tests.approve --network    ask the network first of texts that are new among the cases
    python -m tests.approve --network-anew    of all texts: after a change of model or tokenizer

An approved file says what was, not what is right: what must and must not be found stands in the cases.
"""

from __future__ import annotations

import difflib
import os
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
APPROVED = Path(__file__).parent / "approved"
TESTS = ("tests/core/test_values.py", "tests/extract/test_approved.py", "tests/pipeline/test_paper.py")
HOW = "if that is what you meant, run `python -m tests.approve`, read `git diff tests/approved` and commit it"
#: Where it is set, what differs is written instead of told.
WRITE = "KG_APPROVE"


def difference(name: str, found: str) -> str:
    """What is not as approved, block by block, and how to approve it; empty where all is."""
    path, found = APPROVED / name, found.replace("\r\n", "\n")
    was = path.read_text(encoding="utf-8") if path.is_file() else ""
    if was == found:
        return ""
    if WRITE in os.environ:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(found, encoding="utf-8")
        return ""
    old, new = was.split("\n"), found.split("\n")
    told, title = [], ""
    for line in difflib.unified_diff(old, new, n=max(len(old), len(new)), lineterm=""):
        if line[1:].startswith("## "):
            title = line
        if line.startswith(("+", "-")) and not line.startswith(("+++", "---")):
            told += [title, line] if title and title != line else [line]
            title = ""
    return "\n".join([f"tests/approved/{name} is not what is found:", *told[:200], HOW])


def main() -> None:
    """Write anew every approved file that differs."""
    if words := [word for word in sys.argv[1:] if word.startswith("--network")]:
        from tests import recorded

        recorded.ask(anew="--network-anew" in words)
    os.environ[WRITE] = "1"
    os.chdir(ROOT)
    status = pytest.main(["-q", *TESTS])
    print("now read: git diff tests/approved")  # noqa: T201
    sys.exit(status)


if __name__ == "__main__":
    main()
