"""Names that neither the store nor the ontology knows are told, with what was meant; all others are not."""

from __future__ import annotations

import harbour
import pytest

from kg.core.errors import QueryError
from kg.ontology.load import declared_terms
from kg.query.prepare import check_bindings, find_named, known_prefixes, named_queries, parse_bindings, prepare
from kg.query.unknown import unknown_names
from kg.store.opening import Store

TOLD = [
    ("SELECT * { ?e a kg:Arest }", "kg:Arest stands neither in the store nor in the ontology; did you mean kg:Arrest?"),
    ("SELECT * { ?e kg:patiant ?who }", "did you mean kg:patient?"),
    ("SELECT * { ?e skos:preflabel ?who }", "did you mean skos:prefLabel?"),
    ("SELECT * { ?e a <https://kg.example/ontology#Xyzzyzzy> }", "kg types"),
]
KNOWN = [
    "SELECT * { ?e a kg:Arrest ; kg:patient/skos:prefLabel ?who ; kg:place ?where }",
    "SELECT * { ?e a kg:Strike }  # kg:Arest",
    "PREFIX kg: <https://kg.example/ontology#> SELECT * { ?e kg:time/kg:dates 'kg:Arest' }",
    "SELECT * { ?e a <https://other.example/Thing> ; dbo:unknown 1 }",
]


@pytest.fixture(scope="module")
def store() -> Store:
    """The two articles in memory."""
    return harbour.in_memory()


def lines(store: Store, text: str) -> list[str]:
    """What is told about a query."""
    return list(unknown_names(store, prepare(text, prefixes=known_prefixes(store.base)), declared_terms))


@pytest.mark.parametrize(("text", "words"), TOLD)
def test_an_unknown_class_or_property_is_told(store: Store, text: str, words: str) -> None:
    """One line says the name and the nearest that is known."""
    (line,) = lines(store, text)
    assert words in line


@pytest.mark.parametrize("text", KNOWN)
def test_what_is_known_or_not_ours_is_not_told(store: Store, text: str) -> None:
    """Terms of the ontology, of the store and of other people's vocabularies pass."""
    assert lines(store, text) == []


@pytest.mark.parametrize("name", sorted(named_queries()))
def test_named_queries_name_what_is_known(store: Store, name: str) -> None:
    """No shipped query gets a word."""
    assert lines(store, named_queries()[name].text) == []


@pytest.mark.parametrize("day", ["14.3.2024", "2024-3-14", "2024-02-30", "March", "20240314"])
def test_a_day_that_is_none_is_told(day: str) -> None:
    """A binding that no day can equal is an error, not an empty answer; a day passes, quoted or not."""
    query = find_named("day", named_queries())
    with pytest.raises(QueryError, match="that is no day; write year, month and day"):
        check_bindings(query, parse_bindings([f"date={day}"], {}))
    check_bindings(query, parse_bindings(["date=2024-03-14"], {}))
    check_bindings(query, parse_bindings(['date="2024-03-14"'], {}))
