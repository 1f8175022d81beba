"""What frames a text and tells nothing of its events: a document in; tokens of bylines, dateline and teasers out.

"By Jane Rowe in Islamabad", "NAIROBI, 5 May (Agency) - …": where and when the reporter wrote. "READ MORE: …": another
article's headline.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from spacy.tokens import Doc, Token

_TEASERS = frozenset({"read more", "read next", "read also", "also read", "see also", "related", "more on this"})
_OPENING = 4  # tokens of a teaser's opening with its colon
_LINES = 4  # lines at the head of a text that may be bylines
_LONGEST = 14  # tokens of a byline, or of what stands before a dateline's dash
_DASHES = frozenset({"-", "–", "—", "--"})
_FRAME = frozenset({"PROPN", "NUM", "PUNCT", "SPACE", "SYM", "X"})


def frame_tokens(doc: Doc) -> frozenset[int]:
    """Return the tokens of bylines and of a dateline at the head of a text, and of teasers for other articles."""
    found: set[int] = {t.i for line in _lines(doc) if _is_teaser(line) for t in line}
    for line in _first_lines(doc):
        if _is_byline(line):
            found.update(t.i for t in line)
        else:
            found.update(_dateline(line))
            break
    return frozenset(found)


def _lines(doc: Doc) -> Iterator[list[Token]]:
    line: list[Token] = []
    for token in doc:
        if "\n" in token.text:
            yield line
            line = []
        else:
            line.append(token)
    yield line


def _is_teaser(line: list[Token]) -> bool:
    """Whether a line only leads to another article: "READ MORE: Gunmen kidnap bishop"."""
    head = [t.lower_ for t in line[:_OPENING]]
    return any(" ".join(head[:n]) in _TEASERS and head[n : n + 1] in ([":"], ["|"], ["-"], [">"]) for n in (1, 2, 3))


def _first_lines(doc: Doc) -> list[list[Token]]:
    lines: list[list[Token]] = [[]]
    for token in doc:
        if "\n" in token.text:
            if len(lines) == _LINES:
                break
            lines.append([])
        elif not token.is_space:
            lines[-1].append(token)
    return [line for line in lines if line]


def _is_byline(line: list[Token]) -> bool:
    """Whether a line says who wrote: "By" and a name, and neither a verb nor a full stop."""
    if not 1 < len(line) <= _LONGEST or line[0].text not in ("By", "BY", "by") or line[-1].text in (".", "?", "!"):
        return False
    return line[1].text[:1].isupper() and not any(t.pos_ in ("VERB", "AUX") for t in line)


def _dateline(line: list[Token]) -> list[int]:
    """The tokens before the dash of a dateline that gives a date: "Coastal Wire, 5 September - After …"."""
    dash = next((n for n, t in enumerate(line[: _LONGEST + 1]) if t.text in _DASHES and t.whitespace_), None)
    if dash is None or not any(t.ent_type_ == "DATE" or t.like_num for t in line[:dash]):
        return []
    head = line[:dash]
    framed = all(t.pos_ in _FRAME or t.text[:1].isupper() or t.ent_type_ == "DATE" for t in head)
    return [t.i for t in head] if framed and line[dash - 1].whitespace_ else []
