"""pySHACL, for shapes and values that are not compiled: the one place that names it, and rdflib beside it.

It reads a graph of rdflib for what SHACL Core says, and a database of the store's engine for shapes that are a query
and nothing else (with a name, and no other shape builds on them): rdflib takes forty times as long for a query, the
database a hundred times as long for everything else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox
import pyshacl
from rdflib import BNode, Graph, Literal, URIRef
from rdflib.namespace import SH

from kg.core.errors import OntologyError
from kg.graph.shacl.constraints import NAMES
from kg.graph.shacl.results import IncomparableError, Result
from kg.graph.shacl.terms import LANG_STRING, STRING, is_iri, is_literal, parts, words

_BUILDS = {"property", "node", "not", "and", "or", "xone", "closed", "qualifiedValueShape"}

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rdflib.term import Node

    from kg.graph.shacl.data import Data


def judged(data: Data, shapes: Data, ntriples: Sequence[bytes]) -> list[Result]:
    """What pySHACL finds. ``ntriples`` are the data once more, for the engine.

    Raises OntologyError where the shapes themselves are at fault, IncomparableError for values without an order.
    """
    everything = as_graph(shapes)
    named = {shape for shape in everything.subjects(SH.sparql, unique=True) if isinstance(shape, URIRef)}
    queries = sorted(shape for shape in named if (None, None, shape) not in everything and _is_query(everything, shape))
    core = Graph() + everything
    for shape in queries:
        core.set((shape, SH.deactivated, Literal(True)))
    results = [*_results(as_graph(data), core, shapes)]
    if queries:
        database = ox.Store()
        for part in ntriples:
            database.bulk_load(part, ox.RdfFormat.N_TRIPLES)
        try:
            results += _results(database, everything, shapes, [*map(str, queries)])
        except IncomparableError:  # pySHACL cannot ask a database about a literal
            results += _results(as_graph(data), everything, shapes, [*map(str, queries)])
    return results


def _is_query(shapes: Graph, shape: Node) -> bool:
    terms = {str(predicate).removeprefix(str(SH)) for predicate in shapes.predicates(shape)}
    return not any(term in NAMES or term in _BUILDS for term in terms)


def as_graph(data: Data) -> Graph:
    """The triples as a graph of rdflib, blank nodes with their labels, literals as they are written."""
    graph = Graph()
    terms: dict[str, Node] = {}
    for triple in data.triples():
        for text in triple:
            if text not in terms:
                terms[text] = _node(text)
        graph.add(tuple(terms[text] for text in triple))  # type: ignore[arg-type]
    return graph


def _node(term: str) -> Node:
    if is_iri(term):
        return URIRef(term[1:-1])
    if not is_literal(term):
        return BNode(term[2:])
    lexical, datatype, language = parts(term)
    if datatype in (STRING, LANG_STRING):
        return Literal(lexical, lang=language or None)
    return Literal(lexical, datatype=URIRef(datatype), normalize=False)


def _text(node: Node) -> str:
    if isinstance(node, Literal):
        if node.language:
            return f"{words(str(node))}@{node.language}"
        return words(str(node)) + (f"^^<{node.datatype}>" if node.datatype else "")
    return f"<{node}>" if isinstance(node, URIRef) else f"_:{node}"


def _results(data: Graph | ox.Store, shapes: Graph, source: Data, names: Sequence[str] = ()) -> Iterator[Result]:
    """Each result of pySHACL, of all shapes or of those named."""
    try:
        # It takes the engine's database too; its types do not say so yet.
        _, report, _ = pyshacl.validate(data, shacl_graph=shapes, use_shapes=[*names])  # type: ignore[arg-type]
    except TypeError as error:  # pySHACL's way with sh:lessThan between values of kinds that have no order
        raise IncomparableError(str(error)) from error
    except Exception as error:  # pySHACL has no class for what it trips over in shapes
        raise OntologyError(f"the shapes cannot be used: {' '.join(str(error).split())[:300]}") from error
    if not isinstance(report, Graph):
        raise OntologyError(f"the shapes cannot be used: {' '.join(str(report).split())}")
    for result in report.objects(None, SH.result):
        focus, value, path, shape, severity = (
            None if node is None else _text(node)
            for node in (
                report.value(result, predicate)
                for predicate in (SH.focusNode, SH.value, SH.resultPath, SH.sourceShape, SH.resultSeverity)
            )
        )
        messages = tuple(sorted(str(message) for message in report.objects(result, SH.resultMessage)))
        path = source.object(shape or "", f"<{SH.path}>") or path
        yield Result(focus or "", path, value, shape or "", severity or "", messages)
