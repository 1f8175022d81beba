"""What is held of a published copy answers as SPARQL does."""

from __future__ import annotations

import pytest

from kg.serve import selection
from kg.serve.chosen import Choice, choice
from kg.serve.held import HeldEvents, held, read
from kg.store.opening import open_store
from tests import harbour
from tests.serve import made

KG, BASE = "https://kg.example/ontology#", "https://news.example/"
CHOICES = {
    "all": {},
    "type": {"type": f"{KG}Killing"},
    "type above others": {"type": f"{KG}Violence"},
    "type that is not there": {"type": f"{KG}Nonsense"},
    "place": {"place": f"{BASE}place/Place-4"},
    "place of the harbour": {"place": f"{BASE}place/port-senna"},
    "place that is not there": {"place": "x:nowhere"},
    "who": {"who": f"{BASE}person/Person-26"},
    "who in any role": {"who": f"{BASE}place/port-senna"},
    "since": {"since": "2020-01-05"},
    "before all": {"since": "1500"},
    "after all": {"since": "2500-01-01"},
    "until": {"until": "2020-01"},
    "between": {"since": "2020-01-03", "until": "2020-01-06"},
    "status": {"status": "negated"},
    "several": {"type": f"{KG}Arrest", "since": "2020-01-02", "until": "2020-02", "status": "asserted"},
}


@pytest.fixture(scope="module")
def asked():
    """A store in memory, which is asked in SPARQL: the harbour and twelve articles made on the fly."""
    with harbour.in_memory() as store:
        store.fill(made.many(12))
        yield store


@pytest.fixture(scope="module")
def columns(asked):
    """The same events, held."""
    return read(asked)


@pytest.mark.parametrize("params", CHOICES.values(), ids=CHOICES)
def test_both_ways_give_the_same(asked, columns, params):
    """The latest, places, ties, words."""
    chosen = choice(params)
    assert columns.latest(chosen, 30) == selection.latest(asked, chosen, 30)
    for role, named in (("place", False), ("agent", True)):
        assert columns.count_of(role, chosen, named=named) == selection.count_of(asked, role, chosen, named=named)
    for unnamed in (True, False):
        given = selection.ties(asked, chosen, 25, unnamed=unnamed)
        assert columns.ties(chosen, 25, unnamed=unnamed) == given
    for words in ([], ["person", "2"], ["zork"]):
        assert columns.worded(chosen, words, 3, 20) == selection.worded(asked, chosen, words, 3, 20)


def test_counts_of_all(asked, columns):
    """Types and months."""
    assert columns.count_of_kinds() == selection.count_of_kinds(asked)
    assert sorted(columns.count_of_months().items(), reverse=True) == selection.count_of_months(asked, 100)


def test_a_published_copy_is_held_and_read_once(tmp_path):
    """Another copy is another one; a store that may change is asked."""
    location = harbour.in_folder(tmp_path / "store")
    with open_store(location, mode="read") as store:
        events = held(store)
        assert isinstance(events, HeldEvents)
        assert held(store) is events
        assert selection.latest(store, Choice(), 3) == events.latest(Choice(), 3) != []
    with harbour.in_memory() as store:
        assert held(store) is None


def test_a_store_without_events():
    """Nothing is chosen, nothing counted."""
    with open_store(":memory:", mode="write") as store:
        nothing = read(store)
    assert nothing.latest(Choice(), 5) == nothing.ties(Choice(), 5, unnamed=True) == nothing.count_of("place", Choice())
    assert (nothing.count_of_kinds(), nothing.count_of_months()) == ({}, {})
