"""How many articles some arguments hold, near enough for a progress line, without reading them as articles."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from kg.articles.files import FORMATS, files_of

_ENTRY = re.compile(rb"<(?:\w+:)?(?:item|entry)[\s/>]", re.IGNORECASE)
_PIECE = 1 << 20  # bytes read at a time


def count_articles(paths: Iterable[str | Path]) -> int | None:
    """The number of articles below ``paths``: files, lines of JSON lines, entries of feeds; None with standard input.

    A page may hold several articles, so more can come. What cannot be opened counts as one: it will be told.
    """
    total = 0
    for argument in paths:
        for path, _ in files_of(str(argument)):
            if path == "-":
                return None
            kind = FORMATS.get(Path(path).suffix.lower())
            total += _count(path, kind) if kind in ("jsonl", "feed") else 1
    return total


def _count(path: str, kind: str) -> int:
    try:
        if not Path(path).is_file():  # a pipe can be read but once
            return 1
        with Path(path).open("rb") as file:
            if kind == "feed":
                return len(_ENTRY.findall(file.read(20 * _PIECE)))
            return sum(piece.count(b"\n") for piece in iter(lambda: file.read(_PIECE), b"")) or 1
    except OSError:
        return 1
