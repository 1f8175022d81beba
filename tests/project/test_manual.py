"""The manual's pages are those that the commands give."""

from __future__ import annotations

import importlib.util
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_manual_is_what_the_commands_say() -> None:
    """Each verb has its page, generated from the command: `python docs/manual.py` writes them."""
    spec = importlib.util.spec_from_file_location("manual", ROOT / "docs" / "manual.py")
    assert spec is not None
    assert spec.loader is not None
    manual = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(manual)
    written = {path.name: path.read_text(encoding="utf-8") for path in (ROOT / "docs" / "manual").glob("*.md")}
    assert written == manual.pages()
