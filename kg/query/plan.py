"""What a query asks for, step by step: its algebra (SPARQL 1.1 section 18.2) and how many solutions each pattern has.

The engine does not show its plan; this shows the standard's, with figures of the store: of each triple pattern alone,
and of the pattern joined with those before it, which is where a query that finds nothing loses its solutions.
rdflib reads the query, so this costs its import, and only this.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from rdflib.paths import Path as PropertyPath
from rdflib.plugins.sparql import prepareQuery
from rdflib.plugins.sparql.parserutils import CompValue
from rdflib.term import BNode, Literal, Node, Variable

from kg.core.errors import QueryError
from kg.query.prepare import Prepared, answered, prepare
from kg.query.results import Namer
from kg.store.opening import QueryBoolean, QuerySolutions, RdfLiteral, Store
from kg.store.sparql.federation import ServicePolicy
from kg.store.sparql.subclasses import by_paths

_SHOWN = ("vars", "PV", "datasetClause", "length", "start", "silent", "term", "var")
_CHILDREN = ("p", "p1", "p2")
_SIGNS = {"ConditionalOrExpression": "||", "ConditionalAndExpression": "&&"}


def describe_plan(store: Store, prepared: Prepared, policy: ServicePolicy) -> Iterator[str]:
    """The lines of the plan; QueryError for a query that rdflib cannot read (extensions of the engine)."""
    del policy  # a plan calls nobody: patterns inside SERVICE are shown, not counted
    yield from _describe(_algebra(prepared), store, Namer(prepared.prefixes), 0, None)


def why_empty(store: Store, prepared: Prepared) -> Iterator[str]:
    """Lines that say which pattern of a query whose answer is empty has no match, alone or with those before it.

    What need not match (OPTIONAL, MINUS, EXISTS) is passed over, SERVICE is not asked. QueryError as for a plan.
    """
    if told := list(_barred(store, prepared)):
        yield from told
        return
    algebra, namer = _algebra(prepared), Namer(prepared.prefixes)
    groups = list(_needed(algebra, store, None))
    alone = [[(triple, _count(store, [_pattern(triple)], graph)) for triple in triples] for triples, graph in groups]
    missing = [triple for counted in alone for triple, number in counted if not number]
    yield from (f"no match: {_shown_pattern(triple, namer)}" for triple in missing)
    if missing:
        return
    for (triples, graph), counted in zip(groups, alone, strict=True):
        for number in range(2, len(triples) + 1):
            if not _count(store, [_pattern(triple) for triple in triples[:number]], graph):
                last, matches = counted[number - 1]
                before = " . ".join(_shown_pattern(triple, namer) for triple in triples[: number - 1])
                yield f"{_shown_pattern(last, namer)} has {matches} matches, none of them together with {before}"
                return
    filters = [_expression(node.expr, namer) for node in _nodes(algebra) if node.name == "Filter"]
    rest = f"FILTER {', '.join(filters)} leaves none" if filters else "joined with each other they have none"
    yield f"every pattern has matches: {rest}"


def _algebra(prepared: Prepared) -> CompValue:
    try:
        return prepareQuery(by_paths(prepared.run).text).algebra
    except Exception as error:  # rdflib lets several kinds through
        raise QueryError(f"no plan for this query: rdflib cannot read it ({str(error).splitlines()[0]})") from error


def _barred(store: Store, prepared: Prepared) -> Iterator[str]:
    """Lines that say which bindings an answer is empty for: without them it has rows."""
    namer = Namer(prepared.prefixes)
    rows = [name for name in prepared.bindings if _has_rows(store, prepared, {name})]
    for name in rows:
        yield f"no match: ?{name} as {namer.term(prepared.bindings[name])}; without --bind {name} there are rows"
    if not rows and len(prepared.bindings) > 1 and _has_rows(store, prepared, set(prepared.bindings)):
        names = ", ".join(f"?{name}" for name in prepared.bindings)
        yield f"no match: {names} as they are bound; without any --bind there are rows"


def _has_rows(store: Store, prepared: Prepared, without: set[str]) -> bool:
    left = {name: term for name, term in prepared.bindings.items() if name not in without}
    query = prepare(prepared.written.text, prefixes=prepared.known, bindings=left, limit=1)
    with answered(store, query, policy=ServicePolicy(offline=True)) as results:
        return bool(results) if isinstance(results, QueryBoolean) else next(iter(results), None) is not None


_Group = tuple[list[tuple[Node, Any, Node]], str | None]


def _needed(node: CompValue, store: Store, graph: str | None) -> Iterator[_Group]:
    """The groups of triple patterns that have to match, each with the graph that it asks.

    Of a UNION one side is enough.
    """
    if node.name == "BGP":
        yield list(node.triples), graph
    if node.name == "ServiceGraphPattern":
        return
    inner = _sparql(node.term) if node.name == "Graph" else graph
    children = ("p", "p1") if node.name in ("LeftJoin", "Minus") else _CHILDREN
    sides = [
        list(_needed(node[key], store, inner)) for key in children if key in node and isinstance(node[key], CompValue)
    ]
    if node.name == "Union" and any(all(_counts(side, store)) for side in sides):
        return
    for side in sides:
        yield from side


def _counts(groups: list[_Group], store: Store) -> list[int]:
    return [_count(store, [_pattern(triple)], graph) for triples, graph in groups for triple in triples]


def _nodes(node: CompValue) -> Iterator[CompValue]:
    yield node
    for key in _CHILDREN:
        if key in node and isinstance(node[key], CompValue):
            yield from _nodes(node[key])


def _pattern(triple: tuple[Node, Any, Node]) -> str:
    return " ".join(_sparql(term) for term in triple)


def _shown_pattern(triple: tuple[Node, Any, Node], namer: Namer) -> str:
    return " ".join(_term(term, namer) for term in triple)


def _describe(node: CompValue, store: Store, namer: Namer, depth: int, graph: str | None) -> Iterator[str]:
    details = [f"{key}={_value(node[key], namer)}" for key in _SHOWN if key in node and node[key] is not None]
    if node.name == "Filter":
        details.append(_expression(node.expr, namer))
    if node.name == "ServiceGraphPattern":
        yield f"{'  ' * depth}SERVICE {_term(node.term, namer)} (not counted)"
        return
    yield "  " * depth + " ".join([node.name, *details])
    if node.name == "BGP":
        yield from _describe_patterns(list(node.triples), store, namer, depth + 1, graph)
    inner = _sparql(node.term) if node.name == "Graph" else graph
    for key in _CHILDREN:
        if key in node and isinstance(node[key], CompValue):
            yield from _describe(node[key], store, namer, depth + 1, inner)


def _describe_patterns(
    triples: list[tuple[Node, Any, Node]], store: Store, namer: Namer, depth: int, graph: str | None
) -> Iterator[str]:
    joined: list[str] = []
    for triple in triples:
        pattern = " ".join(_sparql(term) for term in triple)
        joined.append(pattern)
        alone = _count(store, [pattern], graph)
        together = f", joined {_count(store, joined, graph)}" if len(joined) > 1 else ""
        shown = " ".join(_term(term, namer) for term in triple)
        yield f"{'  ' * depth}{shown}   alone {alone}{together}"


def _count(store: Store, patterns: list[str], graph: str | None) -> int:
    body = " . ".join(patterns)
    where = f"GRAPH {graph} {{ {body} }}" if graph else body
    results = store.query(f"SELECT (COUNT(*) AS ?n) WHERE {{ {where} }}")
    assert isinstance(results, QuerySolutions)  # noqa: S101 # a SELECT gives nothing else
    number = next(results)["n"]
    assert isinstance(number, RdfLiteral)  # noqa: S101 # a COUNT is a literal
    return int(number.value)


def _sparql(term: Any) -> str:  # noqa: ANN401 # a node or a property path
    """A term or path as SPARQL text; a blank node of a pattern is a variable nobody asked for."""
    return f"?bnode{term}" if isinstance(term, BNode) else str(term.n3())


def _term(term: Any, namer: Namer) -> str:  # noqa: ANN401 # as above
    if isinstance(term, PropertyPath):
        return re.sub(r"<([^<>]*)>", lambda found: namer.iri(found[1]), _sparql(term))
    if isinstance(term, Variable | BNode):
        return _sparql(term)
    if isinstance(term, Literal) and isinstance(term.value, int | Decimal):
        return str(term)
    text = str(term.n3())
    return namer.iri(text[1:-1]) if text.startswith("<") else text


def _value(value: Any, namer: Namer) -> str:  # noqa: ANN401 # whatever the algebra holds
    if isinstance(value, list | tuple | set):
        return " ".join(sorted(_value(item, namer) for item in value))
    return _term(value, namer) if hasattr(value, "n3") else str(value)


def _expression(value: Any, namer: Namer) -> str:  # noqa: ANN401 # as above
    """A filter's expression, near to how it was written."""
    if isinstance(value, CompValue):
        if (sign := _SIGNS.get(value.name)) is not None:
            return f" {sign} ".join(_operand(item, namer) for item in _operands(value))
        if value.name == "RelationalExpression":
            return f"{_operand(value.expr, namer)} {value.op} {_operand(value.other, namer)}"
        if value.name == "UnaryNot":
            return f"!{_operand(value.expr, namer)}"
        if value.name in ("Builtin_EXISTS", "Builtin_NOTEXISTS"):
            return value.name.removeprefix("Builtin_") + " {…}"
        parts = [_expression(item, namer) for key, item in value.items() if key not in ("_vars", "lazy")]
        return f"{value.name.removeprefix('Builtin_')}({', '.join(filter(None, parts))})"
    if isinstance(value, list):
        return " ".join(_expression(item, namer) for item in value)
    return _value(value, namer)


def _operands(value: CompValue) -> list[Any]:
    """What stands between the signs of a conjunction or disjunction."""
    return [value.expr, *(value.other if isinstance(value.other, list) else [value.other])]


def _operand(value: Any, namer: Namer) -> str:  # noqa: ANN401 # as above
    shown = _expression(value, namer)
    joined = isinstance(value, CompValue) and value.name in (*_SIGNS, "RelationalExpression")
    return f"({shown})" if joined else shown
