"""How large a query may be: tokens in; QueryError for what the engine cannot take, before it is given to it."""

from __future__ import annotations

from collections.abc import Sequence

from kg.core.budgets import DEPTH, QUERY_JOINS, QUERY_PARTS, Budget
from kg.core.errors import QueryError
from kg.store.sparql.tokens import Token, syntax_error

_OPENING = frozenset({"{", "(", "[", "<<", "<<(", "{|"})
_CLOSING = frozenset({"}", ")", "]", ">>", ")>>", "|}"})
_DATA_WORDS = frozenset({"CONSTRUCT", "VALUES", "INSERT", "DELETE", "DATA"})
_PART_WORDS = frozenset({"UNION", "MINUS", "FILTER", "BIND", "EXISTS", "AS", "GRAPH", "SERVICE", "LATERAL"})
_OPERATORS = frozenset({"||", "&&", "+", "-", "*", "/", "!", "=", "!=", "<", ">", "<=", ">=", "|", "^", "?"})
_TERMS = frozenset({"iri", "name", "string", "number", "variable", "blank"})
_MOST_CLOSURES = 4  # ((p*)*)* is looked for along every way


def check_size(text: str, tokens: Sequence[Token]) -> None:
    """QueryError for a query that would keep the engine busy for ever or overflow its stack before it runs.

    The engine plans joins with the cube of their number, and walks everything else by recursion. Data blocks of any
    length and lists of an IN are no matter.
    """
    open_marks: list[tuple[str, bool]] = []  # with whether it is a block of data or a template
    depth, most_joins, most_parts = DEPTH.value, QUERY_JOINS.value, QUERY_PARTS.value
    joins = parts = closures = 0
    last_word, before = "", Token("", "", 0, 0)
    for token in tokens:
        data = bool(open_marks) and open_marks[-1][1]
        if token.kind == "mark" and token.text in _OPENING:
            block = data or (token.text == "{" and last_word in _DATA_WORDS)
            joins += not block and (token.text == "[" or (token.text == "{" and not last_word))
            open_marks.append((token.text, block))
            if len(open_marks) > depth:
                raise _too_large(text, token, f"brackets nested more than {depth} deep", DEPTH)
        elif token.kind == "mark" and token.text in _CLOSING and open_marks:
            open_marks.pop()
        elif open_marks and not data:
            in_list = open_marks[-1][0] == "("
            joins += token.text in (".", ";") or (token.text in (",", "/") and not in_list)
            joins += token.keyword in ("OPTIONAL", "VALUES")
            joins += in_list and token.kind in _TERMS and before.kind in _TERMS  # a collection, or a path's step
            parts += token.keyword in _PART_WORDS or (token.kind == "mark" and token.text in _OPERATORS)
        closures = closures + 1 if token.text in "*+?" and before.text == ")" else closures * (token.text == ")")
        if closures > _MOST_CLOSURES:
            raise _too_large(text, token, f"paths repeated within each other more than {_MOST_CLOSURES} deep", None)
        if joins > most_joins:
            raise _too_large(text, token, f"more than {most_joins} patterns to be joined", QUERY_JOINS)
        if parts > most_parts:
            raise _too_large(text, token, f"more than {most_parts} operators and filters", QUERY_PARTS)
        last_word = token.keyword if token.kind == "word" else last_word if token.text not in "{}" else ""
        before = token


def _too_large(text: str, token: Token, what: str, budget: Budget | None) -> QueryError:
    hint = f"; {budget.hint()}" if budget is not None else ""
    return syntax_error(text, token.start, f"{what}, which the engine cannot take: ask for less at once{hint}")
