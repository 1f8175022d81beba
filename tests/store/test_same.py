"""Accepted links as one thing: queries and exports see one IRI, the store stays as it is."""

from __future__ import annotations

import pytest

from kg.store.opening import open_store
from kg.store.same import as_one, asked_as_one, representatives

BASE = "https://news.example/"
OWL, KG = "http://www.w3.org/2002/07/owl#", "https://kg.example/ontology#"
LINKS = f"""
<{BASE}place/norvia> <{OWL}sameAs> <urn:w:q1> .
<{BASE}place/norvia> <{OWL}sameAs> <urn:d:norvia> .
<{BASE}graph/links#l1> <{KG}linkSubject> <{BASE}place/norvia> .
<{BASE}graph/links#l1> <{KG}linkTarget> <urn:w:q1> .
"""
STORIES = f"""
<{BASE}article/b#bombing-3> <{OWL}sameAs> <{BASE}article/a#bombing-7> .
<{BASE}article/c#bombing-1> <{OWL}sameAs> <{BASE}article/b#bombing-3> .
<{BASE}article/b> <{KG}copyOf> <{BASE}article/a> .
"""
THEIRS = """
<urn:w:q1> <urn:p:capital> <urn:w:q2> .
<urn:d:norvia> <urn:p:population> "7" .
<urn:d:norvia> <http://www.w3.org/2002/07/owl#sameAs> <urn:x:norvia> .
"""


@pytest.fixture
def store():
    """A store of three articles that tell of one bombing, and a dataset linked with their place."""
    with open_store(":memory:", mode="write") as opened:
        for name, start in (("a", 7), ("b", 3), ("c", 1)):
            event = f"<{BASE}article/{name}#bombing-{start}> "
            lines = f"{event}<{KG}place> <{BASE}place/norvia> .\n{event}<{KG}told> <{BASE}article/{name}> .\n"
            opened.replace(f"{BASE}article/{name}", lines.encode())
        opened.replace(f"{BASE}graph/links", LINKS.encode())
        opened.replace(f"{BASE}graph/stories", STORIES.encode())
        opened.replace(f"{BASE}graph/dataset/t", THEIRS.encode())
        yield opened


def _rows(store, query):
    return sorted(tuple(getattr(term, "value", None) for term in row) for row in store.query(query))


def test_ours_stands_for_all_and_the_first_event_for_its_happening(store):
    """One IRI for each group: ours before theirs, of ours the first; what a dataset says is no link of ours."""
    assert representatives(store) == {
        "urn:w:q1": f"{BASE}place/norvia",
        "urn:d:norvia": f"{BASE}place/norvia",
        f"{BASE}article/b#bombing-3": f"{BASE}article/a#bombing-7",
        f"{BASE}article/c#bombing-1": f"{BASE}article/a#bombing-7",
    }


def test_a_query_joins_without_same_as_and_counts_once(store):
    """One place with what both datasets say; one bombing in three articles; the store is as before."""
    before = {graph: store.graph_bytes(graph) for graph in store.graphs()}
    one, instead = as_one(store)
    assert _rows(one, "SELECT ?c ?n { ?place <urn:p:capital> ?c ; <urn:p:population> ?n }") == [("urn:w:q2", "7")]
    assert _rows(one, f"SELECT (COUNT(DISTINCT ?e) AS ?n) {{ ?e <{KG}place> ?p }}") == [("1",)]
    assert _rows(store, f"SELECT (COUNT(DISTINCT ?e) AS ?n) {{ ?e <{KG}place> ?p }}") == [("3",)]
    assert len(_rows(one, f"SELECT ?a {{ ?e <{KG}told> ?a }}")) == 3
    assert _rows(one, f"SELECT ?s ?o {{ ?s <{OWL}sameAs> ?o }}") == [(f"{BASE}place/norvia", "urn:x:norvia")]
    assert instead == representatives(store)
    assert {graph: store.graph_bytes(graph) for graph in store.graphs()} == before


def test_links_can_still_be_asked_for(store):
    """The nodes of links keep both their sides."""
    one, _ = as_one(store)
    assert _rows(one, f"SELECT ?t {{ ?l <{KG}linkTarget> ?t }}") == [("urn:w:q1",)]


@pytest.mark.parametrize(
    ("asked", "run"),
    [
        ("SELECT ?c { <urn:w:q1> <urn:p:capital> ?c }", "SELECT ?c { <N> <urn:p:capital> ?c }"),
        ("PREFIX w: <urn:w:> SELECT ?c { w:q1 ?p ?c }", "PREFIX w: <urn:w:> SELECT ?c { <N> ?p ?c }"),
        ("SELECT ?c { x:q1 ?p ?c }", "SELECT ?c { <N> ?p ?c }"),
        ("SELECT ?c { x:q2 ?p '<urn:w:q1>' } # <urn:w:q1>", "SELECT ?c { x:q2 ?p '<urn:w:q1>' } # <urn:w:q1>"),
    ],
)
def test_iris_in_a_query_are_read_as_one(store, asked, run):
    """What the query names is found under the IRI that stands for it; strings and comments are left."""
    found = asked_as_one(asked, {"x": "urn:w:"}, representatives(store))
    assert found == run.replace("<N>", f"<{BASE}place/norvia>")
