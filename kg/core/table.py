"""Tables for people: rows of text in, lines that fit a terminal out, streaming."""

from __future__ import annotations

import textwrap
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice

SAMPLE = 500  # rows that decide the widths; the rest streams through the same columns
GAP = "  "
NARROWEST = 8


def plain(text: str) -> str:
    """The text without characters that could steer a terminal: controls become spaces, escapes a visible sign."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else " " if c.isspace() else "\ufffd" for c in text)


def display_width(text: str) -> int:
    """Columns on a terminal: East Asian wide characters take two, combining marks none (Unicode annex 11)."""
    if text.isascii():
        return len(text)
    wide = sum(unicodedata.east_asian_width(c) in "WF" for c in text)
    return len(text) + wide - sum(unicodedata.combining(c) > 0 for c in text)


def draw_table(columns: Sequence[str], rows: Iterable[Sequence[str]], width: int) -> Iterator[str]:
    """The lines of a table, none wider than ``width`` columns where that is possible at all."""
    iterator = iter(rows)
    sample = [[plain(cell) for cell in row] for row in islice(iterator, SAMPLE)]
    widths = _fit([max((display_width(c) for c in column), default=0) for column in _columns(columns, sample)], width)
    yield from _line(columns, widths)
    yield GAP.join("─" * w for w in widths)
    for row in chain(sample, ([plain(cell) for cell in row] for row in iterator)):
        yield from _line(row, widths)


def _columns(head: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[list[str]]:
    for number, name in enumerate(head):
        yield [name, *(row[number] for row in rows)]


def _fit(natural: list[int], width: int) -> list[int]:
    """Take from the widest column until the row fits."""
    widths = list(natural)
    excess = sum(widths) + len(GAP) * (len(widths) - 1) - width
    while excess > 0:
        widest = max(range(len(widths)), key=widths.__getitem__)
        if widths[widest] <= NARROWEST:
            break
        rest = [w for i, w in enumerate(widths) if i != widest]
        cut = min(excess, max(1, widths[widest] - max([NARROWEST, *rest])))
        widths[widest] -= cut
        excess -= cut
    return widths


def _line(cells: Sequence[str], widths: Sequence[int]) -> Iterator[str]:
    """One row as one or more lines: long cells wrap."""
    wrapped = [_wrap(cell, width) for cell, width in zip(cells, widths, strict=True)]
    for number in range(max(map(len, wrapped), default=1)):
        parts = [lines[number] if number < len(lines) else "" for lines in wrapped]
        padded = [part + " " * (w - display_width(part)) for part, w in zip(parts, widths, strict=True)]
        yield GAP.join(padded).rstrip()


def _wrap(cell: str, width: int) -> list[str]:
    """A cell as lines, broken at spaces where that is possible."""
    if display_width(cell) <= width:
        return [cell]
    if cell.isascii():
        return textwrap.wrap(cell, width, break_on_hyphens=False) or [""]
    lines = [""]  # textwrap counts characters, not columns
    for word in cell.split():
        if display_width(lines[-1]) + display_width(word) < width:
            lines[-1] += f" {word}" if lines[-1] else word
            continue
        if lines[-1]:
            lines.append("")
        for character in word:
            if display_width(lines[-1] + character) > width:
                lines.append("")
            lines[-1] += character
    return lines
