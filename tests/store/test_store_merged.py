"""The default graph of the embedded stores: each triple of the named graphs once, after whatever changed them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.core.errors import QueryError
from kg.store.engine import EngineStore
from kg.store.merged import MANY
from kg.store.opening import open_store

BASE = "https://news.example/"
OWN = f"{BASE}graph/default"
HEAD = "PREFIX : <https://x.example/> "
GRAPHS = [f"https://x.example/{name}" for name in "gh"]
UPDATES = (
    "INSERT DATA { :a :p :b . GRAPH :g { :a :p :b , :c ; :q 1 } :c :p [ :q :d ] }",
    "INSERT DATA { GRAPH :g { :a :p :b } GRAPH :h { :a :p :b . :c :p :d } } ;",
    "INSERT DATA { GRAPH :h { :a :q 1 } . :c :p :d . :e :p 'a } ; { #' } # DROP ALL",
    "DELETE DATA { :a :p :b . GRAPH :h { :a :p :b } }",
    "DELETE WHERE { :a ?p ?o . GRAPH :g { ?s ?p ?o } }",
    "DELETE WHERE { ?s :p ?o }",
    "DELETE { ?s :p ?o } INSERT { ?s :q ?o . GRAPH :h { ?o :q ?s } } WHERE { ?s :p ?o }",
    "WITH :g DELETE { ?s ?p ?o } INSERT { ?o :r ?s } WHERE { ?s ?p ?o FILTER(isIRI(?o)) }",
    "INSERT { :n :p ?o } USING :g USING :h WHERE { ?s :p ?o }",
    "INSERT { :m :p ?o } USING NAMED :g WHERE { GRAPH ?g { ?s :p ?o } }",
    "CLEAR DEFAULT",
    "CLEAR SILENT GRAPH :g ; DROP SILENT GRAPH :h",
    "CLEAR NAMED",
    "DROP ALL",
    "COPY DEFAULT TO :g",
    "COPY :g TO DEFAULT",
    "ADD GRAPH :g TO :h ; ADD DEFAULT TO GRAPH :h",
    "MOVE SILENT :g TO :h",
    "MOVE DEFAULT TO :g",
    "CREATE SILENT GRAPH :g ; INSERT DATA { GRAPH <https://x.example/g> { :a :p :z } }",
)


def triples(database: ox.Store, *, of_default: bool) -> list[ox.Triple]:
    """The triples of the default graph, or the distinct ones of the named graphs."""
    found = {q.triple for q in database if isinstance(q.graph_name, ox.DefaultGraph) == of_default}
    return sorted(found, key=str)


@settings(max_examples=80, deadline=None)
@given(steps=st.lists(st.one_of(st.sampled_from(UPDATES), st.sampled_from(GRAPHS)), max_size=8), declared=st.booleans())
def test_updates_do_what_the_standard_says_and_the_merge_is_kept(steps: list[str], *, declared: bool) -> None:
    """Beside a plain engine: the same quads, its default graph being a named one here; and each triple once."""
    plain = ox.Store()
    store = EngineStore(ox.Store(), ":memory:", BASE)
    for step in steps:
        if step in GRAPHS:
            content = f'<{step}> <https://x.example/p> "new" .\n<https://x.example/a> <https://x.example/q> "1" .\n'
            store.replace(step, content.encode())
            plain.update(f"DROP SILENT GRAPH <{step}> ; INSERT DATA {{ GRAPH <{step}> {{ {content} }} }}")
        else:
            if declared:
                store.update(HEAD + step)
            else:
                store.update(step, prefixes={"": "https://x.example/"})
            plain.update(HEAD + step)
        assert triples(store.database, of_default=True) == triples(store.database, of_default=False)
        ours = {quad for quad in store.database if not isinstance(quad.graph_name, ox.DefaultGraph)}
        assert canonical(ours) == canonical(
            ox.Quad(q.subject, q.predicate, q.object, ox.NamedNode(OWN)) if q.graph_name == ox.DefaultGraph() else q
            for q in plain
        )


def canonical(quads: Any) -> ox.Dataset:
    """Quads with blank nodes named by what is said of them."""
    dataset = ox.Dataset(quads)
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return dataset


@pytest.fixture(params=["memory", "folder"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Any]:
    """An empty embedded store."""
    with open_store(":memory:" if request.param == "memory" else str(tmp_path / "store"), mode="write") as opened:
        yield opened


def count(store: Any, pattern: str) -> int:
    """The solutions of a pattern."""
    return int(next(store.query(f"{HEAD} SELECT (COUNT(*) AS ?n) WHERE {{ {pattern} }}"))["n"].value)


def test_what_two_graphs_share_counts_once(store: Any) -> None:
    """Also joined, in a path, and after one of them is replaced or gone; GRAPH still finds both."""
    shared = "<https://x.example/ana> <https://x.example/is> <https://x.example/Person> .\n"
    for graph in GRAPHS:
        store.replace(graph, shared.encode())
    assert count(store, "?p :is :Person") == 1
    assert count(store, "?p :is :Person . ?q :is ?c") == 1
    assert count(store, "?p (:is|:was) ?c") == 1
    assert count(store, "GRAPH ?g { ?p :is :Person }") == 2
    store.replace(GRAPHS[0], shared.replace("Person", "Place").encode())
    assert (count(store, "?p :is :Person"), count(store, "?p :is :Place")) == (1, 1)
    store.drop(GRAPHS[0])
    assert (count(store, "?p :is :Person"), count(store, "?p ?r ?c")) == (1, 1)
    store.drop(GRAPHS[1])
    assert count(store, "?p ?r ?c") == 0


def test_writing_to_any_graph_keeps_the_merge(store: Any) -> None:
    """A graph in a variable, a relative name, and more graphs than one looks at each: the whole merge is seen to."""
    graphs = "".join(f"GRAPH :g{number} {{ :a :p :b , {number} }} " for number in range(MANY + 1))
    store.update(f"{HEAD} INSERT DATA {{ {graphs} }}")
    assert count(store, "?s :p ?o") == MANY + 2
    store.update(f"{HEAD} DELETE {{ GRAPH ?g {{ ?s :p 7 }} }} WHERE {{ GRAPH ?g {{ ?s :p 7 }} }}")
    assert count(store, "?s :p ?o") == MANY + 1
    store.update("BASE <https://x.example/b/> INSERT DATA { GRAPH <../r> { <a> <p> <b> } }")
    assert count(store, "<https://x.example/b/a> ?p ?o") == 1
    assert "https://x.example/r" in store.graphs()
    store.update(f"{HEAD} DELETE {{ GRAPH ?g {{ ?s ?p ?o }} }} WHERE {{ GRAPH ?g {{ ?s ?p ?o }} }}")
    assert count(store, "?s ?p ?o") == 0


def test_a_mistake_in_an_update_changes_nothing_and_is_placed_as_written(store: Any) -> None:
    """Line and column are those of the request, not of what is made of it."""
    store.update(f"{HEAD} INSERT DATA {{ GRAPH :g {{ :a :p :b }} }}")
    with pytest.raises(QueryError, match="error at 2:16"):
        store.update("CLEAR ALL ;\nDELETE { ?s ?p } WHERE { ?s ?p ?o }")
    assert count(store, "?s ?p ?o") == 1


def test_copies_and_dumps_have_no_triple_twice(store: Any, tmp_path: Path) -> None:
    """A copy may be changed like the store; a dump holds the named graphs, also what was said without GRAPH."""
    store.update(f"{HEAD} INSERT DATA {{ :a :p :b . GRAPH :g {{ :a :p :b . :c :p 'x .\\n' }} }}")
    copy = store.copy()
    copy.drop(GRAPHS[0])
    assert (count(copy, "?s ?p ?o"), count(store, "?s ?p ?o")) == (1, 2)
    copy.close()
    with (tmp_path / "dump.nq").open("wb") as file:
        store.dump(file)
    a, b, c, p = (f"<https://x.example/{name}>" for name in "abcp")
    lines = [f"{a} {p} {b} <{OWN}> .", f"{a} {p} {b} <{GRAPHS[0]}> .", f'{c} {p} "x .\\n" <{GRAPHS[0]}> .']
    assert sorted((tmp_path / "dump.nq").read_text(encoding="utf-8").splitlines()) == sorted(lines)
