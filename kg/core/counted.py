"""How many of what, in words: ``1 event``, ``2,000 events``."""

from __future__ import annotations


def counted(number: int, word: str, many: str = "") -> str:
    """A number with its noun, in the singular for one; ``many`` is a plural that is not made with "s"."""
    return f"{number:,} {word if number == 1 else many or word + 's'}"
