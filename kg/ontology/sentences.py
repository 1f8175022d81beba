"""Sentences of a text by their punctuation, to be shown: no language model needed, good enough to recognise.

Abbreviations of titles, initials ("J. Doe") and acronyms with points ("U.S. forces") end none.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import lru_cache

from kg.ontology.words import words


@lru_cache(maxsize=1)
def _end() -> re.Pattern[str]:
    """The end of a sentence with the white space behind it; what is a short title is the lexicon's."""
    no_end = "".join(rf"(?<!\b{re.escape(title)})" for title in words("pointedTitles"))
    return re.compile(rf"(?:(?<![A-Z]\.)(?<!\b[A-Z]){no_end}\.|[!?])[\"'”’)]*\s+(?=[\"'“‘(]?[A-Z0-9])|\n+")


def sentence_bounds(text: str) -> list[int]:
    """Where sentences begin, and at last the text's end: half-open ranges from each to the next, in characters."""
    inner = (match.end() for match in _end().finditer(text))
    return [0, *(bound for bound in inner if bound < len(text)), len(text)]


def sentence_marked(text: str, begin: int, end: int, longest: int = 300) -> str:
    """The sentence that holds the characters from ``begin`` to ``end``, these in square brackets, white space single.

    Of one that is longer than ``longest`` what stands around the brackets. Empty for a position outside the text.
    """
    if not 0 <= begin < len(text):
        return ""
    bounds = sentence_bounds(text)
    after = bisect_right(bounds, begin)
    start, stop = bounds[after - 1], bounds[after]
    end = min(max(begin, end), stop)
    before = f"{text[start:begin]}["
    whole = " ".join(f"{before}{text[begin:end]}]{text[end:stop]}".split())
    at = max(0, len(" ".join(before.split())) - longest // 2) if len(whole) > longest else 0
    cut = whole[at : at + longest]
    return f"{'…' if at else ''}{cut}{'…' if at + longest < len(whole) else ''}"


def sentence_around(text: str, position: int) -> str:
    """The sentence that holds a character, its white space made single; empty for a position outside the text."""
    if not 0 <= position < len(text):
        return ""
    bounds = sentence_bounds(text)
    after = bisect_right(bounds, position)
    return " ".join(text[bounds[after - 1] : bounds[after]].split())
