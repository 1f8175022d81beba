"""Corrections: applied by words and type to any reading of the text, told where they do not fit, taken back."""

from __future__ import annotations

import json
from dataclasses import replace
from types import SimpleNamespace

import pytest

from kg.core.errors import KgError
from kg.core.model import text_digest
from kg.graph.triples import to_ntriples, to_triples
from kg.ontology.load import load_ontology
from kg.pipeline.corrected import corrected, entity_at, is_dates
from kg.pipeline.correcting import place_of, standings
from kg.query.corrections import Correction, Place, add_correction, read_corrections, remove_corrections
from kg.store.exporters.facts import ArticleFacts
from kg.store.opening import open_store
from tests.extractions import EXTRACTION, READING, TEXT, at

ONTOLOGY = load_ontology()
ARTICLE = "https://news.example/article/quarry"


def place(words, nth=0):
    """Words of the text as a place."""
    found = at(words, nth)
    return Place(found.start, found.end, found.text)


def said(change, value="", other=None, *, words="killed", kind="Killing", order=1):
    """A correction of the killing, unless another event is named."""
    return Correction(
        order, ARTICLE, text_digest(TEXT), place(words), kind, change, value, other and place(other), "Ada", "because"
    )


def apply(*corrections):
    """The extraction with corrections, and the reasons of those that do not fit; its graph can be written."""
    found, unfit = corrected(EXTRACTION, corrections, ONTOLOGY)
    assert to_ntriples(to_triples(found, ONTOLOGY, READING, "https://news.example/"))
    return found, [one.reason for one in unfit]


def event(extraction, words, kind):
    """The event of this type that these words tell of."""
    return next((e for e in extraction.events for t in e.triggers if t.text == words and e.type == kind), None)


def test_a_type_is_changed():
    """And what stands above it with it; a second correction goes by the new type."""
    found, unfit = apply(said("type", "Attack"), said("status", "possible", kind="Attack", order=2))
    assert unfit == []
    assert event(found, "killed", "Killing") is None
    assert event(found, "killed", "Attack").types[:2] == ("Attack", "Violence")
    assert event(found, "killed", "Attack").status == "possible"


def test_no_event_leaves_nothing_behind():
    """Nobody claims it, its counts are gone, and what it caused has no cause."""
    found, unfit = apply(said("is-none", words="raided", kind="Attack"))
    assert unfit == []
    assert event(found, "raided", "Attack") is None
    assert all(role.role != "cause" for role in event(found, "killed", "Killing").roles)
    assert all("e2" not in claim.events for claim in found.claims)
    found, _ = apply(said("is-none"))
    assert all("q1" not in claim.counts for claim in found.claims)
    assert apply(said("is-none"), said("is-none", order=2))[1] == [], "it is said twice, and so it is"


def test_who_fills_a_role():
    """An entity of the text by its words, a new one where nobody was read there, one less."""
    found, _ = apply(said("fills", "agent", "Troops"), said("fills-not", "agent", "gunmen", order=2))
    assert event(found, "killed", "Killing").fillers("agent") == ("n10",)
    found, _ = apply(said("fills", "instrument", "Monday"))
    (new,) = event(found, "killed", "Killing").fillers("instrument")
    assert next(entity.name for entity in found.entities if entity.id == new) == "Monday"
    found, _ = apply(said("fills-not", "patient", "miners"))
    killing = event(found, "killed", "Killing")
    assert killing.fillers("patient") == ("n2",)
    assert killing.counts == (), "nobody is counted in a role that he does not fill"


def test_a_time_is_given_and_taken():
    """As precise as it was given, with the event's own words as evidence."""
    found, _ = apply(said("time", "2024-05"))
    time = event(found, "killed", "Killing").time
    assert (time.bounds.earliest_begin, time.bounds.grain, time.evidence.text) == ("2024-05", "month", "killed")
    assert event(apply(said("time", "none"))[0], "killed", "Killing").time is None
    spans = apply(said("time", "2024-05-01..2024-05-03"))[0]
    assert event(spans, "killed", "Killing").time.value == ("2024-05-01", "2024-05-03")
    assert [
        is_dates(words)
        for words in ("2024", "none", "2024-05-06..2024-05-08", "May", "2024-05-08..2024-05-06", "2024-13-45")
    ] == [*(True, True, True, False, False, False)]


def test_who_says_so():
    """By the claim that the source has already, or one of his own; or the article itself."""
    found, _ = apply(said("source", other="Ada Okoro"))
    assert event(found, "killed", "Killing").source == "n7"
    assert [claim.id for claim in found.claims if "e1" in claim.events] == ["c2"]
    assert [claim.id for claim in found.claims if "q1" in claim.counts] == ["c2"]
    found, _ = apply(said("source", other="Troops"))
    (claim,) = (claim for claim in found.claims if "e1" in claim.events)
    assert (claim.source, claim.cue.text) == ("n10", "Troops")
    found, _ = apply(said("source"))
    assert [claim for claim in found.claims if "e1" in claim.events] == []
    assert event(found, "killed", "Killing").source is None


def test_two_events_become_one():
    """The words and roles of both, and no cause of itself."""
    found, unfit = apply(said("same", "Attack", "raided"))
    assert unfit == []
    one = event(found, "killed", "Killing")
    assert [trigger.text for trigger in one.triggers] == ["killed", "raided"]
    assert "n5" in one.fillers("place")
    assert one.fillers("cause") == ()
    assert event(found, "raided", "Attack") is None


def test_a_missed_event_is_added_and_can_be_corrected():
    """In its place in the text; where it is read by now, nothing is added."""
    missed = said("missed", words="citing", kind="Accusation")
    found, unfit = apply(missed, said("fills", "agent", "Ada Okoro", words="citing", kind="Accusation", order=2))
    assert unfit == []
    assert event(found, "citing", "Accusation").fillers("agent") == ("n7",)
    starts = [one.triggers[0].start for one in found.events if one.triggers]
    assert starts[-2:] == sorted(starts[-2:])
    assert apply(said("missed"))[0].events == EXTRACTION.events


def test_what_does_not_fit_is_told_and_changes_nothing():
    """Another text, no such event, a type of an ontology that is not given."""
    other = replace(said("status", "planned"), text="0", place=Place(0, 3, "Two"))
    found, unfit = apply(other, said("status", "planned", kind="Meeting"), said("type", "Ambush"))
    assert found == EXTRACTION
    assert [reason.split(" ")[0] for reason in unfit] == ["the", "no", "Ambush"]


def test_a_correction_holds_where_the_reading_has_come_to_agree():
    """The event already has the type."""
    found, unfit = apply(said("type", "Killing", kind="Attack"))
    assert (found, unfit) == (EXTRACTION, [])


def test_words_stand_for_the_nearest_entity():
    """The mention itself, else the shortest around it."""
    assert entity_at(EXTRACTION, place("mines minister")).id == "n7"
    assert entity_at(EXTRACTION, place("since")) is None


def test_corrections_are_kept_in_a_graph_of_their_own():
    """As they were said, in their order; without any the graph is gone."""
    store = open_store(":memory:", mode="write")
    first = add_correction(store, said("type", "Attack"))
    second = add_correction(store, said("source", other="Ada Okoro"))
    assert store.graphs() == ["https://news.example/graph/corrections"]
    assert list(read_corrections(store).values()) == [
        said("type", "Attack"),
        said("source", other="Ada Okoro", order=2),
    ]
    assert read_corrections(store, ["https://news.example/article/other"]) == {}
    assert remove_corrections(store, [first.rpartition("#")[2]]) == [said("type", "Attack")]
    assert list(read_corrections(store)) == [second]
    remove_corrections(store, [second])
    assert store.graphs() == []


@pytest.mark.model
def test_corrections_outlast_readings_and_models(run_kg, tmp_path):
    """Said, seen, kept over a refresh and a new model, listed where they conflict; taken back, all is as before."""
    article, store = tmp_path / "harbour.txt", tmp_path / "store"
    words = "Police arrested two men in Norvia on Tuesday. Rebels attacked the harbour of Kirra."
    article.write_text(f"Date: 2024-05-08\n\n{words}\n")
    assert run_kg("load", article, "--store", store)[0] == 0
    before = run_kg("export", "--store", store, "--format", "nquads")[1]
    by = ("--by", "Ana Ruelo", "--why", "it was a bomb", "--store", store)
    start = words.index("attacked")
    event = f"article:harbour#attack-{start}"
    status, _, err = run_kg("correct", event, "--type", "Bombing", "--status", "possible", *by)
    assert (status, "it is a Bombing" in err) == (0, True), err
    asked = ("query", "--store", store, "SELECT ?t ?f { ?e kg:eventType ?t ; kg:factuality ?f } ORDER BY ?t")
    expected = ["kg:Arrest,kg:asserted", "kg:Bombing,kg:possible"]

    def seen():
        return [line.replace("https://kg.example/ontology#", "kg:") for line in run_kg(*asked)[1].split()[1:]]

    assert seen() == expected
    assert run_kg("load", article, "--store", store, "--refresh")[0] == 0
    assert seen() == expected
    assert run_kg("load", article, "--store", store, "--model", "fast")[0] == 0
    assert seen() == expected
    out = run_kg("explain", f"article:harbour#bombing-{start}", "--store", store)[1]
    assert "corrected: it is a Bombing (read as Attack), says Ana Ruelo: it was a bomb" in out
    assert run_kg("correct", "--conflicts", "--store", store)[0] == 0
    data = [json.loads(line) for line in run_kg("correct", "--export", "--store", store)[1].splitlines()]
    assert [(one["start"], one["read"], one["change"], one["value"]) for one in data] == [
        (start, "Attack", "status", "possible"),
        (start, "Attack", "type", "Bombing"),
    ]
    assert words not in json.dumps(data)
    run_kg(
        "update",
        "DELETE { GRAPH ?g { ?e kg:eventType kg:Bombing } } WHERE { GRAPH ?g { ?e kg:eventType kg:Bombing } }",
        "--store",
        store,
    )
    status, out, _ = run_kg("correct", "--conflicts", "--store", store)
    assert (status, out.count("conflict")) == (1, 2)
    status, _, err = run_kg(
        "correct", "--undo", f"2-harbour-{start}-type", "--undo", f"1-harbour-{start}-status", "--store", store
    )
    assert (status, err.count("taken back")) == (0, 2), err
    assert run_kg("load", article, "--store", store, "--refresh", "--undo-updates")[0] == 0
    assert run_kg("export", "--store", store, "--format", "nquads")[1] == before
    for arguments, message in (
        ((event, "--type", "Nonsense"), "is no event type"),
        ((event, "--type", "Bomging"), "did you mean Bombing?"),
        ((event, "--status", "negated", "--time", "Monday"), "a date such as"),
        ((event, "--same", f"https://news.example/article/harbour#attack-{start}"), "it is the event itself"),
        ((f"article:harbour#bombing-{start}", "--status", "negated"), f"there is attack-{start}"),
        (("attack-24", "--status", "negated"), "give its IRI, such as"),
        (("article:harbour", "--missed", "Arrest", "--at", "arrested"), "it was not missed: arrest-7 is read"),
        ((event, "--status", "maybe"), "one of asserted"),
        ((event, "--role", "driver=men"), "is no role"),
        ((event, "--role", "agent=nobody"), "does not stand in the text"),
        ((event, "--role", "agent=the"), "“the” names nobody and nothing that could fill a role"),
        ((event, "--time", "Monday"), "a date such as"),
        (("article:harbour#attack-1", "--status", "planned"), "is no event of its article"),
        (("nothing", "--missed", "Attack", "--at", "men"), "has no article"),
        ((event,), "say what is otherwise"),
        (("--undo", "7-x"), "is no correction"),
    ):
        status, _, err = run_kg("correct", *arguments, *by)
        assert (status, message in err) == (2, True), err
    assert run_kg("correct", event, "--status", "negated", "--by", " ", "--why", "x", "--store", store)[0] == 2
    assert run_kg("correct", "--list", "--format", "csv", "--store", store)[1].count("\n") == 1, "nothing was kept"
    note = 'INSERT DATA { GRAPH <https://news.example/article/harbour> { <urn:x> <urn:note> "mine" } }'
    assert run_kg("correct", event, "--status", "negated", *by)[0] == 0
    assert run_kg("update", note, "--store", store)[0] == 0
    status, _, err = run_kg("correct", event, "--time", "2024-05-07", *by)
    assert (status, "would undo that" in err) == (2, True), err
    status, _, err = run_kg("correct", "--undo", f"1-harbour-{start}-status", "--store", store)
    assert (status, "as it is: `kg update`" in err) == (0, True), err
    assert run_kg("query", "ASK { ?x <urn:note> 'mine' }", "--store", store)[0] == 0


@pytest.mark.model
def test_links_follow_a_type(run_kg, tmp_path):
    """An event's name has its type: links to other articles' events name what is there."""
    store = tmp_path / "store"
    texts = {
        "one": "Police arrested two men in Norvia on Monday over the fire at the mill.",
        "two": "Two men were arrested by police in Norvia on Monday over the fire at the mill.",
    }
    for name, words in texts.items():
        (tmp_path / f"{name}.txt").write_text(f"Date: 2024-05-08\n\n{words}\n")
    assert run_kg("load", tmp_path / "one.txt", tmp_path / "two.txt", "--store", store)[0] == 0
    ends = (
        "SELECT DISTINCT ?e { { ?l kg:linkSubject ?e } UNION { ?l kg:linkTarget ?e } "
        "FILTER(CONTAINS(STR(?e), '#')) FILTER NOT EXISTS { ?e kg:eventType ?t } }"
    )
    linked = run_kg("query", "ASK { ?l kg:linkSubject <https://news.example/article/one#arrest-7> }", "--store", store)
    assert linked[0] == 0, "a link that is to follow"
    by = ("--by", "Ana Ruelo", "--why", "it was a raid", "--store", store)
    assert run_kg("correct", "article:one#arrest-7", "--type", "Attack", *by)[0] == 0
    assert run_kg("query", ends, "--store", store, "--format", "csv")[1].split() == ["e"]
    assert run_kg("correct", "--undo", "1-one-7-type", "--store", store)[0] == 0
    again = run_kg("query", "ASK { ?l kg:linkSubject <https://news.example/article/one#arrest-7> }", "--store", store)
    assert again[0] == 0


def test_a_correction_that_a_later_one_takes_back_is_no_conflict():
    """Who was said not to do it and then to do it."""
    with open_store(":memory:", mode="write") as store:
        store.replace(ARTICLE, to_ntriples(to_triples(EXTRACTION, ONTOLOGY, READING, "https://news.example/")))
        add_correction(store, said("fills-not", "agent", "gunmen"))
        add_correction(store, said("fills", "agent", "gunmen"))
        add_correction(store, said("fills-not", "agent", "Troops"))
        stood = standings(store, SimpleNamespace(ontology=ONTOLOGY))
    assert [(one.holds, one.reason) for one in stood] == [
        (True, "a later correction says more"),
        (True, ""),
        (True, ""),
    ]


def facts(text):
    """What a store tells of an article."""
    return ArticleFacts(ARTICLE, text=text)


@pytest.mark.parametrize(("near", "begin"), [(0, 0), (5, 4), (9, 8), (99, 12)])
def test_words_are_found_nearest_to_where_they_are_looked_for(near, begin):
    """Of words that stand four times in a text, from its first letter on."""
    assert place_of(facts("war war war war"), "war", near) == Place(begin, begin + 3, "war")


def test_whole_words_go_before_parts_of_others():
    """Of men and women the men, though the women stand nearer; a part where there is no word."""
    text = facts("The women met. The men and the fishermen came.")
    assert place_of(text, "men", 8) == Place(19, 22, "men")
    assert place_of(text, "fisher", 0) == Place(31, 37, "fisher")


def test_words_that_do_not_stand_there_are_told():
    """Neither words of another text nor a place outside it."""
    assert place_of(facts("war and peace"), "4,7", 0) == Place(4, 7, "and")
    for words in ("famine", "", "7,4", "0,99"):
        with pytest.raises(KgError, match="does not stand in the text"):
            place_of(facts("war and peace"), words, 0)


@pytest.mark.parametrize(
    ("one", "holds"),
    [
        (said("time", "2024-05-06..2024-05-07"), True),
        (said("time", "2024-05"), True),
        (said("time", "2024-05-09.."), False),
        (said("time", "none"), False),
        (said("time", "2024", words="arrested", kind="Arrest"), False),
        (said("time", "none", words="arrested", kind="Arrest"), True),
        (said("status", "asserted"), True),
        (said("status", "possible"), False),
        (said("fills", "agent", "gunmen"), True),
        (said("fills", "agent", "Troops"), False),
        (said("fills-not", "agent", "Troops"), True),
        (said("fills-not", "agent", "gunmen"), False),
        (said("source", other="Ada Okoro", words="arrested", kind="Arrest"), True),
        (said("source", other="Ada Okoro"), False),
        (said("type", "Killing", kind="Attack"), True),
        (said("is-none"), False),
        (said("is-none", kind="Meeting"), True),
    ],
    ids=lambda one: f"{one.change} {one.value} {one.place.words}" if isinstance(one, Correction) else None,
)
def test_a_correction_is_told_with_whether_it_holds(one, holds):
    """As the graph is: a correction that was applied, or one that a new reading has come to agree with."""
    with open_store(":memory:", mode="write") as store:
        store.replace(ARTICLE, to_ntriples(to_triples(EXTRACTION, ONTOLOGY, READING, "https://news.example/")))
        add_correction(store, one)
        (standing,) = standings(store, SimpleNamespace(ontology=ONTOLOGY))
    assert (standing.holds, bool(standing.reason)) == (holds, not holds), standing.reason
