"""What was meant: the usual mistakes of SPARQL queries, found among the tokens, each with its place.

The engine's own position is where it looked last, often far behind the mistake; so the tokens are looked through first.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from kg.store.sparql.request import Sparql
from kg.store.sparql.tokens import Token

_TERMS = frozenset({"iri", "name", "variable", "string", "number", "blank"})
_PATTERN_WORDS = frozenset({"FILTER", "OPTIONAL", "BIND", "VALUES", "GRAPH", "SERVICE", "UNION", "MINUS", "SELECT"})
_AGGREGATES = frozenset({"COUNT", "SUM", "MIN", "MAX", "AVG", "SAMPLE", "GROUP_CONCAT"})
_MODIFIERS = frozenset({"GROUP", "ORDER", "HAVING", "LIMIT", "OFFSET"})
_SEPARATORS = frozenset({".", ";", ","})


def find_mistake(sparql: Sparql) -> tuple[int, str] | None:
    """Position and words of the first usual mistake; None where there is none that is known."""
    found = sorted(_select(sparql.tokens)) or sorted([*_words(sparql.tokens), *_triples(sparql.tokens)])
    return found[0] if found else None


def _select(tokens: tuple[Token, ...]) -> Iterator[tuple[int, str]]:
    """Mistakes between SELECT and its group."""
    for index, token in enumerate(tokens):
        if token.keyword != "SELECT":
            continue
        depth = 0
        listed = tokens[index + 1 :]
        for number, item in enumerate(listed):
            depth += (item.text == "(") - (item.text == ")")
            if item.text == "{":
                if number == 0:
                    yield item.start, "SELECT names no variables: write them, or *"
                break
            if depth == 0 and item.keyword in _AGGREGATES:
                yield item.start, f"in SELECT brackets and a name belong to it: ({item.text}(…) AS ?n)"
                break
            if item.keyword == "WHERE" and (number + 1 == len(listed) or listed[number + 1].text != "{"):
                yield item.end, "a '{' belongs behind WHERE, and a '}' at the end of the pattern"
                break
            if item.text == "," and depth == 0:
                yield item.start, "no commas between the variables of SELECT"
                break


def _words(tokens: tuple[Token, ...]) -> Iterator[tuple[int, str]]:
    """Keywords without what belongs to them."""
    for token, after in pairwise([*tokens, Token("end", "", tokens[-1].end, tokens[-1].end)] if tokens else []):
        if token.keyword == "FILTER" and after.text != "(" and after.kind not in ("word", "iri", "name"):
            yield after.start, "the condition of FILTER belongs in brackets: FILTER(…)"
        if token.keyword in ("LIMIT", "OFFSET") and after.kind != "number":
            yield after.start, f"a number belongs behind {token.keyword}"
        if token.keyword in ("ORDER", "GROUP") and after.keyword != "BY":
            yield after.start, f"BY belongs behind {token.keyword}"
        if token.keyword == "BIND" and after.text != "(":
            yield after.start, "write BIND(expression AS ?variable)"
        if token.keyword == "PREFIX" and (after.kind != "name" or not after.text.endswith(":")):
            yield after.start, "write PREFIX name: <namespace>"
        if token.text in _SEPARATORS and after.text in _SEPARATORS and token.text == after.text != ";":
            yield after.start, f"there is one {after.text!r} already"


def _triples(tokens: tuple[Token, ...]) -> Iterator[tuple[int, str]]:
    """Triples with too few or too many terms, within groups; expressions and sub-selects are left out."""
    groups: list[_Group | None] = []
    previous = Token("mark", "", 0, 0)
    depth = 0
    for token in tokens:
        group = groups[-1] if groups else None
        opens = token.kind == "mark" and token.text in "{(["
        closes = token.kind == "mark" and token.text in "})]"
        if token.text == "{" and depth == 0:
            if group:
                yield from group.end(token, complete=False)
            data = previous.text == ")" or previous.kind == "variable"  # VALUES and the like
            groups.append(None if data and _after_values(tokens, token) else _Group())
        elif token.text == "}" and depth == 0 and groups:
            if group:
                yield from group.end(token)
            groups.pop()
        elif opens:
            if depth == 0 and group:
                group.bracket(token)
            depth += 1
        elif closes:
            depth = max(0, depth - 1)
        elif depth == 0 and group:
            yield from group.take(token)
        previous = token


def _after_values(tokens: tuple[Token, ...], brace: Token) -> bool:
    words = [token.keyword for token in tokens if token.end <= brace.start and token.kind == "word"]
    return bool(words) and words[-1] == "VALUES"


class _Group:
    """The terms of the triple that is being read; a word of another pattern suspends the counting."""

    def __init__(self) -> None:
        self._count = 0
        self._joined = False  # a path operator came last
        self._counting = True
        self._optional = False  # after ";" the triple may end

    def bracket(self, token: Token) -> None:
        """A collection, a property list, a path in brackets: one term, or something not counted."""
        if self._counting and token.text == "[" and self._count == 0:
            self._counting = False  # [ … ] may stand alone
        self._count += 0 if self._joined else 1
        self._joined = False

    def take(self, token: Token) -> Iterator[tuple[int, str]]:
        """One more token of the group."""
        if token.keyword in _PATTERN_WORDS | _MODIFIERS:
            yield from self.end(token)
            self._counting = False
        elif token.text == ".":
            yield from self.end(token)
        elif token.text in (";", ","):
            yield from self.end(token)
            self._count, self._optional = (1, True) if token.text == ";" else (2, False)
        elif token.kind in _TERMS or token.keyword in ("A", "TRUE", "FALSE"):
            if not self._joined:
                self._count, self._optional = self._count + 1, False
            self._joined = False
            if self._counting and self._count == 4:
                yield token.start, "a fourth term: a '.' is missing before it, or the one before does not belong"
                self._counting = False
        elif token.text in ("/", "|", "^", "!", "^^"):
            self._joined = token.text != "^" or self._count > 1
            if token.text in ("^", "!") and self._count == 1:
                self._joined, self._count = True, 2

    def end(self, token: Token, *, complete: bool = True) -> Iterator[tuple[int, str]]:
        """The triple ends here."""
        if self._counting and complete and self._count in (1, 2) and not self._optional:
            missing = "no predicate and object" if self._count == 1 else "no object"
            yield token.start, f"the triple before this has {missing}"
        self._count, self._counting, self._joined, self._optional = 0, True, False, False
