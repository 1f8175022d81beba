"""What a class means in a query: everything of it, of every kind below it, once each, wherever it is asked."""

from __future__ import annotations

import pytest

from kg.core.vocab import ONTOLOGY
from kg.query.prepare import answered, known_prefixes, prepare
from kg.store.opening import open_store
from kg.store.sparql.federation import ServicePolicy
from kg.store.sparql.request import Sparql
from kg.store.sparql.subclasses import Below, by_paths, with_subclasses

BASE = "https://news.example/"
A, SUB = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type", "http://www.w3.org/2000/01/rdf-schema#subClassOf"
ABOVE = {"Bombing": "Attack", "Shooting": "Attack", "Attack": "Event", "Country": "Place", "Region": "Place"}
THINGS = {
    "one": {"b": "Bombing", "a": "Attack", "norvia": "Country", "d": "Death"},
    "two": {"s": "Shooting", "norvia": "Region", "arden": "Place"},
}


@pytest.fixture(scope="module")
def store():
    """Two articles that put one place into two classes, and the classes."""
    above = {**ABOVE, "Death": "Event", "Place": "Entity", "Article": "Work"}
    classes = "".join(f"<{ONTOLOGY}{c}> <{SUB}> <{ONTOLOGY}{up}> .\n" for c, up in above.items())
    with open_store(":memory:", mode="write") as opened:
        opened.replace(f"{BASE}graph/ontology", classes.encode())
        for article, things in THINGS.items():
            lines = (f"<{BASE}{thing}> <{A}> <{ONTOLOGY}{kind}> .\n" for thing, kind in things.items())
            both = (f"<{BASE}paper> <{A}> <{ONTOLOGY}{kind}> .\n" for kind in ("Article", "Work"))  # as every article
            opened.replace(f"{BASE}article/{article}", "".join((*lines, *both)).encode())
        yield opened


def asked(store, text):
    """The rows of an answer, local names only, sorted, with the names of its columns in front."""
    prepared = prepare(text, prefixes=known_prefixes(BASE))
    with answered(store, prepared, policy=ServicePolicy(offline=True)) as results:
        names = [variable.value for variable in results.variables]
        rows = [tuple(cell.value.replace("#", "/").rpartition("/")[2] for cell in row) for row in results]
    return names, sorted(rows)


@pytest.mark.parametrize(
    ("query", "rows"),
    [
        ("SELECT ?e { ?e a kg:Attack }", "a b s"),
        ("SELECT * { ?e a kg:Event }", "a b d s"),
        ("SELECT ?e { ?e a kg:Bombing }", "b"),
        ("SELECT ?e { ?e a kg:Nothing }", ""),
        ("SELECT ?x { ?x a kg:Place }", "arden norvia"),
        ("SELECT * { ?x a kg:Place . }", "arden norvia"),
        ("SELECT (COUNT(*) AS ?n) { ?x a kg:Place }", "2"),
        ("SELECT ?x { ?x a kg:Work }", "paper"),
        ("SELECT (COUNT(*) AS ?n) { ?x a kg:Work }", "1"),
        ("SELECT ?g { GRAPH ?g { ?e a kg:Attack } }", "one one two"),
        ("SELECT * { GRAPH <article/two> { ?e a kg:Event } }", "s"),
        ("SELECT ?e { ?e a kg:Event FILTER NOT EXISTS { ?e a kg:Attack } }", "d"),
        ("SELECT ?e { ?e a kg:Event MINUS { ?e a kg:Attack } }", "d"),
        ("SELECT ?e { { ?e a kg:Place } UNION { ?e a kg:Death } }", "arden d norvia"),
        ("SELECT ?e { ?e a kg:Attack, kg:Bombing }", "b"),
        ("SELECT ?k { VALUES ?k { kg:Attack kg:Death } ?e a ?k }", "Attack Attack Attack Death"),
        ("SELECT ?k { <norvia> a ?k }", "Country Region"),
        ("SELECT ?x { ?x rdf:type kg:Attack }", "a"),
        ("SELECT ?x { ?x a/rdfs:subClassOf* kg:Attack }", "a b s"),
        ("SELECT ?x { kg:Attack ^a ?x }", "a"),
        ("SELECT ?x { FILTER(1 = 1) ?x a kg:Place OPTIONAL { ?y a kg:Death } }", "arden norvia"),
        ("SELECT ?x { [] a kg:Attack . ?x a kg:Region }", "norvia norvia norvia"),
        ("SELECT ?e { { SELECT DISTINCT ?e { ?e a kg:Attack } } }", "a b s"),
    ],
)
def test_a_class_is_what_is_below_it_too(store, query, rows):
    """One solution for each thing, in the merge and in a graph, whatever stands around."""
    _, found = asked(store, f"BASE <{BASE}> {query}")
    assert [row[0] for row in found] == rows.split()


def test_no_answer_shows_what_was_put_in(store):
    """``SELECT *`` has the columns that the query names."""
    assert asked(store, "SELECT * { ?e a kg:Attack . ?x a kg:Place }")[0] == ["e", "x"]


def test_what_is_built_is_what_was_written(store):
    """A template keeps its class: CONSTRUCT WHERE says of each what was asked, and nothing of how."""
    prepared = prepare("CONSTRUCT WHERE { ?e a kg:Attack }", prefixes=known_prefixes(BASE))
    with answered(store, prepared, policy=ServicePolicy(offline=True)) as results:
        built = {(triple.subject.value, triple.object.value) for triple in results}
    assert built == {(f"{BASE}{e}", f"{ONTOLOGY}Attack") for e in "abs"}


@pytest.mark.parametrize(
    "text",
    [
        "CONSTRUCT { ?e a <k:A> } WHERE { ?e ?p ?o }",
        "SELECT ?e { SERVICE <http://e.example/> { ?e a <k:A> } }",
        "SELECT ?e { ?e <k:p> ?a . ?e a <k:B> }",
        'SELECT ?e { ?e ?p "a <k:A>" } # a <k:A>',
        "INSERT DATA { <x:e> a <k:A> }",
    ],
)
def test_what_stays_as_it_is(text):
    """Templates, other servers' patterns, data, strings, comments and classes with none below."""
    below = Below(("k:A", "k:AA"))
    assert with_subclasses(Sparql(text), lambda asked: {iri: below for iri in asked if iri == "k:A"}).text == text


def test_a_plan_shows_a_path():
    """No store is asked for the classes below."""
    found = by_paths(Sparql("PREFIX k: <k:> SELECT ?e { ?e k:p 1 ; a k:A }")).text
    assert found.endswith("?e k:p 1 ; a/<http://www.w3.org/2000/01/rdf-schema#subClassOf>* k:A }")
