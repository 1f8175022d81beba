"""Texts as HTML for a notebook: small, without scripts, readable on a dark ground; everything is escaped."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

LONGEST = 1500
"""Characters of an article's text that are shown."""

_COLOURS = {"entity": "rgba(80, 140, 255, .25)", "trigger": "rgba(255, 160, 60, .35)"}

Marked = tuple[int, int, str, str]
"""Marked words: begin and end in the text, what they are, and how that is shown: ``entity`` or ``trigger``."""


def as_table(columns: Sequence[str], rows: Iterable[Sequence[str]], caption: str = "") -> str:
    """A table of texts."""
    head = "".join(f"<th style='text-align: left'>{escape(name)}</th>" for name in columns)
    body = "".join(
        "<tr>" + "".join(f"<td style='text-align: left'>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows
    )
    title = f"<caption style='text-align: left'>{escape(caption)}</caption>" if caption else ""
    return f"<table>{title}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def as_lines(lines: Iterable[str]) -> str:
    """Lines whose spaces count."""
    return f"<pre style='white-space: pre-wrap'>{escape(chr(10).join(lines))}</pre>"


def as_text(title: str, about: str, text: str, marks: Iterable[Marked] = ()) -> str:
    """A text below its title, the beginning of a long one; of marks that overlap the first and longest stands."""
    parts: list[str] = []
    position = 0
    for begin, end, what, kind in sorted(marks, key=lambda mark: (mark[0], -mark[1])):
        if position <= begin and end <= LONGEST:
            style = f"background: {_COLOURS[kind]}; color: inherit; border-radius: 3px; padding: 0 2px"
            parts.append(escape(text[position:begin]))
            parts.append(f"<mark title='{escape(what)}' style='{style}'>{escape(text[begin:end])}</mark>")
            position = end
    parts.append(escape(text[position:LONGEST]) + ("…" if len(text) > LONGEST else ""))
    head = f"<p><strong>{escape(title)}</strong> {escape(about)}</p>"
    return f"{head}<div style='white-space: pre-wrap'>{''.join(parts)}</div>"
