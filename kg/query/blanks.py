"""Why a cell of AVG, SUM, MIN or MAX is blank: where one of a group has no value the engine gives none, in silence.

An average or a sum of dates or texts is none; a single row in which the variable is not bound leaves its group's cell
blank. The blank cells are counted while the rows are written (``kg.query.results``).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg.core.counted import counted

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from kg.query.prepare import Prepared
    from kg.store.sparql.tokens import Token

_OF_NUMBERS = frozenset({"AVG", "SUM"})
_WORDS = _OF_NUMBERS | {"MIN", "MAX"}


@dataclass(frozen=True, slots=True)
class Column:
    """A column of SELECT that is made with an aggregate: its variable, what it is made of, whether of numbers only."""

    name: str
    written: str
    numbers: bool


def aggregates(query: Prepared) -> tuple[Column, ...]:
    """The columns of AVG, SUM, MIN or MAX of a query."""
    select = _select(query.run.tokens)
    return tuple(_columns(query.run.text, select)) if select else ()


def blank_aggregates(columns: tuple[Column, ...], blank: Mapping[str, int]) -> Iterator[str]:
    """A line for each of the columns that has blank cells: in how many rows, and what may be the reason."""
    for one in columns:
        if number := blank.get(one.name):
            kind = "it takes numbers only, and " if one.numbers else ""
            yield (
                f"?{one.name} is blank in {counted(number, 'row')}: {one.written} has no value there ({kind}what is "
                "not bound leaves it blank: FILTER(BOUND(…)) passes over that)"
            )


def _select(tokens: tuple[Token, ...]) -> tuple[Token, ...]:
    """The tokens from the first SELECT to the brace of its pattern; none where it is no SELECT query."""
    first = next((n for n, t in enumerate(tokens) if t.keyword in ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")), None)
    if first is None or tokens[first].keyword != "SELECT":
        return ()
    last = next((n for n, t in enumerate(tokens) if n > first and t.text == "{" and t.kind == "mark"), first)
    return tokens[first:last]


def _columns(text: str, select: tuple[Token, ...]) -> Iterator[Column]:
    """The columns of SELECT that are made with one of the aggregates: ``(ROUND(AVG(?n)) AS ?mean)``."""
    depth, opened = 0, 0
    for index, token in enumerate(select):
        if token.text == "(" and token.kind == "mark":
            opened = index if depth == 0 else opened
            depth += 1
        elif token.text == ")" and token.kind == "mark":
            depth -= 1
        if token.keyword == "AS" and depth == 1 and index + 1 < len(select):
            words = {one.keyword for one in select[opened:index]} & _WORDS
            if words:
                written = " ".join(text[select[opened].end : token.start].split())
                yield Column(select[index + 1].text[1:], written, bool(words & _OF_NUMBERS))
