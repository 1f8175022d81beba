"""Comparing datasets, and the verbs that change or take out what a store holds."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from kg.core.errors import FederationError, KgError, QueryError, StoreError
from kg.query.update import forget, prepare_update, rehearsed, update
from kg.store.diff import differences
from kg.store.opening import Store, open_store
from kg.store.sparql.federation import ServicePolicy

BASE = "https://news.example/"
ONE = BASE + "article/one"
TWO = BASE + "article/two"


def written(folder: Path, name: str, text: str) -> Path:
    """A file with this text."""
    (folder / name).write_text(text, encoding="utf-8")
    return folder / name


def shown(old: Path | Store, new: Path | Store) -> list[str]:
    """The differences as lines."""
    with differences(old, new) as found:
        return [str(difference) for difference in found]


def test_the_same_triples_in_other_words_do_not_differ(tmp_path: Path) -> None:
    """Prefixes, order, syntax and doubles are no difference."""
    turtle = written(tmp_path, "a.ttl", "PREFIX x: <a:> x:s x:p 1, 'a' ; x:q x:o .")
    lines = '<a:s> <a:q> <a:o> .\n<a:s> <a:p> "a" .\n<a:s> <a:p> "1"^^<http://www.w3.org/2001/XMLSchema#integer> .\n'
    assert shown(turtle, written(tmp_path, "b.nt", lines + lines)) == []


def test_what_only_one_side_has_is_listed_in_order(tmp_path: Path) -> None:
    """Minus marks the first file's, plus the second's."""
    old = written(tmp_path, "old.ttl", "<a:a> <a:p> 'x' . <a:b> <a:p> 'gone' . <a:d> <a:p> 'z' .")
    new = written(tmp_path, "new.ttl", "<a:a> <a:p> 'x' . <a:c> <a:p> 'new' . <a:d> <a:p> 'z' . <a:e> <a:p> 'end' .")
    assert shown(old, new) == ['- <a:b> <a:p> "gone" .', '+ <a:c> <a:p> "new" .', '+ <a:e> <a:p> "end" .']


def test_blank_nodes_are_compared_by_what_is_said_of_them(tmp_path: Path) -> None:
    """Other names of blank nodes are no difference, another structure is."""
    old = written(tmp_path, "old.ttl", "_:a <a:knows> _:b . _:b <a:name> 'B' .")
    same = written(tmp_path, "same.ttl", "[] <a:knows> [ <a:name> 'B' ] .")
    other = written(tmp_path, "other.ttl", "_:a <a:knows> _:b . _:a <a:name> 'B' .")
    assert shown(old, same) == []
    assert shown(old, other) != []


def test_graphs_count_only_where_both_sides_name_them(tmp_path: Path) -> None:
    """A moved triple differs between two TriG files; against Turtle the union is compared."""
    one = written(tmp_path, "one.trig", "<a:g> { <a:s> <a:p> 1 }")
    two = written(tmp_path, "two.trig", "<a:h> { <a:s> <a:p> 1 }")
    assert len(shown(one, two)) == 2
    assert shown(one, written(tmp_path, "union.ttl", "<a:s> <a:p> 1 .")) == []


def test_a_file_is_compared_with_a_store(tmp_path: Path) -> None:
    """A store is a side like any other."""
    store = open_store(":memory:", mode="write")
    store.replace(ONE, b"<a:s> <a:p> <a:o> .\n")
    assert shown(written(tmp_path, "a.nq", f"<a:s> <a:p> <a:o> <{ONE}> .\n"), store) == []
    assert shown(written(tmp_path, "b.nq", ""), store) == [f"+ <a:s> <a:p> <a:o> <{ONE}> ."]


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("a.ttl", "<a:s> <a:p> 'x' .\n<a:s> oops .\n", "a.ttl: not Turtle: .*line 2"),
        ("a.xlsx", "", "unknown kind of RDF file"),
        ("a.nt", None, "a.nt: cannot be read .No such file"),
        ("a.xlsx", None, "a.xlsx: no such file"),
        (".", None, "a folder"),
    ],
)
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, name: str, text: str | None, said: str) -> None:
    """The message has the file, and the line where it is broken."""
    good = written(tmp_path, "good.ttl", "")
    broken = tmp_path / name if text is None else written(tmp_path, name, text)
    with pytest.raises(KgError, match=said):
        shown(good, broken)


def test_bytes_that_are_no_text_are_an_error_too(tmp_path: Path) -> None:
    """A file that is not UTF-8 is refused in one line."""
    (tmp_path / "a.ttl").write_bytes(b"<a:s> <a:p> '\xff\xfe' .")
    with pytest.raises(KgError, match=r"a\.ttl: not Turtle"):
        shown(tmp_path / "a.ttl", tmp_path / "a.ttl")


def two_articles(location: str) -> None:
    """A store with two articles that share a person."""
    with open_store(location, mode="write") as store:
        shared = f'<{BASE}person/p> <http://www.w3.org/2004/02/skos/core#prefLabel> "P" .\n'
        store.replace_many(
            {name: f'<{name}#e> <https://kg.example/ontology#exact> "e" .\n{shared}'.encode() for name in (ONE, TWO)}
        )


def test_forgetting_takes_one_article(tmp_path: Path) -> None:
    """An article is forgotten by id or IRI; what another says of the same person stays; unknown ones are told."""
    location = str(tmp_path / "store")
    two_articles(location)
    with open_store(location, mode="write") as store:
        assert forget(store, ["nobody/knows", "one", TWO + "x"]) == ["nobody/knows", TWO + "x"]
        assert store.graphs() == [TWO]
        assert b'"P"' in store.graph_bytes(TWO)
        assert forget(store, [TWO]) == []
        assert store.graphs() == []


def test_a_rehearsal_shows_what_would_change_and_changes_nothing(tmp_path: Path) -> None:
    """The statements that would come and go are those that then do."""
    location = str(tmp_path / "store")
    two_articles(location)
    text = f"""DELETE {{ GRAPH ?g {{ ?x kg:exact ?y }} }} INSERT {{ GRAPH ?g {{ ?x kg:exact "new" }} }}
               WHERE {{ GRAPH ?g {{ ?x kg:exact ?y }} FILTER(?g = <{ONE}>) }}"""
    with open_store(location, mode="write") as store:
        before = store.graph_bytes(ONE)
        prepared = prepare_update(store, text)
        with rehearsed(store, prepared, ServicePolicy()) as found:
            lines = [str(difference) for difference in found]
        exact = "<https://kg.example/ontology#exact>"
        assert lines == [f'- <{ONE}#e> {exact} "e" <{ONE}> .', f'+ <{ONE}#e> {exact} "new" <{ONE}> .']
        assert store.graph_bytes(ONE) == before
        update(store, prepared, ServicePolicy())
        assert b'"new"' in store.graph_bytes(ONE)
    assert sorted(path.name for path in (tmp_path / "store").iterdir()) == [
        "current", "kg-store.json", "primary", "published",
    ]  # fmt: skip


def test_an_update_is_all_or_nothing(tmp_path: Path) -> None:
    """Where a later operation fails, an earlier one has not happened."""
    location = str(tmp_path / "store")
    two_articles(location)
    with open_store(location, mode="write") as store:
        prepared = prepare_update(store, f"DROP GRAPH <{ONE}> ; CREATE GRAPH <{TWO}>")
        with pytest.raises((QueryError, StoreError)):
            update(store, prepared, ServicePolicy())
        assert store.graphs() == [ONE, TWO]


def test_an_update_cannot_fetch_what_nobody_allowed() -> None:
    """LOAD reaches only allowed addresses."""
    store = open_store(":memory:", mode="write")
    with pytest.raises(FederationError, match="not allowed"):
        update(store, prepare_update(store, "LOAD <http://stranger.example/>"), ServicePolicy())


def test_a_query_is_no_update_and_a_mistake_is_shown() -> None:
    """A query is sent to the right verb; a syntax error has line and caret."""
    store = open_store(":memory:", mode="write")
    with pytest.raises(QueryError, match="kg query"):
        prepare_update(store, "SELECT * WHERE { ?s ?p ?o }")
    with pytest.raises(QueryError, match=r"line 2, column \d+"):
        update(store, prepare_update(store, "INSERT DATA {\n <a:b> <a:c> }"), ServicePolicy())


@pytest.fixture
def kg(run_kg, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., subprocess.CompletedProcess[str]]:
    """One call of the command line in a folder of its own."""
    monkeypatch.chdir(tmp_path)

    def call(*arguments: str, store: Path) -> subprocess.CompletedProcess[str]:
        status, out, err = run_kg(*arguments, "--store", str(store))
        return subprocess.CompletedProcess(arguments, status, out, err)

    return call


def test_the_verbs_on_the_command_line(tmp_path: Path, kg) -> None:
    """Data on stdout, words on stderr, and the exit status is the answer."""
    store = tmp_path / "store"
    two_articles(str(store))
    assert kg("export", "--output", "all.nq", store=store).returncode == 0
    same = kg("diff", "all.nq", store=store)
    assert (same.returncode, same.stdout) == (0, "")
    change = (
        "DELETE DATA { GRAPH <https://news.example/article/one> { <https://news.example/article/one#e> kg:exact 'e' } }"
    )
    dry = kg("update", change, "--dry-run", store=store)
    assert (dry.returncode, dry.stdout[:2], "nothing was changed" in dry.stderr) == (0, "- ", True)
    assert kg("diff", "all.nq", store=store).returncode == 0
    assert kg("update", change, store=store).returncode == 0
    differs = kg("diff", "all.nq", store=store)
    assert (differs.returncode, differs.stdout) == (1, dry.stdout)
    gone = kg("forget", "one", "zero", store=store)
    assert (gone.returncode, "no article zero" in gone.stderr) == (2, True)
    article = kg("export", "--article", "two", store=store)
    assert article.stdout.startswith("@prefix : <https://news.example/article/two#> .")
    assert kg("export", "--entity", "p", "--format", "ntriples", store=store).stdout.count("\n") == 1
    both = kg("export", "--entity", "P", "--article", "two", store=store)
    assert (both.returncode, both.stdout) == (2, "")


def test_no_verb_makes_a_store_that_is_not_there(tmp_path: Path, kg) -> None:
    """Reading, forgetting and updating a missing store is an error that names it and leaves nothing behind."""
    store = tmp_path / "none"
    for arguments in (["export"], ["forget", "x"], ["update", "DROP ALL"], ["diff", "x.nq"]):
        call = kg(*arguments, store=store)
        assert (call.returncode, f"no store at {store}" in call.stderr) == (2, True)
    assert not store.exists()


def test_exports_do_not_need_the_heavy_libraries(tmp_path: Path) -> None:
    """The store's verbs import neither rdflib nor spaCy nor pySHACL."""
    store = tmp_path / "store"
    two_articles(str(store))
    code = (
        "import sys\nfrom kg.cli import app\n"
        f"for verb in (['export'], ['forget', 'one'], ['update', 'DROP ALL']):\n"
        f"    app([*verb, '--store', {str(store)!r}], standalone_mode=False)\n"
        "heavy = {'rdflib', 'spacy', 'pyshacl'} & set(sys.modules)\nassert not heavy, heavy"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
