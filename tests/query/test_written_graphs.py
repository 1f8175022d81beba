"""Graphs that a query builds are written as the format can hold them, or refused in words: as an export's are."""

from __future__ import annotations

import io

import pytest

from kg.core.errors import KgError
from kg.query.prepare import answered, prepare
from kg.query.results import write_results
from kg.query.update import prepare_update
from kg.store.export import constructed, export
from kg.store.formats import BY_NAME
from kg.store.opening import Store, open_store
from kg.store.sparql.federation import ServicePolicy

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
TRIPLE = "CONSTRUCT { <urn:a> <urn:b> ?t } WHERE { BIND(TRIPLE(<urn:a>, <urn:b>, 1) AS ?t) }"


@pytest.fixture(scope="module")
def store() -> Store:
    """Nothing is in it: what is built stands in the query."""
    return open_store(":memory:", mode="write")


def written(store: Store, text: str, name: str) -> bytes:
    """The answer of a query in a format."""
    output = io.BytesIO()
    with answered(store, prepare(text, prefixes={}), policy=ServicePolicy(offline=True)) as results:
        write_results(results, output, name, prefixes={})
    return output.getvalue()


@pytest.mark.parametrize(
    ("triple", "what"),
    [
        ("<urn:a> <http://x.example/p#> 1", "predicate <http://x.example/p#>"),
        ("<urn:a> <http://x.example/x/> 1", "predicate <http://x.example/x/>"),
        ("<urn:a> <http://x.example/1> 1", "predicate <http://x.example/1>"),
        ("<urn:a> <http://x.example/a%20> 1", "predicate"),
        (f"<urn:a> <{RDF}li> 1", "keeps for itself"),
        (f"<urn:a> <{RDF}Description> 1", "keeps for itself"),
        ("<urn:a> a <http://x.example/9>", "class <http://x.example/9>"),
        (r'<urn:a> <urn:b:c> "\u0001"', r"cannot hold \\u0001"),
    ],
)
def test_what_xml_cannot_hold_is_refused_by_query_and_export(store: Store, triple: str, what: str) -> None:
    """No RDF/XML that is not well-formed is written, whoever writes it; other formats take it."""
    text = f"CONSTRUCT {{ {triple} }} WHERE {{ }}"
    with pytest.raises(KgError, match=what):
        written(store, text, "rdfxml")
    with pytest.raises(KgError, match=what):
        export(constructed(store.query(text)), io.BytesIO(), "rdfxml", base="https://x.example/")
    assert written(store, text, "turtle")


@pytest.mark.parametrize("name", BY_NAME)
def test_triple_terms_are_written_in_no_format(store: Store, name: str) -> None:
    """As no verb takes them, none writes them."""
    with pytest.raises(KgError, match=r"RDF 1\.2"):
        written(store, TRIPLE, name)
    with pytest.raises(KgError, match=r"RDF 1\.2"):
        export(constructed(store.query(TRIPLE)), io.BytesIO(), name, base="https://x.example/")


def test_no_update_puts_a_triple_term_in(store: Store) -> None:
    """Nor by the function that makes one."""
    text = "INSERT { GRAPH <urn:g> { ?s <urn:q> ?t } } WHERE { ?s ?p ?o BIND(TRIPLE(?s, ?p, ?o) AS ?t) }"
    with pytest.raises(KgError, match=r"RDF 1\.2"):
        prepare_update(store, text)
