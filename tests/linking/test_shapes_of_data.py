"""Other vocabularies: the shapes in which real data sets name their things, classes and countries."""

from __future__ import annotations

import json

import pytest

from kg.core.errors import KgError
from kg.linking.dataset import Names, aligned_types, things
from kg.ontology.load import load_ontology
from kg.store.contexts import with_known_contexts
from kg.store.files import read_triples

PREFIXES = """@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix s: <http://schema.org/> . @prefix ss: <https://schema.org/> . @prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix dbo: <http://dbpedia.org/ontology/> . @prefix dbr: <http://dbpedia.org/resource/> .
@prefix gn: <http://www.geonames.org/ontology#> . @prefix org: <http://www.w3.org/ns/org#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> . @prefix vcard: <http://www.w3.org/2006/vcard/ns#> .
@prefix wd: <http://www.wikidata.org/entity/> . @prefix wdt: <http://www.wikidata.org/prop/direct/> .
"""
X = "urn:example:x"


@pytest.fixture(scope="module")
def read(tmp_path_factory):
    """What a piece of Turtle says of <urn:example:x>."""
    ontology = load_ontology()

    def specific(types):
        found = set(types)
        return frozenset(t for t in found if not any(o != t and ontology.is_a(o, t) for o in found))

    def _read(turtle):
        file = tmp_path_factory.mktemp("data") / "a.ttl"
        file.write_text(PREFIXES + turtle, "utf-8")
        return things(read_triples(file, "urn:g"), Names(ontology), specific)[X]

    return _read


def test_a_text_is_no_name(read):
    """What is longer than any name is not compared with names: millions of words would take minutes."""
    assert read(f'<{X}> a s:Person ; s:name "Ana Ruelo", "{"Ana " * 500_000}" .').names == ("Ana Ruelo",)


@pytest.mark.parametrize(
    ("types", "expected"),
    [
        ("a s:Person", {"Person"}),
        ("a ss:Person", {"Person"}),
        ("a foaf:Person, foaf:Agent", {"Person"}),
        ("a vcard:Individual", {"Person"}),
        ("a dbo:Politician, dbo:Person, dbo:Agent, owl:Thing", {"Person"}),
        ("wdt:P31 wd:Q5", {"Person"}),
        ("a s:City", {"Settlement"}),
        ("a ss:City, ss:Place", {"Settlement"}),
        ("a dbo:City, dbo:Settlement, dbo:PopulatedPlace, dbo:Place", {"Settlement"}),
        ("a gn:Feature ; gn:featureClass gn:P ; gn:featureCode gn:P.PPLA2", {"Settlement"}),
        ("a gn:Feature ; gn:featureCode gn:A.PCLI", {"Country"}),
        ("wdt:P31 wd:Q515, wd:Q5119", {"Settlement"}),
        ("a ss:Country", {"Country"}),
        ("wdt:P31 wd:Q35657", {"Region"}),
        ("a ss:BankOrCreditUnion", {"Company"}),
        ("a s:Corporation", {"Company"}),
        ("wdt:P31 wd:Q22687", {"Company"}),
        ("a ss:SportsTeam", {"Association"}),
        ("a dbo:SoccerClub, dbo:Organisation, dbo:Agent", {"Association"}),
        ("a org:FormalOrganization", {"Organization"}),
        ("a ss:Hospital", {"Institution", "Facility"}),
        ("a ss:GovernmentOrganization", {"Government", "GovernmentAgency"}),
        ("a ss:NewsMediaOrganization", {"NewsMedium"}),
        ("wdt:P31 <urn:example:class> . <urn:example:class> wdt:P279 wd:Q7278", {"PoliticalParty"}),
        ("a <urn:example:class>", set()),
    ],
)
def test_classes_of_other_vocabularies_are_known(read, types, expected):
    """The classes that real data give their people, bodies and places mean ours; an unknown one means nothing."""
    assert read(f'<{X}> rdfs:label "Osk" ; {types} .').types == expected


@pytest.mark.parametrize(
    ("named", "expected"),
    [
        ('rdfs:label "Osk"@en, "Ösk"@de ; skos:altLabel "Osk Town"@en', ("Osk", "Ösk", "Osk Town")),
        ('s:name "Osk" ; s:legalName "Osk Inc."', ("Osk", "Osk Inc.")),
        ('foaf:name "Osk"', ("Osk",)),
        ('foaf:givenName "Ana" ; foaf:familyName "Osk"', ("Ana Osk",)),
        ('ss:givenName "Ana" ; ss:familyName "Osk"', ("Ana Osk",)),
        ('vcard:fn "Osk"', ("Osk",)),
        ('gn:name "Osk" ; gn:alternateName "Oska"@fr', ("Osk", "Oska")),
    ],
)
def test_names_are_read_by_every_vocabulary(read, named, expected):
    """The preferred name first, English before others, then alternative ones."""
    assert read(f"<{X}> {named} .").names == expected


@pytest.mark.parametrize(
    "placed",
    [
        'gn:countryCode "DZ"',
        'wdt:P17 wd:Q262 . wd:Q262 rdfs:label "Algeria"@en',
        "dbo:country dbr:Algeria",
        's:address [ s:addressCountry "DZ" ; s:addressLocality "Oran" ]',
        'ss:address [ ss:addressCountry [ ss:name "People\'s Democratic Republic of Algeria", "Algeria" ] ]',
        'ss:nationality [ ss:name "Algerian" ]',
        'gn:parentCountry <urn:example:c> . <urn:example:c> gn:name "Algeria"',
    ],
)
def test_the_country_of_a_thing_is_read_by_every_vocabulary(read, placed):
    """By name, by code, by people, by a node with a name, by an address: it is one country."""
    assert "algeria" in read(f'<{X}> rdfs:label "Osk" ; {placed} .').places


def test_every_aligned_class_of_ours_is_one(read):
    """The table names no class that the ontology does not have."""
    superclasses = load_ontology().superclasses
    assert {ours for classes in aligned_types().values() for ours in classes} - set(superclasses) <= {
        name for name in {ours for classes in aligned_types().values() for ours in classes} if name[0].islower()
    }


def test_every_country_of_the_ontology_that_has_a_code_is_named_as_there():
    """A code leads to a name that countries.ttl has."""
    countries = {country.name for country in load_ontology().countries}
    from kg.ontology.words import paired

    assert set(paired("countryCodes")) <= countries


@pytest.mark.parametrize(
    "context", ["https://schema.org", "https://schema.org/", "http://schema.org", "http://www.schema.org/"]
)
@pytest.mark.parametrize("listed", [False, True])
def test_the_context_of_schema_org_is_known_offline(tmp_path, context, listed):
    """Plain terms are schema.org's in the form of the context, and links are IRIs; nothing is fetched."""
    file = tmp_path / "a.jsonld"
    said = {
        "@context": [context, {"size": "urn:example:size"}] if listed else context,
        "@id": X,
        "@type": "Person",
        "name": 'a "@context": x',
        "sameAs": "urn:example:y",
        "size": 7,
        "address": {"@context": context, "id": "urn:example:a", "type": "PostalAddress", "addressCountry": "DZ"},
    }
    file.write_text(json.dumps(said), "utf-8")
    s = context.partition(":")[0] + "://schema.org/"
    triples = {
        (t.subject.value, t.predicate.value, getattr(t.object, "value", "")) for t in read_triples(file, "urn:g")
    }
    assert (X, "http://www.w3.org/1999/02/22-rdf-syntax-ns#type", s + "Person") in triples
    assert (X, s + "name", 'a "@context": x') in triples
    assert (X, s + "sameAs", "urn:example:y") in triples
    assert ("urn:example:a", s + "addressCountry", "DZ") in triples
    assert (X, "urn:example:size" if listed else s + "size", "7") in triples


def test_a_context_that_would_have_to_be_fetched_is_refused_with_its_name():
    """Nothing is asked of the network: the message says which context, and what to do."""
    with pytest.raises(KgError, match=r"context https://example\.org/c\.jsonld would have to be fetched"):
        with_known_contexts(b'{"@context": "https://example.org/c.jsonld"}')


def test_text_without_contexts_that_are_known_stays_as_it_is():
    """Contexts written out, words that look like one, and broken JSON are passed on byte by byte but for contexts."""
    for text in (b'{"a": "\\"@context\\": \\"https://schema.org\\""}', b'{"@context": {"a": ', b"[]"):
        assert with_known_contexts(text) == text
