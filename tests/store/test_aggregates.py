"""GROUP_CONCAT over every kind of term, and its rewriting among the tokens."""

from __future__ import annotations

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.store.sparql.aggregates import concatenating
from kg.store.sparql.request import Sparql

# the values of ?x (UNDEF: unbound), the call, what it gives
JOINED = [
    ("1 2.5 3", 'GROUP_CONCAT(?x; separator="|")', "1|2.5|3"),
    ('"2024-05-08"^^<http://www.w3.org/2001/XMLSchema#date>', "GROUP_CONCAT(?x)", "2024-05-08"),
    (
        "<http://a.example/b> <http://a.example/c>",
        "GROUP_CONCAT(?x; SEPARATOR=', ')",
        "http://a.example/b, http://a.example/c",
    ),
    ('UNDEF "a" UNDEF "b"', 'GROUP_CONCAT(?x; separator="; ")', "a; b"),
    ("UNDEF", "GROUP_CONCAT(?x)", ""),
    ('"a" "a" "b"', 'GROUP_CONCAT(DISTINCT ?x ; separator = "")', "ab"),
    ('"a"@en "b"@en', "GROUP_CONCAT(?x)", "a b"),
    ('"x)y" ";"', 'GROUP_CONCAT(CONCAT(?x, "(;"); separator="|")', "x)y(;|;(;"),
    ("true", "UCASE(GROUP_CONCAT(STR(?x)))", "TRUE"),
]
UNTOUCHED = [
    "SELECT ?group_concat { ?s ?p 'GROUP_CONCAT(?x)' }",
    "SELECT (COUNT(?x) AS ?n) { ?x ?p 1 } # GROUP_CONCAT(?x)",
    "SELECT (GROUP_CONCAT(?x AS ?n) { ?x ?p 1 }",
    "SELECT (GROUP_CONCAT() AS ?n) { ?x ?p 1 }",
    "SELECT (GROUP_CONCAT(?x; separator=?y) AS ?n) { ?x ?p 1 }",
]


@pytest.mark.parametrize(("values", "call", "answer"), JOINED)
def test_group_concat_gives_the_text_of_any_term(values, call, answer):
    """Numbers, dates and IRIs are joined by their text, and what is unbound is passed over."""
    query = concatenating(Sparql(f"SELECT ({call} AS ?all) {{ VALUES ?x {{ {values} }} }}"))
    (row,) = ox.Store().query(query.text)
    assert row["all"].value == answer


@pytest.mark.parametrize("text", UNTOUCHED)
def test_nothing_else_is_rewritten(text):
    """What only looks like a call, and one that is none, stays as it is written."""
    assert concatenating(Sparql(text)).text == text


@given(st.lists(st.text(alphabet="ab|\\\"'é ", max_size=3), max_size=5), st.sampled_from(["|", "", ", ", "\\n", '\\"']))
def test_texts_are_joined_as_before(texts, separator):
    """Over texts that are all bound the rewritten call gives what the engine's own gives."""
    values = " ".join(str(ox.Literal(text)) for text in texts)
    plain = f'SELECT (GROUP_CONCAT(?x; separator="{separator}") AS ?all) {{ VALUES ?x {{ {values} }} }}'
    answers = [next(iter(ox.Store().query(text)))["all"] for text in (plain, concatenating(Sparql(plain)).text)]
    assert answers[0] == answers[1]
