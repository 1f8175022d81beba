"""The JSON view: what the scoring tool and data frames read."""

from __future__ import annotations

import json

import pytest
from extractions import EXTRACTION, TEXT

from kg.core.vocab import DEFAULT_BASE
from kg.graph.jsonview import ROLES, to_record
from kg.graph.mint import Minter


@pytest.fixture(scope="module")
def record():
    """The record of the test's extraction, as another program reads it."""
    return json.loads(json.dumps(to_record(EXTRACTION, DEFAULT_BASE)))


def test_a_record_has_the_documented_fields(record):
    """Records, entities and events have exactly the fields of the documented view."""
    assert list(record) == ["doc", "published", "entities", "events"]
    assert set(record["entities"][0]) == {"id", "iri", "type", "types", "name", "named", "mentions"}
    rest = {"id", "iri", "type", "types", "triggers", "time", "time_text", "counts", "source", "status"}
    assert set(record["events"][0]) == rest | set(ROLES)


def test_offsets_are_those_of_the_text(record):
    """Every mention and trigger is the text between its offsets."""
    mentions = [m for e in record["entities"] for m in e["mentions"]] + [
        t for e in record["events"] for t in e["triggers"]
    ]
    assert all(TEXT[m["start"] : m["end"]] == m["text"] for m in mentions)


def test_types_go_from_the_own_class_upward(record):
    """``types`` begins with ``type`` and ends with Event or Entity."""
    killing = record["events"][0]
    assert killing["types"] == ["Killing", "Death", "Violence", "Event"]
    assert all(thing["types"][0] == thing["type"] for thing in (*record["entities"], *record["events"]))


def test_a_count_has_its_role_entity_and_bounds(record):
    """“At least 12 miners” is min 12, no max, not approximate."""
    assert record["events"][0]["counts"] == [
        {"role": "patient", "entity": "n1", "min": 12, "max": None, "approx": False}
    ]


def test_times_are_dates_pairs_or_nothing(record):
    """A day is a date, "since" a pair that is open at its end; an inferred time has no words."""
    times = {event["id"]: (event["time"], event["time_text"]) for event in record["events"]}
    assert times["e1"] == ("2024-05-06", "Monday")
    assert times["e2"] == ("2024-05-06", None)
    assert times["e3"] == (None, None)
    assert times["e4"] == (["2019-05", None], "since May 2019")


def test_a_cause_is_an_event_or_words(record):
    """A cause is the id of an event, or the words of the text."""
    causes = {event["id"]: event["cause"] for event in record["events"]}
    assert causes["e1"] == ["e2"]
    assert causes["e4"] == ["which the army has done"]


def test_source_and_status_are_told(record):
    """The source is an entity's id or null, the status one of four words."""
    assert [event["source"] for event in record["events"]] == ["n6", "n6", "n7", None]
    assert [event["status"] for event in record["events"]] == ["asserted", "asserted", "negated", "planned"]


def test_iris_are_those_of_the_graph(record):
    """A record's IRIs are the ones that the graph has."""
    minter = Minter(EXTRACTION, DEFAULT_BASE)
    assert {e["iri"] for e in record["entities"]} == {minter.entity(e.id) for e in EXTRACTION.entities}
    assert {e["iri"] for e in record["events"]} == {minter.event(e.id) for e in EXTRACTION.events}
