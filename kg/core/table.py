"""Tables for people: rows of text in, lines that fit a terminal out, streaming."""

from __future__ import annotations

import re
import textwrap
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice

SAMPLE = 500  # rows that decide the widths; the rest streams through the same columns
GAP = "  "
NARROWEST = 8
_NARROWER = ((14, 48), (10, 34), (NARROWEST, NARROWEST))  # widths that text and names are left with, step by step
_NAME = re.compile(r"(?:[A-Za-z][\w+.-]*)?:\S+")  # an IRI or prefixed name: broken over lines nobody can copy it


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
    cells = list(_columns(columns, sample))
    names = [max((display_width(c) for c in column if _NAME.fullmatch(c)), default=0) for column in cells]
    widths = _fit([max((display_width(c) for c in column), default=0) for column in cells], names, width)
    yield from _line(columns, widths)
    yield GAP.join("─" * w for w in widths)
    for row in chain(sample, ([plain(cell) for cell in row] for row in iterator)):
        yield from _line(row, widths)


def _columns(head: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[list[str]]:
    for number, name in enumerate(head):
        yield [name, *(row[number] for row in rows)]


def _fit(natural: list[int], names: list[int], width: int) -> list[int]:
    """Take from the widest column until the row fits: first from those of text, whose cells can be wrapped."""
    widths = list(natural)
    for text, most in _NARROWER:
        narrowest = [max(text, min(name, most)) for name in names]
        excess = sum(widths) + len(GAP) * (len(widths) - 1) - width
        while excess > 0:
            able = [i for i, w in enumerate(widths) if w > narrowest[i]]
            if not able:
                break
            widest = max(able, key=widths.__getitem__)
            rest = [widths[i] for i in able if i != widest]
            cut = min(excess, max(1, widths[widest] - max([narrowest[widest], *rest])))
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
    if _NAME.fullmatch(cell):
        return [_shortened(cell, width)]
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


def _shortened(name: str, width: int) -> str:
    """A name that is too long without its middle: what stands behind its last sign tells things of one place apart."""
    last = max(name.rfind("#"), name.rfind("/"))
    tail = name[last:] if 0 < len(name) - last <= width * 2 // 3 else name[-(width // 2) :]
    head = name[: max(0, width - display_width(tail) - 1)]
    while head and display_width(head) + 1 + display_width(tail) > width:
        head = head[:-1]
    while display_width(tail) + 1 > width:
        tail = tail[1:]
    return f"{head}…{tail}"
