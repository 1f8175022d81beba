"""Why a cell of AVG, SUM, MIN or MAX is blank: where one of a group has no value the engine gives none, in silence.

An average or a sum of dates or texts is none; a single row in which the variable is not bound leaves its group's cell
blank. The query is asked once more, for the number of blank cells; that costs as much as the first time.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg.core.counted import counted
from kg.core.errors import KgError
from kg.query.prepare import Prepared, answered
from kg.store.opening import QuerySolutions
from kg.store.sparql.request import Sparql

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.store.opening import Store
    from kg.store.sparql.federation import ServicePolicy
    from kg.store.sparql.tokens import Token

_OF_NUMBERS = frozenset({"AVG", "SUM"})
_WORDS = _OF_NUMBERS | {"MIN", "MAX"}


@dataclass(frozen=True, slots=True)
class _Column:
    """A column of SELECT that is made with an aggregate: its variable, what it is made of, whether of numbers only."""

    name: str
    written: str
    numbers: bool


def blank_aggregates(store: Store, query: Prepared, policy: ServicePolicy) -> Iterator[str]:
    """A line for each column of AVG, SUM, MIN or MAX that has blank cells: how many, and what may be the reason.

    Nothing for a query without such a column, and for one that names its own dataset.
    """
    select = _select(query.run.tokens)
    columns = list(_columns(query.run.text, select)) if select else []
    if not columns or any(token.keyword == "FROM" for token in query.run.tokens):
        return
    counts = " ".join(f"(SUM(IF(BOUND(?{one.name}), 0, 1)) AS ?kg_blank_{one.name})" for one in columns)
    start = select[0].start
    asked = f"{query.run.text[:start]}SELECT {counts} {{ {{ {query.run.text[start:]}\n}} }}"
    try:
        with answered(store, Prepared(query.written, Sparql(asked), query.known), policy=policy) as results:
            row = next(iter(results), None) if isinstance(results, QuerySolutions) else None
            blank = {one: _number(row[f"kg_blank_{one.name}"]) if row is not None else 0 for one in columns}
    except KgError:  # the answer itself could be had: no word is better than an error
        return
    for one, number in blank.items():
        if number:
            kind = "it takes numbers only, and " if one.numbers else ""
            yield (
                f"?{one.name} is blank in {counted(number, 'row')}: {one.written} has no value there ({kind}what is "
                "not bound leaves it blank: FILTER(BOUND(…)) passes over that)"
            )


def _number(term: object) -> int:
    return int(getattr(term, "value", 0) or 0)


def _select(tokens: tuple[Token, ...]) -> tuple[Token, ...]:
    """The tokens from the first SELECT to the brace of its pattern; none where it is no SELECT query."""
    first = next((n for n, t in enumerate(tokens) if t.keyword in ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")), None)
    if first is None or tokens[first].keyword != "SELECT":
        return ()
    last = next((n for n, t in enumerate(tokens) if n > first and t.text == "{" and t.kind == "mark"), first)
    return tokens[first:last]


def _columns(text: str, select: tuple[Token, ...]) -> Iterator[_Column]:
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
                yield _Column(select[index + 1].text[1:], written, bool(words & _OF_NUMBERS))
