"""Where the embedded engine answers otherwise than SPARQL 1.1: the list of docs/stores.md, so that a change is seen."""

from __future__ import annotations

import pytest

from kg.store.opening import open_store

A, B = "https://news.example/article/a", "https://news.example/article/b"

# query, what the recommendation says, what the engine says
KNOWN = [
    ("SELECT ?o { <urn:nowhere> <urn:p>* ?o }", {("<urn:nowhere>",)}, set()),
    (
        "SELECT ?g ?n { GRAPH ?g { { SELECT (COUNT(*) AS ?n) { ?s ?p ?o } } } }",
        {(f"<{A}>", "2"), (f"<{B}>", "1")},
        {("", "3")},
    ),
    ("SELECT ?s { GRAPH ?g { ?s <urn:p> <urn:c> FILTER(BOUND(?g)) } }", set(), {("<urn:b>",)}),
    ("SELECT (MIN(?x) AS ?n) { VALUES ?x { 5 UNDEF } }", {("5",)}, {("",)}),
]
# query, what both say
AS_WRITTEN = [
    ("SELECT ?o { <urn:a> <urn:p>* ?o }", {("<urn:a>",), ("<urn:b>",), ("<urn:c>",)}),
    ("SELECT ?s { ?s <urn:p>? <urn:c> }", {("<urn:b>",), ("<urn:c>",)}),
    ("SELECT ?g { GRAPH ?g { <urn:a> <urn:p>+ <urn:c> } }", {(f"<{A}>",)}),
    ("SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g", {(f"<{A}>", "2"), (f"<{B}>", "1")}),
    ("SELECT ?g { GRAPH ?g { ?s <urn:p> <urn:b> } GRAPH ?g { ?s <urn:p> <urn:b> } }", {(f"<{A}>",), (f"<{B}>",)}),
    ("SELECT ?g { GRAPH ?g { ?s <urn:p> ?o FILTER(?o = <urn:c>) } }", {(f"<{A}>",)}),
]


@pytest.fixture(scope="module")
def store():
    """Two graphs with a path through the first."""
    with open_store(":memory:", mode="write") as opened:
        opened.replace(A, b"<urn:a> <urn:p> <urn:b> .\n<urn:b> <urn:p> <urn:c> .\n")
        opened.replace(B, b"<urn:a> <urn:p> <urn:b> .\n")
        yield opened


def _answer(store, query):
    return {tuple(_text(term) for term in row) for row in store.query(query)}


def _text(term):
    return "" if term is None else term.value if type(term).__name__ == "Literal" else str(term)


@pytest.mark.parametrize(("query", "standard", "ours"), KNOWN)
def test_known_differences_are_still_there(store, query, standard, ours):
    """The engine's answer, which is not the standard's: where this fails, the engine has changed; correct the list."""
    assert _answer(store, query) == ours != standard


@pytest.mark.parametrize(("query", "answer"), AS_WRITTEN)
def test_paths_and_graphs_as_the_standard_says(store, query, answer):
    """Zero-length paths from and to what is in the data, and variables for graphs."""
    assert _answer(store, query) == answer
