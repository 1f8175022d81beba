"""One contract for all stores: memory, a folder, Oxigraph's server and Virtuoso."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import extractions
import pytest
import servers
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.core.errors import QueryError, StoreError, StoreInUseError
from kg.graph.triples import graph_iri, to_graph, to_ntriples
from kg.ontology.load import load_ontology
from kg.store.opening import QueryBoolean, QuerySolutions, Store, open_store

BASE = "https://news.example/"
ONE = BASE + "article/one"
TWO = BASE + "article/two"
KG = "https://kg.example/ontology#"


def triples(article: str, *names: str) -> bytes:
    """A small article's graph: one line of type, one for each name."""
    lines = [f"<{article}> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <{KG}Article> .\n"]
    lines += [f'<{article}#{name}> <{KG}exact> "{name}"@en .\n' for name in names]
    return "".join(sorted(lines)).encode()


@pytest.fixture(scope="session")
def virtuoso(tmp_path_factory: pytest.TempPathFactory) -> Iterator[servers.Server]:
    """One Virtuoso for the whole run; skipped with a word where it is not installed."""
    if servers.virtuoso_binary() is None:
        pytest.skip("Virtuoso is not installed (Debian: apt-get install virtuoso-opensource-7-bin)")
    server = servers.virtuoso(tmp_path_factory.mktemp("virtuoso"))
    yield server
    server.kill()


@pytest.fixture(scope="session")
def oxigraph(tmp_path_factory: pytest.TempPathFactory) -> Iterator[servers.Server]:
    """One Oxigraph server for the whole run; skipped with a word where it is not installed."""
    if servers.oxigraph_binary() is None:
        pytest.skip("Oxigraph's server is not installed (pip install oxigraph)")
    server = servers.oxigraph(tmp_path_factory.mktemp("oxigraph")).start()
    yield server
    server.kill()


@pytest.fixture(params=["memory", "folder", "oxigraph", "virtuoso"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """An empty store of each kind, open for writing."""
    if request.param == "memory":
        opened = open_store(":memory:", mode="write")
    elif request.param == "folder":
        opened = open_store(str(tmp_path / "store"), mode="write")
    else:
        opened = open_store(request.getfixturevalue(request.param).url, mode="write")
        for graph in opened.graphs():
            opened.drop(graph)
    with opened:
        yield opened


def names(store: Store, sparql: str = "SELECT ?name WHERE { ?x kg:exact ?name }") -> list[str]:
    """The values of ``?name``, sorted."""
    rows = store.query(sparql, prefixes={"kg": KG})
    assert isinstance(rows, QuerySolutions)
    return sorted(row["name"].value for row in rows)


def test_replace_puts_a_graph_in_the_place_of_the_old_one(store: Store) -> None:
    """After a second replace only the second content is there."""
    store.replace(ONE, triples(ONE, "a", "b"))
    store.replace(ONE, triples(ONE, "c"))
    assert store.graph_bytes(ONE) == triples(ONE, "c")


def test_a_graph_comes_back_as_it_went_in(store: Store) -> None:
    """Quotes, line ends, control characters, tags and typed values survive storing, in canonical form."""
    xsd = "http://www.w3.org/2001/XMLSchema#"
    awkward = (
        f'<{ONE}#a> <{KG}exact> "{{ }} }} \\u0022 ; DROP ALL \\\\ \\n \\u0001 é 日本 🙂"@en-gb .\n'
        f'<{ONE}#a> <{KG}begin> "7"^^<{xsd}integer> .\n'
        f'<{ONE}#a> <{KG}earliestBegin> "2013-01"^^<{xsd}gYearMonth> .\n'
        f'<{ONE}#a> <{KG}latestEnd> "2013-01-20"^^<{xsd}date> .\n'
        f'<{ONE}#char=1,2> <{KG}inferred> "true"^^<{xsd}boolean> .\n'
    )
    store.replace(ONE, awkward.encode())
    expected = awkward.replace("\\u0022", '\\"').splitlines(keepends=True)
    assert store.graph_bytes(ONE).decode() == "".join(sorted(expected))


def test_a_large_graph_is_replaced_whole(store: Store) -> None:
    """Twelve thousand triples are no obstacle (Virtuoso's parser takes some five thousand at once)."""
    many = triples(ONE, *(f"n{number:05}" for number in range(12_000)))
    store.replace(ONE, many)
    assert store.graph_bytes(ONE).count(b"\n") == 12_001


def test_an_empty_graph_is_no_graph(store: Store) -> None:
    """Replacing by nothing leaves no graph behind."""
    store.replace(ONE, triples(ONE))
    store.replace(ONE, b"")
    assert store.graphs() == []


def test_drop_says_whether_there_was_a_graph(store: Store) -> None:
    """Dropping takes one graph and no other; a second time there is nothing to drop."""
    store.replace_many({ONE: triples(ONE, "a"), TWO: triples(TWO, "b")})
    assert (store.drop(ONE), store.drop(ONE), store.graphs()) == (True, False, [TWO])


def test_queries_see_the_union_and_each_graph(store: Store) -> None:
    """Without GRAPH a query sees all graphs at once, with it each under its name, with FROM the ones it names."""
    assert names(store) == []
    store.replace_many({ONE: triples(ONE, "a"), TWO: triples(TWO, "b")})
    assert names(store) == ["a", "b"]
    assert names(store, f"SELECT ?name WHERE {{ GRAPH <{TWO}> {{ ?x kg:exact ?name }} }}") == ["b"]
    assert names(store, f"SELECT ?name FROM <{ONE}> {{ ?x kg:exact ?name }}") == ["a"]


def test_a_triple_of_two_graphs_counts_once(store: Store) -> None:
    """What articles share is there once for a query; both servers count it for each graph, as the documents say."""
    shared = f'<{BASE}person/ana> <{KG}exact> "Ana"@en .\n'.encode()
    store.replace_many({ONE: triples(ONE, "a") + shared, TWO: triples(TWO, "b") + shared})
    rows = store.query(f"SELECT (COUNT(*) AS ?n) WHERE {{ ?p <{KG}exact> ?name FILTER(STR(?name) = 'Ana') }}")
    assert isinstance(rows, QuerySolutions)
    assert next(rows)["n"].value == ("2" if store.location.startswith("http") else "1")
    assert names(store, "SELECT DISTINCT ?name WHERE { ?x kg:exact ?name }") == ["Ana", "a", "b"]


def test_each_form_of_query_has_its_result(store: Store) -> None:
    """ASK gives a truth value, CONSTRUCT gives triples; what DESCRIBE tells is the server's to say, but triples too."""
    store.replace(ONE, triples(ONE, "a"))
    yes = store.query(f'ASK {{ ?x <{KG}exact> "a"@en }}')
    no = store.query(f'ASK {{ ?x <{KG}exact> "z"@en }}')
    assert (isinstance(yes, QueryBoolean), bool(yes), bool(no)) == (True, True, False)
    built = list(store.query(f"CONSTRUCT WHERE {{ ?x <{KG}exact> ?y }}"))
    described = store.query(f"DESCRIBE <{ONE}#a>")
    expected = [f'<{ONE}#a> <{KG}exact> "a"@en']
    assert [str(triple) for triple in built] == expected
    assert [str(triple) for triple in described] in (expected, [])  # Virtuoso describes what points here


def test_update_is_one_request_of_several_operations(store: Store) -> None:
    """A SPARQL update with known prefixes changes what it names."""
    store.replace(ONE, triples(ONE, "a"))
    store.update(
        f'DELETE DATA {{ GRAPH <{ONE}> {{ <{ONE}#a> kg:exact "a"@en }} }} ;'
        f'INSERT DATA {{ GRAPH <{TWO}> {{ <{TWO}#b> kg:exact "b"@en }} }}',
        prefixes={"kg": KG},
    )
    assert names(store) == ["b"]


def test_dump_gives_every_quad_once(store: Store, tmp_path: Path) -> None:
    """The dump holds each graph's triples under its name."""
    store.replace_many({ONE: triples(ONE, "a"), TWO: triples(TWO, "b")})
    with (tmp_path / "dump.nq").open("wb") as file:
        store.dump(file)
    quads = (tmp_path / "dump.nq").read_text(encoding="utf-8").splitlines()
    there = {graph: store.graph_bytes(graph).decode().splitlines() for graph in (ONE, TWO)}
    assert sorted(quads) == sorted(f"{line[:-1]}<{graph}> ." for graph, lines in there.items() for line in lines)


def test_a_copy_is_independent(store: Store) -> None:
    """What happens to a copy does not happen to the store."""
    store.replace(ONE, triples(ONE, "a"))
    copy = store.copy()
    copy.update("DROP ALL")
    copied = copy.graphs()
    copy.close()
    assert (copied, store.graphs()) == ([], [ONE])


def test_broken_triples_change_nothing(store: Store) -> None:
    """N-Triples that cannot be read are refused before anything is sent or dropped."""
    store.replace(ONE, triples(ONE, "a"))
    with pytest.raises(StoreError, match="article/one was not stored"):
        store.replace(ONE, b"<a:b> oops .\n")
    assert names(store) == ["a"]


def test_a_graph_name_cannot_smuggle_an_update(store: Store) -> None:
    """A name that is no IRI is refused, since it is pasted into updates."""
    store.replace(ONE, triples(ONE, "a"))
    for attempt in (store.drop, store.graph_bytes, lambda name: store.replace(name, b"")):
        with pytest.raises(StoreError, match="is not an IRI"):
            attempt("x> ; DROP ALL ; DROP GRAPH <y")
    assert store.graphs() == [ONE]


def test_a_mistake_in_a_query_is_a_query_error(store: Store) -> None:
    """A query that cannot be parsed says so, and a wrong update too."""
    with pytest.raises(QueryError):
        store.query("SELECT ?x WHERE { ?x ")
    with pytest.raises(QueryError):
        store.update("INSERT DATA { <a:b> }")


def test_a_store_remembers_its_base(store: Store) -> None:
    """Opened again with another base, a store with articles in it refuses."""
    store.replace(ONE, triples(ONE, "a"))
    location = store.location
    store.close()
    if location == ":memory:":
        pytest.skip("nothing is left of a store in memory")
    with pytest.raises(StoreError, match="holds data under base https"):
        open_store(location, mode="read", base="https://other.example/")
    with open_store(location, mode="read") as again:
        assert again.base == BASE


@pytest.mark.parametrize(
    "base", ["news", "https://news.example", "https://news.example/#", "https://x.example/article/", "a b/"]
)
def test_a_base_that_does_not_serve_is_refused(base: str, tmp_path: Path) -> None:
    """A base is an absolute IRI that ends in a slash."""
    with pytest.raises(StoreError, match="base"):
        open_store(str(tmp_path / "store"), mode="write", base=base)


def test_reading_where_no_store_is_says_what_to_do(tmp_path: Path) -> None:
    """A missing folder is not made by reading; the message names the verb that makes one."""
    with pytest.raises(StoreError, match="kg load"):
        open_store(str(tmp_path / "none"), mode="read")
    assert not (tmp_path / "none").exists()


def test_a_folder_with_other_things_is_no_store(tmp_path: Path) -> None:
    """A folder that holds something else is left alone."""
    (tmp_path / "letter.txt").write_text("dear", encoding="utf-8")
    with pytest.raises(StoreError, match="not empty"):
        open_store(str(tmp_path), mode="write")
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


@pytest.mark.parametrize("mode", ["read", "write"])
def test_what_can_be_no_store_is_named(mode: Literal["read", "write"], tmp_path: Path) -> None:
    """A file, and an address that is not of the web, are told from a folder that is not there."""
    (tmp_path / "letter.txt").write_text("dear", encoding="utf-8")
    with pytest.raises(StoreError, match="is a file, and a store is a folder"):
        open_store(str(tmp_path / "letter.txt"), mode=mode)
    with pytest.raises(StoreError, match=r"ftp://a\.example/ is no store"):
        open_store("ftp://a.example/", mode=mode)


def test_a_folder_that_may_not_be_read_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the system refuses is an error in words."""
    location = tmp_path / "a store"
    open_store(str(location), mode="write").close()

    def refused(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_text", refused)
    with pytest.raises(StoreError, match="Permission denied"):
        open_store(str(location), mode="read")
    monkeypatch.undo()
    monkeypatch.setattr("os.open", refused)
    with pytest.raises(StoreError, match="cannot be opened: Permission denied"):
        open_store(str(location), mode="read")


def test_the_way_to_make_a_store_can_be_pasted(tmp_path: Path) -> None:
    """A path with a space stands in quotes in the command that makes a store."""
    with pytest.raises(StoreError, match=r"kg load --store '.*my store' FILE"):
        open_store(str(tmp_path / "my store"), mode="read")


def test_a_second_writer_is_told_at_once(tmp_path: Path) -> None:
    """While one writes, another gets a clear word, and may write afterwards."""
    location = str(tmp_path / "store")
    with open_store(location, mode="write"), pytest.raises(StoreInUseError, match="--wait"):
        open_store(location, mode="write")
    open_store(location, mode="write").close()


def test_a_reader_cannot_write(tmp_path: Path) -> None:
    """A store open for reading refuses every change."""
    location = str(tmp_path / "store")
    open_store(location, mode="write").close()
    with open_store(location, mode="read") as reader, pytest.raises(StoreError, match="reading only"):
        reader.replace(ONE, triples(ONE))


def test_a_damaged_description_is_named(tmp_path: Path) -> None:
    """A kg-store.json that is no JSON is named with the file's path."""
    location = str(tmp_path / "store")
    open_store(location, mode="write").close()
    (tmp_path / "store" / "kg-store.json").write_text("{", encoding="utf-8")
    with pytest.raises(StoreError, match=r"kg-store\.json cannot be read"):
        open_store(location, mode="read")


def test_a_newer_layout_is_left_alone(tmp_path: Path) -> None:
    """A store of a later version is not touched."""
    location = str(tmp_path / "store")
    open_store(location, mode="write").close()
    (tmp_path / "store" / "kg-store.json").write_text('{"layout": 99, "base": "https://a.example/"}', encoding="utf-8")
    with pytest.raises(StoreError, match="layout 99"):
        open_store(location, mode="write")


CONTENTS = {"nothing": b"", "little": triples(ONE, "a"), "more": triples(ONE, "a", "b"), "other": triples(TWO, "é")}
STEPS = st.tuples(st.sampled_from([ONE, TWO, BASE + "graph/links"]), st.sampled_from([*CONTENTS, "drop"]))


@settings(max_examples=60, deadline=None)
@given(steps=st.lists(STEPS, max_size=12))
def test_a_store_is_a_map_from_graphs_to_triples(steps: list[tuple[str, str]]) -> None:
    """After any sequence of replacements and drops, each graph holds what it was given last, once."""
    expected: dict[str, bytes] = {}
    with open_store(":memory:", mode="write") as store:
        for graph, content in steps:
            if content == "drop":
                assert store.drop(graph) == bool(expected.pop(graph, b""))
            else:
                store.replace(graph, CONTENTS[content])
                expected[graph] = CONTENTS[content]
        there = {graph: content for graph, content in expected.items() if content}
        assert {graph: store.graph_bytes(graph) for graph in store.graphs()} == there


def test_what_an_article_says_comes_back_byte_for_byte(store: Store) -> None:
    """The graph of an article with every kind of statement is the same after storing, on every store."""
    graph = to_graph(extractions.EXTRACTION, load_ontology(), extractions.READING, BASE)
    name = graph_iri(extractions.EXTRACTION.article.id, BASE)
    store.replace(name, to_ntriples(graph))
    assert store.graph_bytes(name) == to_ntriples(graph)


def test_blank_nodes_go_with_the_graph_that_is_replaced(store: Store) -> None:
    """What has no name leaves with the old content, in the graph and in the union, also where it comes again."""
    if store.remote:
        pytest.skip("our graphs have no blank nodes, and Virtuoso takes none in INSERT DATA")
    for words in ("first", "second", "second"):
        store.replace(ONE, f'_:x <{KG}exact> "{words}" .\n<{ONE}> <{KG}mention> _:x .\n'.encode())
        assert names(store) == [words]
        assert len(store.graph_bytes(ONE).splitlines()) == 2
    store.replace(ONE, triples(ONE, "third"))
    assert names(store) == ["third"]
    assert store.graph_bytes(ONE) == triples(ONE, "third")
