"""Graphs of rdflib checked by ours: for tests that break graphs with SPARQL updates or read W3C's files."""

from __future__ import annotations

import pyoxigraph as ox

from kg.graph.shacl.data import Data
from kg.graph.validate import Shapes, validate_ntriples
from kg.store.files import to_ntriples


def canonical(graph) -> bytes:
    """The graph as the store would give it."""
    lines = graph.serialize(format="nt", encoding="utf-8")
    return to_ntriples(quad.triple for quad in ox.parse(lines, ox.RdfFormat.N_TRIPLES, lenient=True))


def validate_graph(graph, shapes, ontology):
    """The report on a graph of rdflib."""
    return validate_ntriples(canonical(graph), shapes, ontology)


def shapes_of(graph) -> Shapes:
    """Shapes that stand in a graph of rdflib."""
    return Shapes(Data.of(canonical(graph)))
