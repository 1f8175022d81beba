"""Answers as Python's values and as data frames."""

from __future__ import annotations

import math
import sys
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

import kg
from kg.interface.solutions import value_of
from kg.interface.stores import _term

VALUES = [
    ("<https://a.example/x>", kg.Iri("https://a.example/x")),
    ('"words"', "words"),
    ('"mots"@fr', "mots"),
    ("7", 7),
    ("123456789012345678901234567890", 123456789012345678901234567890),
    ("1.50", Decimal("1.5")),
    ("1.5e0", 1.5),
    ("true", True),
    ('"2024-05-08"^^xsd:date', date(2024, 5, 8)),
    ('"2024-05-08T10:30:00Z"^^xsd:dateTime', datetime(2024, 5, 8, 10, 30, tzinfo=UTC)),
    ('"2024"^^xsd:gYear', "2024"),
    ('"-0044-03-15"^^xsd:date', "-0044-03-15"),
    ('"not a number"^^xsd:integer', "not a number"),
    ('"1_000"^^xsd:integer', "1_000"),  # Python would read it, XSD does not
    ('"INF"^^xsd:decimal', "INF"),
    ('"1e3"^^xsd:decimal', "1e3"),
    ('"200"^^xsd:unsignedByte', 200),
    ('"INF"^^xsd:double', math.inf),
    ('"-INF"^^xsd:float', -math.inf),
    ('"8"^^<https://a.example/kind>', "8"),
]


@pytest.fixture(scope="module")
def store():
    """A store that holds nothing: answers come from VALUES."""
    with kg.open_store(":memory:") as opened:
        yield opened


@pytest.mark.parametrize(("term", "value"), VALUES, ids=[term for term, _ in VALUES])
def test_a_term_becomes_the_value_that_python_has_for_it(store, term, value):
    """Nothing is lost or guessed: what Python cannot hold stays text."""
    (row,) = store.query(f"SELECT * {{ VALUES ?x {{ {term} }} }}")
    assert row == {"x": value}
    assert type(row["x"]) is type(value)


@pytest.mark.parametrize("value", [value for _, value in VALUES if type(value) is not str] + ["words", "5", "a:b"])
def test_a_value_that_was_found_can_be_bound(store, value):
    """What one answer gave goes into the next question; the other way round it is the same value."""
    assert store.query("SELECT ?x { FILTER(BOUND(?x)) }", bind={"x": value}).column("x") == [value]


@pytest.mark.parametrize("value", [math.inf, -math.inf, math.nan])
def test_infinity_goes_into_a_question_as_xsd_writes_it(value):
    """An endpoint takes no other spelling than INF, -INF and NaN; Python's own would be an ill-typed literal."""
    written = _term(value, {}).value
    assert written in ("INF", "-INF", "NaN")
    assert repr(value_of(_term(value, {}))) == repr(value)


def test_an_answer_is_a_sequence_of_rows(store):
    """Length, order, slices, columns; unbound is None."""
    found = store.query("SELECT ?a ?b { VALUES (?a ?b) { (1 'x') (2 UNDEF) (3 'z') } } ORDER BY ?a")
    assert len(found) == 3
    assert found[1] == {"a": 2, "b": None}
    assert [row["a"] for row in found[1:]] == [2, 3]
    assert found.column("b") == ["x", None, "z"]
    assert not store.query("SELECT ?a { FILTER(false) }")
    with pytest.raises(kg.KgError, match="no variable 'c'"):
        found.column("c")


def test_a_limit_holds_and_an_empty_answer_keeps_its_variables(store):
    """Columns are known without rows."""
    assert store.query("SELECT ?a { VALUES ?a { 1 2 3 } }", limit=2).column("a") == [1, 2]
    empty = store.query("SELECT ?a ?b { FILTER(false) }")
    assert (empty.variables, len(empty), str(empty).splitlines()[0].split()) == (("a", "b"), 0, ["a", "b"])


def test_a_frame_has_the_types_of_its_columns(store):
    """Numbers can be summed, days compared, however old; None is missing in each."""
    pytest.importorskip("pandas")
    rows = [
        "(1 1.5 true '2024-05-08'^^xsd:date '2024-05-08T10:00:00+02:00'^^xsd:dateTime 'x' <https://a.example/x> 1)",
        "(2 2e0 false '0476-09-04'^^xsd:date '2024-05-08T10:00:00'^^xsd:dateTime 'y' <https://a.example/y> 'two')",
        "(UNDEF UNDEF UNDEF UNDEF UNDEF UNDEF UNDEF UNDEF)",
    ]
    frame = store.query(f"SELECT * {{ VALUES (?i ?f ?b ?d ?t ?w ?r ?m) {{ {' '.join(rows)} }} }}").to_frame()
    kinds = {name: str(kind) for name, kind in frame.dtypes.items()}
    assert kinds["i"] == "Int64"
    assert kinds["f"] == "float64"
    assert kinds["b"] == "boolean"
    assert kinds["d"] == kinds["t"] == "datetime64[s]"
    assert frame["i"].sum() == 3
    assert frame["d"].min().year == 476
    assert frame["t"][0].hour == 8
    assert frame["m"].tolist()[:2] == [1, "two"]
    assert frame.iloc[2].isna().all()
    assert type(frame["r"][0]) is str


def test_a_frame_of_nothing_has_its_columns(store):
    """An answer without rows is a frame without rows, not an error; numbers beyond 64 bits stay whole."""
    pytest.importorskip("pandas")
    assert store.query("SELECT ?a ?b { FILTER(false) }").to_frame().columns.tolist() == ["a", "b"]
    big = 2**70
    assert store.query(f"SELECT ?a {{ VALUES ?a {{ {big} 1 }} }}").to_frame()["a"].tolist() == [big, 1]


def test_without_pandas_the_extra_is_named(store, monkeypatch):
    """The error says what to install."""
    monkeypatch.delitem(sys.modules, "kg.interface.frames", raising=False)
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(kg.KgError, match=r"pip install 'newskg\[pandas\]'"):
        store.query("SELECT ?a { VALUES ?a { 1 } }").to_frame()
