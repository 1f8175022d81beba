"""What a person means by a word: names, prefixed names, IRIs."""

from __future__ import annotations

import harbour
import pytest

from kg.query.prepare import known_prefixes
from kg.query.things import names_with, term_of, things_named
from kg.store.opening import NamedNode, RdfLiteral, open_store

SKOS = "http://www.w3.org/2004/02/skos/core#"


@pytest.fixture(scope="module")
def store():
    """A store with a thing of odd names."""
    with open_store(":memory:", mode="write") as opened:
        harbour.fill(opened)
        names = [f"<https://a.example/jan> <{SKOS}altLabel> {RdfLiteral(name)} ." for name in ODD]
        opened.replace("https://a.example/g", "\n".join([*names, ""]).encode())
        yield opened


ODD = ['he said <b> "_:x" \n.', "Straße", "ÉCOLE", 'back\\slash "quote"']


@pytest.mark.parametrize("name", [*ODD, *(name.upper() for name in ODD if "ß" not in name), "école"])
def test_a_name_finds_things_by_any_label(store, name):
    """Names are compared without regard to capitals; a quote in one is only a character."""
    assert things_named(store, name) == [NamedNode("https://a.example/jan")]


@pytest.mark.parametrize("name", ['x" || true || "', "", "jan", "Str", "') } #"])
def test_a_part_of_a_name_or_of_a_query_finds_nothing(store, name):
    """Only whole names count, and no word can change the question."""
    assert things_named(store, name) == []


def test_names_that_hold_some_words_are_suggested(store):
    """A person who types half a name is shown whole ones, a few of them, in order."""
    near = names_with(store, "RE")
    assert "Red Lantern" in near
    assert all("re" in name.lower() for name in near)
    assert near == sorted(near)[:5]
    assert names_with(store, '" . ?x ?y ?z') == []


@pytest.mark.parametrize(
    ("text", "term"),
    [
        ("https://a.example/x#y", NamedNode("https://a.example/x#y")),
        ("<https://a.example/x>", NamedNode("https://a.example/x")),
        ("urn:isbn:1", NamedNode("urn:isbn:1")),
        ("kg:Killing", NamedNode("https://kg.example/ontology#Killing")),
        ("Port Senna", RdfLiteral("Port Senna")),
        ("https://not an iri", RdfLiteral("https://not an iri")),
        ("nobody:x", RdfLiteral("nobody:x")),
    ],
)
def test_words_are_terms_by_what_they_look_like(store, text, term):
    """IRIs with brackets or without, names with a known prefix; everything else is words."""
    assert term_of(text, known_prefixes(store.base)) == term
