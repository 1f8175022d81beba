"""One name that was two: an article's use split off, lasting over reloads, and taken back byte by byte."""

from __future__ import annotations

import pytest

from kg.core.errors import KgError
from kg.linking.splits import as_split, split, unsplit
from kg.store.opening import open_store

BASE = "https://news.example/"
LABEL, KG = "http://www.w3.org/2004/02/skos/core#prefLabel", "https://kg.example/ontology#"
SMITH, MAYOR, SPORT = f"{BASE}person/john-smith", f"{BASE}article/mayor", f"{BASE}article/sport"


def _graph(article):
    return (
        f'<{SMITH}> <{LABEL}> "John Smith" .\n<{article}#meeting-1> <{KG}agent> <{SMITH}> .\n'
        f'<{article}> <https://schema.org/articleBody> "a text that has <{SMITH}> in it" .\n'
    ).encode()


@pytest.fixture
def store():
    """Two articles that name John Smith."""
    with open_store(":memory:", mode="write") as opened:
        for article in (MAYOR, SPORT):
            opened.replace(article, _graph(article))
        yield opened


def _agents(store):
    rows = store.query(f"SELECT ?e ?a {{ ?e <{KG}agent> ?a }}")
    return {row["e"].value.rpartition("/")[2].partition("#")[0]: row["a"].value for row in rows}


def test_an_article_s_use_is_split_off_and_taken_back(store):
    """The footballer has an IRI of his own article, with his name; texts are left; taken back, all is as before."""
    before = {graph: store.graph_bytes(graph) for graph in store.graphs()}
    own = split(store, SMITH, SPORT)
    assert own == f"{SPORT}#person-john-smith"
    assert _agents(store) == {"mayor": SMITH, "sport": own}
    assert store.query(f'ASK {{ <{own}> <{LABEL}> "John Smith" }}')
    assert f"<{SMITH}> in it".encode() in store.graph_bytes(SPORT)
    unsplit(store, SMITH, SPORT)
    assert {graph: store.graph_bytes(graph) for graph in store.graphs()} == before


def test_it_lasts_over_a_new_reading(store):
    """What is read anew is stored with the split in it; other articles are left."""
    own = split(store, SMITH, SPORT)
    store.replace_many(as_split({SPORT: _graph(SPORT), MAYOR: _graph(MAYOR)}, store))
    assert _agents(store) == {"mayor": SMITH, "sport": own}


def test_what_cannot_be_split_is_said(store):
    """An article's own thing, an article that does not name it, a split that was never made."""
    with pytest.raises(KgError, match="not an entity that articles share"):
        split(store, f"{SPORT}#men-3", SPORT)
    with pytest.raises(KgError, match="does not name"):
        split(store, f"{BASE}person/ana", SPORT)
    with pytest.raises(KgError, match="was not split off"):
        unsplit(store, SMITH, SPORT)
