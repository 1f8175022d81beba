"""Graphs of extractions: IRIs, bytes, and what hostile names and ids do to them (nothing)."""

from __future__ import annotations

from dataclasses import replace

import pytest
from extractions import EXTRACTION, MONDAY, READING, RELATED_WORDS, TEXT, at
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import RdfFormat, parse
from pyoxigraph import Store as Dataset
from rdflib import Graph, Literal, Namespace, URIRef
from rdflib.compare import isomorphic
from rdflib.namespace import RDF, RDFS, SKOS, XSD

from kg.core.iris import mention_of, span_of
from kg.core.model import Article, Bounds, Entity, Event, Extraction, Mention
from kg.core.vocab import DEFAULT_BASE, ONTOLOGY
from kg.graph.mint import Minter, global_iri, graph_iri, kebab, slug
from kg.graph.triples import article_digest, to_graph, to_ntriples, to_turtle
from kg.ontology.load import load_ontology

KG = Namespace(ONTOLOGY)
IN = Namespace(f"{DEFAULT_BASE}article/quarry#")
# Any text that UTF-8 can hold; control characters, quotes, emoji and combining marks included.
ANY_TEXT = st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=40)


@pytest.fixture(scope="module")
def graph():
    """The graph of the test's extraction."""
    return to_graph(EXTRACTION, load_ontology(), READING, DEFAULT_BASE)


def _words(mention: URIRef) -> str:
    """The words of TEXT that a mention's IRI points to."""
    begin, end = span_of(str(mention))
    return TEXT[begin:end]


def _entity(number: int, name: str, kind: str, *, start: int = 0, named: bool = True) -> Entity:
    types = load_ontology().entity_types[kind].types
    return Entity(f"n{number}", kind, types, name, named, (Mention(start, start + 1, "x"),))


# ------------------------------------------------------------------------------------------------------ what is said


def test_asserted_events_are_instances_of_their_class_and_nothing_more_is_said(graph):
    """An asserted event is a Killing, and the ontology says what that is; another one is a NonFactualEvent."""
    assert set(graph.objects(IN["killing-36"], RDF.type)) == {KG.Killing}
    assert set(graph.objects(IN["arrest-177"], RDF.type)) == {KG.NonFactualEvent}
    assert set(graph.objects(IN["arrest-177"], KG.eventType)) == {KG.Arrest}


def test_roles_reach_entities_events_and_words(graph):
    """A filler is an entity, another event, or a mention of the words."""
    assert set(graph.objects(IN["killing-36"], KG.patient)) == {IN["miners-12"], IN["guard-25"]}
    assert set(graph.objects(IN["killing-36"], KG.cause)) == {IN["attack-65"]}
    assert _words(graph.value(IN["search-223"], KG.cause)) == "which the army has done"
    assert (None, KG.participant, None) not in graph


def test_nothing_is_said_that_follows():
    """No bound that lies between others, no word that the text has, no entity that takes part in nothing."""
    idle = _entity(12, "gate", "Facility", start=TEXT.index("Troops"), named=False)
    town = _entity(13, "Lodwar West", "Settlement", start=TEXT.index("Lodwar"))
    extraction = replace(EXTRACTION, entities=(*EXTRACTION.entities, idle, town))
    graph = to_graph(extraction, load_ontology(), READING, DEFAULT_BASE)
    day = {KG.earliestBegin, KG.latestEnd, KG.grain, KG.dates}
    assert set(graph.predicates(IN["time=46-52"])) == day
    assert set(graph.predicates(IN["claim=104-108"])) == {KG.source, KG.claims}
    assert Literal("gate") not in set(graph.objects())
    assert Literal("Lodwar West") in set(graph.objects())  # articles meet in it
    assert not list(graph.predicate_objects(next(graph.objects(IN["killing-36"], KG.mention))))


def test_an_event_has_a_label_that_reads_as_a_sentence(graph):
    """The label of an event says who did what to whom and where, and in front what did not happen."""
    assert graph.value(IN["killing-36"], RDFS.label) == Literal("gunmen killed at least 12 miners and guard")
    assert graph.value(IN["attack-65"], RDFS.label) == Literal("gunmen attacked quarry in Lodwar")
    assert graph.value(IN["arrest-177"], RDFS.label) == Literal("not so: police arrested")
    assert graph.value(IN["search-223"], RDFS.label) == Literal("planned: Troops searched hills")


def test_a_count_keeps_its_open_end(graph):
    """“At least 12 miners” has a minimum and no maximum."""
    count = IN["count=0-11"]
    assert graph.value(count, KG["min"]) == Literal(12)
    assert graph.value(count, KG["max"]) is None
    assert graph.value(count, KG.counted) == IN["miners-12"]
    assert graph.value(count, KG.countedRole) == KG.patient
    assert graph.value(count, RDFS.label) == Literal("At least 12 miners")


def test_bounds_are_days_with_the_grain_of_the_words_beside_them(graph):
    """A month's bounds are its first and last day, what is open is missing, and the dates are as the words had them."""
    since = IN["time=265-279"]
    assert graph.value(since, KG.earliestBegin) == Literal("2019-05-01", datatype=XSD.date)
    assert graph.value(since, KG.latestBegin) == Literal("2019-05-31", datatype=XSD.date)
    assert graph.value(since, KG.latestEnd) is None
    assert (graph.value(since, KG.grain), graph.value(since, KG.dates)) == (Literal("month"), Literal("from May 2019"))
    assert graph.value(IN["time=46-52"], KG.latestEnd) == Literal("2024-05-06", datatype=XSD.date)
    assert graph.value(IN["time=46-52"], KG.dates) == Literal("6 May 2024")


def test_years_months_and_days_compare():
    """A filter sees times of every grain, and they sort as days."""
    dates = ("2021", "2022-03", "2022-02-28", "2021-12-31", "2022")
    told = [replace(MONDAY, id=f"t{n}", bounds=Bounds(day, day, day, day)) for n, day in enumerate(dates)]
    events = tuple(replace(event, time=time) for time in told for event in EXTRACTION.events[:1])
    events = tuple(replace(event, id=f"e{n}", counts=(), roles=()) for n, event in enumerate(events))
    store = Dataset()
    store.load(
        to_ntriples(to_graph(Extraction(EXTRACTION.article, (), events), load_ontology(), READING, DEFAULT_BASE)),
        RdfFormat.N_TRIPLES,
    )
    head = f"PREFIX kg: <{ONTOLOGY}> PREFIX xsd: <{XSD}> "
    ask = head + "SELECT ?d { ?t kg:dates ?d ; kg:earliestBegin ?b %s } ORDER BY ?b"
    written = [row["d"].value for row in store.query(ask % "")]
    assert written == ["2021", "31 December 2021", "2022", "28 February 2022", "March 2022"]
    before = [row["d"].value for row in store.query(ask % 'FILTER(?b < "2022-01-01"^^xsd:date)')]
    assert before == ["2021", "31 December 2021"]


def test_an_inferred_time_reaches_the_words_it_was_taken_from(graph):
    """An event without time words has a time span of its own, marked, with the mention it came from."""
    time = graph.value(IN["attack-65"], KG.time)
    assert time == IN["time-attack-65=46-52"]
    assert graph.value(time, KG.inferred) == Literal(True)
    assert _words(time) == "Monday"


def test_events_with_the_same_time_words_share_a_time_span():
    """Two events told with one "Monday" have one time span."""
    events = tuple(replace(event, time=replace(MONDAY, id=event.id)) for event in EXTRACTION.events)
    minter = Minter(replace(EXTRACTION, events=events), DEFAULT_BASE)
    assert len({minter.time(event.time) for event in events}) == 1


def test_claims_keep_both_hops(graph):
    """What one source reports of another stands in a claim of its own, reported in the other's."""
    assert graph.value(IN["claim=194-200"], KG.reportedIn) == IN["claim=141-145"]
    assert graph.value(IN["claim=141-145"], KG.medium) == IN["report-203"]
    assert graph.value(IN["claim=141-145"], KG.source) == URIRef(f"{DEFAULT_BASE}person/ada-okoro")


def test_what_nobody_claims_the_article_says_itself(graph):
    """An event in no claim of the extraction is claimed by the article."""
    assert graph.value(IN["claim"], KG.source) == URIRef(f"{DEFAULT_BASE}article/quarry")
    assert set(graph.objects(IN["claim"], KG.claims)) == {IN["search-223"]}


def test_a_relation_is_a_triple_and_a_statement_with_its_words(graph):
    """The plain triple stands beside the statement that shows it."""
    assert (IN["quarry-74"], KG.locatedIn, URIRef(f"{DEFAULT_BASE}place/lodwar")) in graph
    statement = next(graph.subjects(RDF.predicate, KG.locatedIn))
    assert _words(statement) == RELATED_WORDS
    assert set(graph.predicates(statement)) == {RDF.subject, RDF.predicate, RDF.object}


def test_mentions_hold_their_offsets(graph):
    """Every mention's IRI says where its words stand in the text."""
    mentions = set(graph.objects(None, KG.mention))
    assert len(mentions) > 15
    said = {mention for entity in EXTRACTION.entities for mention in entity.mentions}
    assert {mention.text for mention in said} <= {_words(mention) for mention in mentions}


def test_what_is_told_in_one_place_says_where_by_its_iri(graph):
    """Times, counts, relations, and claims of others: two of one place are told apart."""
    things = {o for p in (KG.time, KG["count"]) for o in graph.objects(None, p)} | set(graph.subjects(RDF.subject))
    others = {claim for claim in graph.subjects(KG.claims) if claim != IN["claim"]}
    assert len(things) >= 5
    assert len(others) == 3
    assert all(span_of(thing) and _words(thing) for thing in things | others)
    twice = replace(EXTRACTION, relations=tuple(replace(EXTRACTION.relations[0], id=name) for name in "ab"))
    minter = Minter(twice, DEFAULT_BASE)
    made = [minter.relation(relation) for relation in twice.relations]
    assert [iri.partition("#")[2] for iri in made] == ["relation=121-139", "relation-2=121-139"]
    assert {mention_of(iri) for iri in made} == {IN["char=121,139"].toPython()}


def test_no_blank_nodes_and_nothing_of_this_machine(graph):
    """Every node has an IRI."""
    assert all(isinstance(term, URIRef | Literal) for triple in graph for term in triple)


# ------------------------------------------------------------------------------------------------------------- bytes


def test_the_same_extraction_gives_the_same_bytes(graph):
    """Two graphs of one extraction are the same N-Triples and the same Turtle, byte for byte."""
    again = to_graph(EXTRACTION, load_ontology(), READING, DEFAULT_BASE)
    assert to_ntriples(again) == to_ntriples(graph)
    assert to_turtle(again, DEFAULT_BASE) == to_turtle(graph, DEFAULT_BASE)


def test_both_notations_say_the_same(graph):
    """Turtle and N-Triples, read again, are the same graph."""
    turtle, triples = (
        Graph().parse(data=d, format=f)
        for d, f in ((to_turtle(graph, DEFAULT_BASE), "turtle"), (to_ntriples(graph), "nt"))
    )
    assert isomorphic(turtle, triples)


def test_the_digest_follows_text_and_metadata():
    """A changed text, title, date, publisher or URL changes the digest; the id does not."""
    article = EXTRACTION.article
    digest = article_digest(article)
    assert article_digest(replace(article, id="other")) == digest
    for field in ("text", "published", "publisher", "title", "url"):
        assert article_digest(replace(article, **{field: "2001-01-01"})) != digest


@settings(max_examples=60, deadline=None)
@given(text=ANY_TEXT, title=ANY_TEXT, name=ANY_TEXT, article=ANY_TEXT)
def test_hostile_words_come_through(text, title, name, article):
    """Whatever stands in a text, a title, a name or an id, another reader gets it back unchanged from the bytes."""
    entities = (_entity(1, name, "Person"), _entity(2, name, "Place"), _entity(3, name, "Group", named=False))
    extraction = Extraction(Article(article, text, title=title, url=name), entities)
    graph = to_graph(extraction, load_ontology(), READING, DEFAULT_BASE)
    quads = list(parse(to_ntriples(graph), RdfFormat.N_TRIPLES))
    literals = {quad.object.value for quad in quads if hasattr(quad.object, "datatype")}
    assert {text, title, name} <= literals
    assert len(quads) == len(graph)


# -------------------------------------------------------------------------------------------------------------- IRIs


@given(one=ANY_TEXT, other=ANY_TEXT)
def test_different_articles_never_share_a_graph(one, other):
    """Different ids give different IRIs, none of which climbs out of its folder."""
    first, second = graph_iri(one, DEFAULT_BASE), graph_iri(other, DEFAULT_BASE)
    assert (first == second) == (one == other)
    assert "/../" not in f"{first}/"
    assert "/./" not in f"{first}/"
    assert "#" not in first


@given(names=st.lists(ANY_TEXT, min_size=2, max_size=8))
def test_things_of_one_article_never_share_an_iri(names):
    """Unnamed entities with the same words at the same place, and an event there, stay apart."""
    entities = tuple(_entity(i, name, "Group", named=False) for i, name in enumerate(names))
    event = Event("e1", "Killing", (), (Mention(0, 1, "x"),))
    twin = replace(event, id="e2")
    minter = Minter(Extraction(Article("a", "x"), entities, (event, twin)), DEFAULT_BASE)
    iris = [
        *(minter.entity(e.id) for e in entities),
        minter.event("e1"),
        minter.event("e2"),
        minter.reading,
        minter.own_voice,
    ]
    assert len(set(iris)) == len(iris)


@pytest.mark.parametrize(
    ("name", "kind", "named", "iri"),
    [
        ("Ada Okoro", "Person", True, "person/ada-okoro"),
        ("Okoro", "Person", True, None),
        ("Ada Okoro", "Person", False, None),
        ("Red Crescent", "Association", True, "organization/red-crescent"),
        ("the ministry", "GovernmentAgency", False, None),
        ("Lodwar", "Settlement", True, "place/lodwar"),
        ("Lake Victoria", "NaturalPlace", True, "place/lake-victoria"),
        ("Kurds", "Norp", True, "norp/kurds"),
        ("The Masked Five", "Group", True, None),
        ("Marks & Sons", "Company", True, "organization/marks-%26-sons"),
        ("N'Djamena", "Settlement", True, "place/ndjamena"),
        ("Łódź", "Settlement", True, "place/łódź"),
        ("!!!", "Company", True, None),
    ],
)
def test_global_iris_are_for_names_that_articles_share(name, kind, named, iri):
    """Named organisations, places and norps, and persons with a full name, have an IRI outside the article."""
    expected = f"{DEFAULT_BASE}{iri}" if iri else None
    assert global_iri(_entity(1, name, kind, named=named), DEFAULT_BASE) == expected


def test_two_chains_of_one_name_are_one_entity_with_one_label():
    """Two spellings that mint one IRI give one entity: the first is its name, the other another name."""
    entities = (_entity(1, "Al-Noor Party", "PoliticalParty"), _entity(2, "Al Noor Party", "PoliticalParty", start=1))
    graph = to_graph(Extraction(Article("a", "xx"), entities), load_ontology(), READING, DEFAULT_BASE)
    party = URIRef(f"{DEFAULT_BASE}organization/al-noor-party")
    assert list(graph.objects(party, SKOS.prefLabel)) == [Literal("Al-Noor Party")]
    assert list(graph.objects(party, SKOS.altLabel)) == [Literal("Al Noor Party")]


def test_slugs_keep_names_apart():
    """Accents, scripts and symbols that tell names apart stay; case, hyphens and quotation marks do not."""
    assert slug("Ana Muñoz") != slug("Ana Munoz")
    assert slug("C++ Works") != slug("C Works")
    assert slug("“Al-Noor”  Party") == slug("Al Noor Party") == "al-noor-party"
    assert slug("東京 電力") == "東京-電力"
    assert slug("...") == ""
    assert kebab("AirStrike") == "air-strike"


def test_a_place_in_the_text_is_a_readable_iri():
    """A mention's IRI ends in its offsets as RFC 5147 writes them."""
    assert Minter(EXTRACTION, DEFAULT_BASE).mention(at("killed")) == f"{DEFAULT_BASE}article/quarry#char=36,42"
