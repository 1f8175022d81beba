"""The dataset parameters of the SPARQL 1.1 Protocol, written into the query or update that they hold for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from kg.serve.problems import Problem
from kg.store.opening import NamedNode
from kg.store.sparql.request import Sparql
from kg.store.sparql.tokens import Token

_ABSOLUTE = re.compile(r"<[A-Za-z][A-Za-z0-9+.\-]*:")
_CHANGES = frozenset({"INSERT", "DELETE", "WITH"})


def checked(graphs: Iterable[str]) -> tuple[str, ...]:
    """IRIs of graphs; Problem for what is none."""
    found = []
    for graph in graphs:
        try:
            found.append(NamedNode(graph).value)
        except ValueError as error:
            raise Problem("bad-request", f"{graph!r} is no IRI of a graph ({error})") from error
    return tuple(found)


def based(text: str, base: str) -> str:
    """A query or update whose relative IRIs, where it has some and no BASE, are read against an address."""
    tokens = Sparql(text).tokens
    relative = any(token.kind == "iri" and not _ABSOLUTE.match(token.text) for token in tokens)
    return f"BASE <{base}> {text}" if relative and all(token.keyword != "BASE" for token in tokens) else text


def asked_of(text: str, default: Sequence[str], named: Sequence[str]) -> str:
    """A query over these graphs, in place of those that it names itself (SPARQL 1.1 Protocol section 2.1.4)."""
    if not default and not named:
        return text
    clauses = "".join([*(f" FROM <{graph}>" for graph in default), *(f" FROM NAMED <{graph}>" for graph in named)])
    sparql = Sparql(text)
    place, own = _head(sparql)
    pieces = sorted([(place, place, f"\n{clauses} "), *((start, end, " ") for start, end in own)], reverse=True)
    for start, end, words in pieces:
        text = text[:start] + words + text[end:]
    return text


def changed_in(text: str, default: Sequence[str], named: Sequence[str]) -> str:
    """An update whose patterns see these graphs; Problem where it names some itself (section 2.2.3)."""
    if not default and not named:
        return text
    clauses = "".join([*(f" USING <{graph}>" for graph in default), *(f" USING NAMED <{graph}>" for graph in named)])
    places = []
    inside = operation = False
    depth = 0
    for before, token in zip((None, *Sparql(text).tokens), Sparql(text).tokens, strict=False):
        if token.kind == "mark" and token.text in "{}":
            depth += 1 if token.text == "{" else -1
        if depth:
            continue
        if token.keyword in ("USING", "WITH"):
            raise Problem("bad-request", "the update names its graphs (USING or WITH), and so does the request")
        if token.text == ";":
            inside = operation = False
        if token.keyword in _CHANGES:
            inside = True
        if token.keyword == "DATA":
            inside = False
        if token.keyword == "WHERE" and inside and not operation:
            if before is not None and before.keyword == "DELETE":
                raise Problem(
                    "bad-request", "DELETE WHERE takes no graphs of the request: write DELETE { … } WHERE { … }"
                )
            places.append(token.start)
            operation = True
    for place in reversed(places):
        text = f"{text[:place]}{clauses} {text[place:]}"
    return text


def _head(sparql: Sparql) -> tuple[int, list[tuple[int, int]]]:
    """Where the clauses of the dataset belong, and where those of the query stand."""
    tokens = sparql.tokens
    own: list[tuple[int, int]] = []
    depth = 0
    template = False
    place: int | None = None
    begun = False
    for index, token in enumerate(tokens):
        begun = begun or token.keyword in ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")
        if not begun:
            continue
        if token.keyword == "CONSTRUCT":
            template = index + 1 < len(tokens) and tokens[index + 1].text == "{"
        if token.kind == "mark" and token.text in "{}()[]":
            if token.text == "{" and not depth and not template and place is None:
                place = token.start
            depth += 1 if token.text in "{([" else -1
            template = template and not (token.text == "}" and not depth)
            continue
        if depth or place is not None:
            continue
        if token.keyword == "FROM":
            own.append((token.start, _end_of_from(tokens, index)))
        elif token.keyword in ("WHERE", "ORDER", "LIMIT", "OFFSET", "GROUP", "HAVING", "VALUES"):
            place = token.start
    return (len(sparql.text) if place is None else place), own


def _end_of_from(tokens: Sequence[Token], index: int) -> int:
    last = index + (2 if index + 1 < len(tokens) and tokens[index + 1].keyword == "NAMED" else 1)
    return tokens[min(last, len(tokens) - 1)].end
