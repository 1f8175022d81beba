"""Cells of aggregates that the engine leaves blank are told, with what may be the reason."""

from __future__ import annotations

import io

import pytest

from kg.query.blanks import aggregates, blank_aggregates
from kg.query.prepare import answered, prepare
from kg.query.results import SOLUTION_FORMATS, write_results
from kg.store.opening import Store, open_store
from kg.store.sparql.federation import ServicePolicy

DATA = """<a:1> <a:day> "2024-05-08"^^<http://www.w3.org/2001/XMLSchema#date> .
<a:1> <a:number> "5"^^<http://www.w3.org/2001/XMLSchema#integer> .
<a:1> <a:any> "5"^^<http://www.w3.org/2001/XMLSchema#integer> .
<a:2> <a:any> "five" .
<a:2> <a:day> "2024-05-09"^^<http://www.w3.org/2001/XMLSchema#date> .
"""
TOLD = [
    (
        "SELECT (AVG(?d) AS ?mean) { ?x <a:day> ?d }",
        "?mean is blank in 1 row: AVG(?d) has no value there (it takes num",
    ),
    ("SELECT ?x (SUM(?d) AS ?all) { ?x <a:day> ?d } GROUP BY ?x", "?all is blank in 2 rows: SUM(?d)"),
    ("SELECT (ROUND(AVG(?v)) AS ?r) { ?x <a:any> ?v } # AVG(?x) AS ?y", "?r is blank in 1 row: ROUND(AVG(?v))"),
    (
        "SELECT (MIN(?n) AS ?least) { ?x <a:day> ?d OPTIONAL { ?x <a:number> ?n } }",
        "there (what is not bound leaves it",
    ),
]
QUIET = [
    "SELECT (AVG(?n) AS ?mean) { ?x <a:number> ?n }",
    "SELECT (MIN(?d) AS ?first) (MAX(?d) AS ?last) { ?x <a:day> ?d }",
    "SELECT (MIN(?v) AS ?least) { ?x <a:any> ?v }",
    "SELECT (MIN(?n) AS ?least) { ?x <a:day> ?d OPTIONAL { ?x <a:number> ?n } FILTER(BOUND(?n)) }",
    "SELECT ?n { ?x <a:day> ?d OPTIONAL { ?x <a:number> ?n } }",
    "SELECT (COUNT(?n) AS ?many) { ?x <a:day> ?d OPTIONAL { ?x <a:number> ?n } }",
    "ASK { { SELECT (AVG(?d) AS ?mean) { ?x <a:day> ?d } } }",
]


@pytest.fixture(scope="module")
def store() -> Store:
    """Two things with a day each, one with a number."""
    store = open_store(":memory:", mode="write")
    store.replace("a:g", DATA.encode())
    return store


def told(store: Store, text: str, form: str = "csv") -> list[str]:
    """What is said of a query, whose answer is written in a format."""
    query = prepare(text, prefixes={})
    columns = aggregates(query)
    with answered(store, query, policy=ServicePolicy(offline=True)) as results:
        written = write_results(results, io.BytesIO(), form, prefixes={}, watched=[one.name for one in columns])
    return list(blank_aggregates(columns, written.blank))


@pytest.mark.parametrize(("text", "said"), TOLD)
def test_a_blank_cell_is_told(store: Store, text: str, said: str) -> None:
    """How many, and why."""
    (line,) = told(store, text)
    assert said in line


@pytest.mark.parametrize("text", QUIET)
def test_nothing_is_said_where_there_is_a_value(store: Store, text: str) -> None:
    """Days have a first and a last, whatever is mixed has a least; a blank cell without an aggregate is as asked."""
    assert told(store, text) == []


def test_limits_bindings_and_prefixes_hold(store: Store) -> None:
    """It is the query as it was run that is looked into."""
    text = "PREFIX a: <a:> SELECT ?x (AVG(?d) AS ?mean) { ?x a:day ?d } GROUP BY ?x LIMIT 1 VALUES ?x { a:1 }"
    assert told(store, text)[0].startswith("?mean is blank in 1 row:")
    assert told(store, "SELECT (AVG(?d) AS ?mean) FROM <a:g> { ?x <a:day> ?d }")[0].startswith("?mean is blank in 1")


@pytest.mark.parametrize("form", SOLUTION_FORMATS)
def test_cells_are_counted_while_they_are_written(store: Store, form: str, monkeypatch) -> None:
    """In every format, byte for byte what is written without counting, and the store is asked once."""
    text = "SELECT ?x (SUM(?d) AS ?all) (MAX(?d) AS ?most) { ?x <a:day>|<a:any> ?d } GROUP BY ?x ORDER BY ?x"
    asked = []
    plain = type(store).query

    def query(self: Store, *given: object, **named: object) -> object:
        asked.extend([1] if self is store else [])
        return plain(self, *given, **named)

    monkeypatch.setattr(type(store), "query", query)
    assert [line.split(":")[0] for line in told(store, text, form)] == ["?all is blank in 2 rows"]
    assert len(asked) == 1
    prepared = prepare(text, prefixes={})
    texts = []
    for watched in ((), ("all", "most")):
        with answered(store, prepared, policy=ServicePolicy(offline=True)) as results:
            output = io.BytesIO()
            write_results(results, output, form, prefixes={}, watched=watched)
        texts.append(output.getvalue())
    assert texts[0] == texts[1]


def test_the_command_says_it(run_kg, tmp_path) -> None:
    """On standard error, below an answer that is as it was."""
    with open_store(str(tmp_path / "s"), mode="write") as store:
        store.replace("https://news.example/article/a", DATA.encode())
    status, out, err = run_kg("query", TOLD[0][0], "--format", "csv", "--store", tmp_path / "s")
    assert (status, out.split()) == (0, ["mean"])
    assert "kg: ?mean is blank in 1 row" in err
