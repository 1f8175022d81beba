"""Entity mentions, chains and relations on sentences with given trees."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy.tokens import Doc, Span

from kg.core.model import Article
from kg.extract.entities.coref import build_entities
from kg.extract.entities.mentions import find_mentions
from kg.extract.entities.relations import find_relations
from kg.ontology.load import load_ontology
from tests.parsed import VOCAB, read_cases

CASES = read_cases(Path(__file__).parents[1] / "cases" / "mentions" / "sentences.conllu")


def chains_of(case):
    """Return the document and the entities of a case."""
    doc = CASES[case]
    ontology = load_ontology()
    return doc, build_entities(Article(case, doc.text), doc, find_mentions(doc, ontology), ontology)


def types_of(case):
    """Return the types of a case's mentions by their words."""
    doc = CASES[case]
    return {doc[m.start : m.end].text: m.type for m in find_mentions(doc, load_ontology())}


def entity(case, name):
    """Return the entity of a name."""
    _, chains = chains_of(case)
    return next(e for e in chains.entities if e.name == name)


def words(found):
    """Return the words of an entity's mentions."""
    return [m.text for m in found.mentions]


def relations_of(case):
    """Return (subject, predicate, object) by names."""
    doc, chains = chains_of(case)
    names = {e.id: e.name for e in chains.entities}
    return {
        (names[r.subject], r.predicate, r.object if r.literal else names[r.object])
        for r in find_relations(doc, chains, load_ontology())
    }


def test_phrases_leave_articles_and_numbers_out():
    """A mention is the phrase without its article and number, typed by the ontology's nouns."""
    found = types_of("freed_farmers")
    assert found["farmers"] == "Group"
    assert found["Kenyan troops"] == "MilitaryForce"
    assert found["town"] == "Settlement"


def test_an_adjective_of_a_country_is_a_mention_of_the_country():
    """The adjective in "Kenyan troops" speaks of Kenya, by its own name, beside the troops."""
    kenya = entity("freed_farmers", "Kenya")
    assert (kenya.type, kenya.named, words(kenya)) == ("Country", True, ["Kenyan"])


def test_the_town_of_a_name_is_that_name():
    """What is said as "the town of Lodwar" is one settlement with both mentions."""
    assert words(entity("freed_farmers", "Lodwar")) == ["town", "Lodwar"]
    assert entity("freed_farmers", "Lodwar").type == "Settlement"


def test_dates_are_no_entities():
    """A weekday heads a phrase and is no entity."""
    assert "Monday" not in types_of("freed_farmers")


def test_title_surname_pronoun_and_post_are_one_person():
    """A minister told of by name, surname, "she" and "the minister" is one entity under the full name."""
    assert words(entity("minister_and_banker", "Ana Cruz")) == [
        "Finance minister",
        "Ana Cruz",
        "Cruz",
        "she",
        "minister",
    ]


def test_an_apposition_joins():
    """A name and its apposition ("Carlos Vega, the president of Acme Bank") are one person."""
    assert words(entity("minister_and_banker", "Carlos Vega")) == ["Carlos Vega", "president"]


def test_two_full_names_never_meet():
    """Two ministers with names of their own stay two, and each keeps the own title and surname."""
    assert words(entity("two_ministers", "Ana Cruz")) == ["Interior minister", "Ana Cruz", "Cruz"]
    assert words(entity("two_ministers", "Carlos Vega")) == ["defence minister", "Carlos Vega", "Vega"]


def test_an_acronym_joins_its_name():
    """A bracketed acronym names the body before it from there on, labelled or not."""
    agency = entity("agency_in_brackets", "State Power Agency")
    assert words(agency) == ["State Power Agency", "SPA", "it", "SPA"]
    assert agency.aliases == ("SPA",)


def test_hundreds_of_workers_are_workers():
    """A counting noun stands for what it counts: both heads lead to the workers."""
    doc, chains = chains_of("hundreds_of_workers")
    heads = {t.text: chains.entity_of(t.i) for t in doc[:4]}
    assert heads["Hundreds"] == heads["workers"] is not None
    assert chains.entity(heads["workers"]).type == "Group"


def test_a_name_before_its_noun_names_the_whole():
    """A name and a noun ("the Gulu gas plant") make a named facility, taken up by "the plant"."""
    plant = entity("hundreds_of_workers", "Gulu gas plant")
    assert (plant.type, plant.named, words(plant)) == ("Facility", True, ["Gulu gas plant", "plant"])


def test_people_of_a_country():
    """Words for a people name groups, adjectives name their country, and a part of a country is a place of its own."""
    found = types_of("nationalities")
    assert found["Kenyans"] == "Group"
    assert found["Somali driver"] == "Person"
    assert found["northern Uganda"] == "Place"
    assert found["Uganda"] == "Country"


def test_the_same_noun_with_its_article_is_the_same_person():
    """Said again with its article, "a woman" is the same woman and "three soldiers" the same group."""
    assert words(entity("same_noun_again", "woman")) == ["woman", "woman"]
    assert words(entity("same_noun_again", "soldiers")) == ["soldiers", "soldiers"]


def test_groups_of_different_size_stay_apart():
    """Twenty rebels and another fifteen are two groups."""
    _, chains = chains_of("counts_apart")
    assert [words(e) for e in chains.entities if e.type == "Group"] == [["rebels"], ["rebels"]]


def test_a_number_without_an_article_tells_of_a_new_group():
    """Thirty rebels after plain rebels are another group, which "the 30 rebels" takes up."""
    _, chains = chains_of("new_numbers")
    assert [len(e.mentions) for e in chains.entities if e.type == "Group"] == [1, 2]


def test_a_form_of_address_makes_a_person():
    """Whoever is "Mr" is a person, whatever the label, and "Mr" is no mention."""
    assert types_of("new_numbers")["Vega"] == "Person"
    assert "Mr" not in types_of("new_numbers")


def test_they_are_people():
    """The word "they" stands for the farmers rather than for the bank that sued them."""
    assert words(entity("they_are_people", "farmers")) == ["farmers", "They"]


def test_we_is_the_speaker():
    """The word "we" inside a quotation is who speaks, where the act of saying is known."""
    doc = CASES["speaker_in_quotes"]
    ontology = load_ontology()
    mentions = find_mentions(doc, ontology)
    silent = build_entities(Article("a", doc.text), doc, mentions, ontology)
    told = build_entities(Article("a", doc.text), doc, mentions, ontology, {1: 8})
    assert [words(e) for e in silent.entities if e.named] == [["Carlos Vega"]]
    assert [words(e) for e in told.entities if e.named] == [["We", "Carlos Vega"]]


def test_a_police_station_is_a_facility():
    """A name's last words tell its class better than a label."""
    assert types_of("police_station")["Lake Police Station"] == "Facility"


@pytest.mark.parametrize(
    ("case", "relation"),
    [
        ("freed_farmers", ("Kenyan troops", "partOf", "Kenya")),
        ("minister_and_banker", ("Ana Cruz", "position", "Finance minister")),
        ("minister_and_banker", ("Carlos Vega", "position", "president of Acme Bank")),
        ("minister_and_banker", ("Carlos Vega", "memberOf", "Acme Bank")),
        ("agency_in_brackets", ("State Power Agency", "alsoKnownAs", "SPA")),
        ("mislabelled_adjective", ("Kenyan police", "partOf", "Kenya")),
        ("mislabelled_adjective", ("Ana Cruz", "nationality", "Bolivia")),
        ("nationalities", ("Somali driver", "nationality", "Somalia")),
        ("nationalities", ("northern Uganda", "partOf", "Uganda")),
        ("members_and_wings", ("Members", "memberOf", "Hill Front")),
        ("members_and_wings", ("youth wing", "partOf", "Hill Front")),
        ("operator", ("Fjord Oil", "operates", "mine")),
        ("operator", ("Fjord Oil", "nationality", "Norway")),
        ("operator", ("mine", "locatedIn", "Gulu")),
    ],
)
def test_relations_that_a_phrase_states(case, relation):
    """Posts, bodies, members, places, operators and nationalities are read off phrases."""
    assert relation in relations_of(case)


def test_no_relation_without_words_for_it():
    """Sentences that state nothing standing give no relation."""
    assert relations_of("same_noun_again") == set()
    assert relations_of("counts_apart") == set()


@pytest.mark.parametrize("case", sorted(CASES))
def test_every_mention_quotes_the_text(case):
    """Ids number the entities in text order, and every mention of an entity or relation is in the text as it says."""
    doc, chains = chains_of(case)
    assert [e.id for e in chains.entities] == [f"n{i}" for i in range(1, len(chains.entities) + 1)]
    found = [m for e in chains.entities for m in e.mentions]
    found += [r.mention for r in find_relations(doc, chains, load_ontology())]
    assert all(m.start < m.end and doc.text[m.start : m.end] == m.text for m in found)


@settings(max_examples=30, deadline=None)
@given(st.permutations(sorted(CASES)[:4]))
def test_reading_is_the_same_every_time(order):
    """What was read before changes nothing."""
    first = {case: chains_of(case)[1].entities for case in order}
    assert first == {case: chains_of(case)[1].entities for case in reversed(order)}


WORDS = [
    "Ana",
    "Kenyan",
    "Kenya",
    "police",
    "the",
    "of",
    "(",
    "SPA",
    ")",
    ",",
    "said",
    "minister",
    "she",
    "it",
    "northern",
]
RELATIONS = [
    "nsubj",
    "obj",
    "nmod",
    "nmod:desc",
    "nmod:poss",
    "appos",
    "compound",
    "amod",
    "flat",
    "conj",
    "cop",
    "acl:relcl",
]
TAGS = [
    ("PROPN", "NNP"),
    ("NOUN", "NN"),
    ("NOUN", "NNS"),
    ("PRON", "PRP"),
    ("VERB", "VBD"),
    ("ADJ", "JJ"),
    ("PUNCT", ","),
]


@st.composite
def scrambled(draw):
    """Draw a document that no parser would give: any word with any tag below any other word."""
    size = draw(st.integers(1, 14))
    words = draw(st.lists(st.sampled_from(WORDS), min_size=size, max_size=size))
    tags = draw(st.lists(st.sampled_from(TAGS), min_size=size, max_size=size))
    relations = draw(st.lists(st.sampled_from(RELATIONS), min_size=size, max_size=size))
    heads = [0, *(draw(st.integers(0, i - 1)) for i in range(1, size))]
    order = draw(st.permutations(range(size)))
    place = {old: new for new, old in enumerate(order)}
    turned = {place[i]: place[head] for i, head in enumerate(heads)}
    roots = [i for i, head in turned.items() if i == head]
    doc = Doc(
        VOCAB,
        words=words,
        lemmas=[w.lower() for w in words],
        pos=[tag[0] for tag in tags],
        tags=[tag[1] for tag in tags],
        deps=["ROOT" if i in roots else relations[i] for i in range(size)],
        heads=[turned[i] for i in range(size)],
    )
    start = draw(st.integers(0, size - 1))
    label = draw(st.sampled_from(["PERSON", "ORG", "GPE", "NORP", "DATE"]))
    doc.set_ents([Span(doc, start, draw(st.integers(start + 1, size)), label=label)])
    return doc


@settings(max_examples=150, deadline=None)
@given(scrambled())
def test_no_tree_breaks_the_reading(doc):
    """Whatever the parser gives, every mention quotes the text, and every relation is between entities that exist."""
    ontology = load_ontology()
    mentions = find_mentions(doc, ontology)
    chains = build_entities(Article("a", doc.text), doc, mentions, ontology, {0: len(doc) - 1})
    assert all(0 <= m.start < m.end <= len(doc) for m in mentions)
    assert all(doc.text[m.start : m.end] == m.text for e in chains.entities for m in e.mentions)
    known = {e.id for e in chains.entities}
    for relation in find_relations(doc, chains, ontology):
        assert relation.subject in known
        assert relation.literal or relation.object in known
        assert doc.text[relation.mention.start : relation.mention.end] == relation.mention.text
