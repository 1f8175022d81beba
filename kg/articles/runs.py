"""Long runs in a text: a word of a million letters, a page of spaces. They cost more than any article does."""

from __future__ import annotations

import re

_PIECES = re.compile(r"(?P<space>\s+)|(?P<word>\S+)")


def longest_run(text: str, most: int) -> str | None:
    """What runs on for more than ``most`` characters, in words ("word", "run of white space"), or None."""
    if len(text) <= most:
        return None
    for piece in _PIECES.finditer(text):
        if piece.end() - piece.start() > most:
            return "run of white space" if piece["space"] else "word"
    return None
