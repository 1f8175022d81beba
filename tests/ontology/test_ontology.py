"""The ontology and its reader: what is shipped is complete, what is added is found, mistakes are named."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from kg.core import resources
from kg.core.errors import OntologyError
from kg.core.vocab import ONTOLOGY, RDFS, SKOS
from kg.ontology.load import load_ontology
from kg.ontology.turtle import RDF_TYPE, read_statements, shown
from kg.ontology.values import PARTS_OF_SPEECH, SLOTS, Condition, Trigger

BROKEN = sorted((Path(__file__).parents[1] / "cases" / "ontology").glob("*.ttl"))
GROUND = [
    file
    for file in resources.ontology_files()
    if file.stem in {"core", "events", "forms", "names", "traits"}  # the classes and properties, with few words: quick
]
BRANCHES = ("Violence", "Law", "Movement", "Communication", "Politics", "Economy", "Disaster")
PARADE = """
@prefix kg: <https://kg.example/ontology#> .
@prefix my: <https://my.example/terms#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
my:Parade a owl:Class ; rdfs:subClassOf kg:Protest ; rdfs:label "parade"@en ;
    skos:definition "People walk through the streets in order to be seen."@en ;
    skos:example "The band paraded through the town."@en ;
    kg:verb "parade" ; kg:noun "street-parade" ;
    kg:possibleVerb "demonstrate, cavort" ; kg:possibleNoun "corso" ; kg:possibleAdjective "costumed" ;
    kg:possible [ kg:words "reconvene, cavort, sashay" ; kg:pos "verb" ; kg:weight 0.5 ] ;
    kg:trigger [ kg:words "march" ; kg:pos "verb" ; kg:when "subject Group MP", "because of rain" ;
        kg:unless "object" ; kg:weight 0.5 ] ;
    kg:slot [ kg:role kg:patient ; kg:from "subject" ] , [ kg:role kg:recipient ; kg:from "in" ] ;
    kg:noSlot "to" ;
    kg:range [ kg:role kg:patient ; kg:class kg:Group, my:Band ] .
my:Band a owl:Class ; rdfs:subClassOf kg:Organization ; rdfs:label "band"@en ; kg:entityNoun "band" ;
    kg:entityName "Philharmonic" .
my:Hymn a owl:Class ; rdfs:subClassOf kg:StatementCue ; rdfs:label "hymn"@en ; kg:verb "hymn" .
"""


@pytest.fixture(scope="module")
def ontology():
    """The shipped ontology."""
    return load_ontology()


@pytest.fixture(scope="module")
def extended(tmp_path_factory):
    """The shipped ontology with a user's own file."""
    mine = tmp_path_factory.mktemp("ontology") / "mine.ttl"
    mine.write_text(PARADE, encoding="utf-8")
    return load_ontology([*resources.ontology_files(), mine])


# ------------------------------------------------------------------------------------------------ what is shipped


def test_every_term_has_label_comment_and_example():
    """Every class, property and concept of the vocabulary is labelled, explained and shown by an example."""
    said = read_statements(tuple(resources.ontology_files()))
    terms = [s for s, rest in said.values.items() if s.startswith(ONTOLOGY) and RDF_TYPE in rest]
    assert len(terms) > 150
    for property_iri in (f"{RDFS}label", f"{RDFS}comment", f"{SKOS}example"):
        assert [shown(term) for term in terms if not said.terms(term, property_iri)] == [], property_iri


def test_every_event_type_stands_in_a_branch(ontology):
    """Every event type leads up to one of the seven branches and from there to Event."""
    for event_type in ontology.event_types.values():
        if event_type.name != "Event":
            assert event_type.types[0] == event_type.name
            assert event_type.types[-1] == "Event"
            assert len(set(event_type.types) & set(BRANCHES)) == 1, event_type.name


def test_every_event_type_can_be_told(ontology):
    """Every event type but the branches has words of its own and at least one example."""
    told = {trigger.type for triggers in ontology.triggers.values() for trigger in triggers}
    for name, event_type in ontology.event_types.items():
        assert event_type.examples, name
        if name not in {"Event", *BRANCHES}:
            assert name in told


def test_every_role_of_the_contract_is_there(ontology):
    """The six roles are read in their order, each with slots and a range."""
    assert list(ontology.roles) == ["agent", "patient", "recipient", "instrument", "place", "cause"]
    assert all(role.slots and role.range and role.types == (role.name,) for role in ontology.roles.values())


def test_words_are_found_by_head_and_part_of_speech(ontology):
    """Every trigger and cue stands under its own head, with a slot that exists in each condition."""
    for index in (ontology.triggers, ontology.cues):
        for (head, pos), triggers in index.items():
            for trigger in triggers:
                assert (trigger.head, trigger.pos) == (head, pos)
                assert pos in PARTS_OF_SPEECH
                assert all(c.slot in SLOTS for c in (*trigger.when, *trigger.unless))


def test_the_better_reading_stands_first(ontology):
    """Of several readings of one head, the one with the higher weight comes first."""
    weights = [[t.weight for t in triggers] for triggers in ontology.triggers.values() if len(triggers) > 1]
    assert len(weights) > 50
    assert all(w == sorted(w, reverse=True) for w in weights)


def test_the_digest_follows_the_content_only(tmp_path):
    """Copies elsewhere, in another order, have the same digest; a changed byte has another."""
    copies = []
    for file in reversed(GROUND):
        copies.append(tmp_path / f"a-{file.name}")
        copies[-1].write_bytes(file.read_bytes())
    assert load_ontology(copies).digest == load_ontology(GROUND).digest
    copies[0].write_bytes(copies[0].read_bytes() + b"\n")
    assert load_ontology(copies).digest != load_ontology(GROUND).digest


# --------------------------------------------------------------------------------------------------- what is added


def test_a_type_of_ones_own_is_read(extended):
    """A type of a user has its place, words, slots and ranges; prepositions keep their roles behind its own."""
    parade = extended.event_types["Parade"]
    assert parade.iri == "https://my.example/terms#Parade"
    assert parade.types == ("Parade", "Protest", "Politics", "Event")
    assert parade.slots["subject"] == ("patient",)
    assert parade.slots["in"] == ("recipient", "place")
    assert "to" not in parade.slots
    assert parade.ranges["patient"] == ("Group", "Band")
    assert parade.ranges["cause"] == extended.roles["cause"].range
    assert extended.may_fill("Band", "patient", "Parade")
    assert not extended.may_fill("Facility", "patient", "Parade")


def test_triggers_keep_their_conditions(extended):
    """Conditions are split into slot and alternatives: the longest slot, classes as they are, words in lower case."""
    (march,) = [t for t in extended.triggers["march", "verb"] if t.type == "Parade"]
    assert march.weight == 0.5
    assert march.when == (Condition("because of", ("rain",)), Condition("subject", ("Group", "mp")))
    assert march.unless == (Condition("object"),)


def test_possible_words_are_read_and_are_no_triggers(extended, ontology):
    """A word that may tell of a user's own type is found with it: the likeliest type first, and no trigger is made."""
    assert extended.possible["corso", "noun"] == extended.possible["costumed", "adjective"] == ("Parade",)
    assert extended.possible["sashay", "verb"] == extended.possible["cavort", "verb"] == ("Parade",)
    assert extended.possible["reconvene", "verb"] == (*ontology.possible["reconvene", "verb"], "Parade")
    assert ("corso", "noun") not in extended.triggers
    assert ("corso", "noun") not in ontology.possible


def test_of_two_types_with_a_possible_word_the_narrower_is_the_likelier(tmp_path):
    """Of equal weight, a class goes before the one above it, and classes side by side by their names."""
    mine = tmp_path / "mine.ttl"
    mine.write_text(
        "@prefix kg: <https://kg.example/ontology#> .\n"
        'kg:Attack kg:possibleVerb "zap" . kg:Shooting kg:possibleVerb "zap" . kg:Accident kg:possibleVerb "zap" .\n'
        'kg:Violence kg:possible [ kg:words "zap" ; kg:pos "verb" ; kg:weight 2 ] .\n',
        encoding="utf-8",
    )
    assert load_ontology([*GROUND, mine]).possible["zap", "verb"] == ("Violence", "Shooting", "Accident", "Attack")


def test_a_hyphen_counts_as_a_space(extended):
    """A phrase with a hyphen is found as one word and as two, whichever way the tokenizer cuts it."""
    assert Trigger(("street", "parade"), "noun", "Parade") in extended.triggers["parade", "noun"]
    assert Trigger(("street-parade",), "noun", "Parade") in extended.triggers["street-parade", "noun"]


def test_entity_classes_and_cues_of_ones_own_are_read(extended):
    """Nouns, names and reporting words that a user adds are found with those of the ontology."""
    assert extended.entity_nouns["band"] == "Band"
    assert extended.entity_names["Philharmonic"] == "Band"
    assert extended.entity_types["Band"].types == ("Band", "Organization", "Agent", "Entity")
    (hymn,) = extended.cues["hymn", "verb"]
    assert extended.is_cue(hymn, "ReportingCue")
    assert not extended.is_cue(hymn, "DoubtCue")
    assert hymn in set(extended.words_of("StatementCue"))


def test_the_ontology_is_found_in_a_folder(tmp_path):
    """A folder stands for the Turtle files in it."""
    for file in GROUND:
        (tmp_path / file.name).write_bytes(file.read_bytes())
    assert load_ontology([tmp_path]).digest == load_ontology(GROUND).digest


def test_a_changed_file_is_read_again(tmp_path):
    """What is kept of an earlier reading does not outlive a change of the file."""
    mine = tmp_path / "mine.ttl"
    files = [*GROUND, mine]
    mine.write_text(PARADE, encoding="utf-8")
    assert "Parade" in load_ontology(files).event_types
    mine.write_text(PARADE.replace("my:Parade a", "my:Procession a"), encoding="utf-8")
    assert "Procession" in load_ontology(files).event_types


# --------------------------------------------------------------------------------------------------- what is wrong


@pytest.mark.parametrize("case", BROKEN, ids=lambda path: path.stem)
def test_a_mistake_is_named_with_its_file_and_term(case):
    """Each broken file stops the reading with one line: file, term, what is wrong, what may have been meant."""
    expected = case.read_text(encoding="utf-8").splitlines()[0].removeprefix("# error: ")
    with pytest.raises(OntologyError) as raised:
        load_ontology([*GROUND, case])
    message = str(raised.value)
    assert "\n" not in message
    assert message.startswith(f"{case}: ")
    assert re.search(expected, message), message


def test_a_missing_file_is_named(tmp_path):
    """A path that leads nowhere is an error that names it."""
    with pytest.raises(OntologyError, match=r"nowhere\.ttl: cannot be read"):
        load_ontology([*resources.ontology_files(), tmp_path / "nowhere.ttl"])


def test_an_empty_folder_and_a_file_without_core_are_refused(tmp_path):
    """Without any file, and without the core, there is nothing to extract with: the error says so."""
    with pytest.raises(OntologyError, match="no ontology files"):
        load_ontology([tmp_path])
    (tmp_path / "empty.ttl").write_text("", encoding="utf-8")
    with pytest.raises(OntologyError, match=r"core\.ttl"):
        load_ontology([tmp_path])


# ---------------------------------------------------------------------------------------------------------- traits


def test_traits_are_inherited_and_may_be_a_users_own(tmp_path):
    """A branch right below Event with a trait of its own hands it down; one without has none."""
    mine = tmp_path / "mine.ttl"
    mine.write_text(
        "@prefix kg: <https://kg.example/ontology#> . @prefix my: <https://my.example/> .\n"
        "@prefix owl: <http://www.w3.org/2002/07/owl#> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .\n"
        'my:Rite a owl:Class ; rdfs:subClassOf kg:Event ; rdfs:label "rite"@en ; rdfs:comment "A rite."@en ;\n'
        "    kg:trait kg:scene .\n"
        'my:Baptism a owl:Class ; rdfs:subClassOf my:Rite ; rdfs:label "baptism"@en ; rdfs:comment "One."@en .\n'
        'my:Idea a owl:Class ; rdfs:subClassOf kg:Event ; rdfs:label "idea"@en ; rdfs:comment "One."@en .\n',
        encoding="utf-8",
    )
    found = load_ontology([*resources.ontology_files(), mine])
    assert found.is_a("Baptism", "scene")
    assert found.fits("Rite", ("scene",))
    assert not found.is_a("Idea", "scene")
    assert found.is_a("Killing", "harm")


def test_of_and_by_stand_for_subject_and_object_and_are_replaced(tmp_path):
    """A type's own roles of "of" and "by" take the place of those above it; those of "in" and "at" come first."""
    mine = tmp_path / "mine.ttl"
    slots = """kg:slot [ kg:role kg:recipient ; kg:from "of", "by", "in" ] ."""
    mine.write_text(PARADE.replace('kg:noSlot "to"', slots.removesuffix(" .") + ' ; kg:noSlot "to"'), encoding="utf-8")
    ontology = load_ontology([*resources.ontology_files(), mine])
    above, own = ontology.event_types["Protest"].slots, ontology.event_types["Parade"].slots
    assert above["by"]
    assert own["of"] == own["by"] == ("recipient",)
    assert own["in"] == ("recipient", *(role for role in above["in"] if role != "recipient"))
