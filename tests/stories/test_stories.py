"""Four reports of one happening, two killings of one day, what people decide, and the same links in any order."""

from __future__ import annotations

import pytest

from kg.linking.links import read_links
from kg.pipeline.stories.links import (
    decide_events,
    relate,
    relate_again,
    say_one_happening,
    settle_events,
    story_graph,
    story_links,
)
from kg.pipeline.stories.story import read_stories
from kg.store.opening import open_store
from tests.reports import BASE, Told, put

DAY = "2024-05-14"
MARKET = {"place": "Halvard", "patient": "market"}


def _killed(trigger, number, cause):
    who = {"place": "Halvard", "patient": "people"}
    return Told("Killing", trigger, who, DAY, ("patient", number, number), cause=cause)


REPORTS = {
    "r1": (
        "A bomb exploded at a market in Halvard on Tuesday, killing nine people, police said.",
        Told("Bombing", "exploded", MARKET, DAY),
        _killed("killing", 9, "exploded"),
        "2024-05-14",
        "Coast Courier",
    ),
    "r2": (
        "The number of people killed in Tuesday's bombing of a market in Halvard rose to 12, the health ministry said.",
        Told("Bombing", "bombing", MARKET, DAY),
        _killed("killed", 12, "bombing"),
        "2024-05-15",
        "Northern Post",
    ),
    "r3": (
        "The Red Front said that it was behind the bombing that killed 14 people at a market in Halvard on Tuesday.",
        Told("Bombing", "bombing", MARKET, DAY),
        _killed("killed", 14, "bombing"),
        "2024-05-16",
        "Evening Ledger",
    ),
    "r4": (
        "Two men were held over the bombing of a market in Halvard, where 15 people were killed on Tuesday.",
        Told("Bombing", "bombing", MARKET, DAY),
        _killed("killed", 15, "bombing"),
        "2024-05-18",
        "Coast Courier",
    ),
}


def _fill(store, names="r1 r2 r3 r4"):
    for name in names.split():
        text, bombing, killing, published, publisher = REPORTS[name]
        put(store, name, text, bombing, killing, published=published, publisher=publisher)


@pytest.fixture
def store():
    """A store in memory with the four reports."""
    with open_store(":memory:", mode="write") as opened:
        _fill(opened)
        yield opened


def test_four_reports_are_one_event_with_its_tolls_in_order(store):
    """One story: a bombing and those it killed, each once; four reports; nine, 12, 14, 15 as the days went."""
    done = relate(store)
    assert (done.happenings, done.accepted, done.copies) == (2, 6, 0)
    (story,) = read_stories(store)
    assert [(h.type, h.reports, len(h.events)) for h in story.happenings] == [("Bombing", 4, 4), ("Killing", 4, 4)]
    assert [h.label for h in story.happenings] == ["Bombing bombing", "Killing killed"], "as most reports have it"
    assert [(r.published, r.publisher) for r in story.reports] == [
        ("2024-05-14", "Coast Courier"),
        ("2024-05-15", "Northern Post"),
        ("2024-05-16", "Evening Ledger"),
        ("2024-05-18", "Coast Courier"),
    ]
    killing = story.happenings[1]
    assert [(t.published, t.least) for t in killing.tolls] == [
        ("2024-05-14", 9),
        ("2024-05-15", 12),
        ("2024-05-16", 14),
        ("2024-05-18", 15),
    ]
    assert ("place", "Halvard", 4) in killing.agreed
    assert ("day", DAY, 4) in killing.agreed
    assert (story.days, story.places) == (DAY, ("Halvard",))
    assert {(c.kind, c.verdict) for c in story.contradicted} <= {("count", "disjoint"), ("count", "update")}
    assert story.contradicted


def test_two_killings_in_one_city_on_one_day_stay_two(store):
    """A shopkeeper shot at home is none of those who died at the market."""
    put(
        store,
        "shop",
        "A gunman killed the shopkeeper Peter Sand outside his home in Halvard on Tuesday, neighbours said.",
        Told("Killing", "killed", {"place": "Halvard", "agent": "gunman", "patient": "Peter Sand"}, DAY),
        published="2024-05-15",
    )
    put(
        store,
        "shop2",
        "Peter Sand, a shopkeeper, was killed by a gunman at his home in Halvard on Tuesday night.",
        Told("Killing", "killed", {"place": "Halvard", "agent": "gunman", "patient": "Peter Sand"}, DAY),
        published="2024-05-15",
    )
    relate(store)
    big, small = read_stories(store)
    assert (len(big.reports), len(small.reports)) == (4, 2)
    assert {r.article.rpartition("/")[2] for r in small.reports} == {"shop", "shop2"}


@pytest.mark.parametrize(("first", "second", "one"), [("Sand", "Sand", True), ("Voss", "Sand", False)])
def test_murders_of_two_people_stay_two(first, second, one):
    """One word, one town, one day: of one victim one murder, of two victims two, whatever else is alike."""
    names = {"Sand": "Peter Sand", "Voss": "Anna Voss"}
    with open_store(":memory:", mode="write") as store:
        for number, victim in enumerate((names[first], names[second])):
            text = f"{victim} was murdered in the harbour of Halvard on Tuesday, police said. It was closed."
            if number:
                text = f"Police in Halvard said {victim} had been murdered in the harbour. It stayed closed."
            told = Told("Killing", "murdered", {"place": "Halvard", "patient": victim}, DAY)
            put(store, f"m{number}", text, told, published="2024-05-15")
        relate(store)
        assert bool(read_stories(store)) is one
        (link,) = [link for link in story_links(store).values() if link.kind == "EventLink"] or [None]
        assert link is None or (link.status == "accepted") is one


def test_other_places_and_other_days_stay_apart():
    """The same words of another town, or of another week, are another happening."""
    with open_store(":memory:", mode="write") as store:
        for name, town, day in (("a", "Halvard", DAY), ("b", "Ostra", DAY), ("c", "Halvard", "2024-07-30")):
            text = f"A bomb exploded at a market in {town} on Tuesday, police said."
            put(store, name, text, Told("Bombing", "exploded", {"place": town}, day), published=day)
        relate(store)
        assert read_stories(store) == []


def test_the_same_links_in_any_order(store):
    """Loaded one by one, backwards, or at once: the same bytes."""
    relate(store)
    with open_store(":memory:", mode="write") as other:
        for name in "r4 r2 r3 r1".split():
            _fill(other, name)
            relate(other)
        assert other.graph_bytes(story_graph(other)) == store.graph_bytes(story_graph(store))
    with open_store(":memory:", mode="write") as fewer:
        _fill(fewer, "r1 r2 r3")
        relate(fewer)
        store.drop(f"{BASE}article/r4")
        relate_again(store)
        assert fewer.graph_bytes(story_graph(fewer)) == store.graph_bytes(story_graph(store))


def test_a_decision_binds_and_can_be_taken_back(store):
    """A rejected pair is in no group together, also after a reload; taken back, all is as before."""
    relate(store)
    before = store.graph_bytes(story_graph(store))
    key = next(iri for iri, link in story_links(store).items() if "bombing" in link.subject)
    link = story_links(store)[key]
    (rejected,) = decide_events(store, [key], "rejected")
    assert rejected.status == "rejected"
    relate(store)
    joined = [set(h.events) for story in read_stories(store) for h in story.happenings]
    assert not any({link.subject, link.target} <= events for events in joined)
    assert not store.query(f"ASK {{ <{link.subject}> <http://www.w3.org/2002/07/owl#sameAs> <{link.target}> }}")
    decide_events(store, [key], None)
    assert store.graph_bytes(story_graph(store)) == before


def test_two_events_are_said_to_be_one(store):
    """What no words tell a person can say; entities' links are not touched by it."""
    put(store, "x", "It happened again in the old town.", Told("Attack", "happened"))
    relate(store)
    one, other = f"{BASE}article/r1#bombing-7", f"{BASE}article/x#attack-3"
    assert say_one_happening(store, one, other, "accepted").status == "accepted"
    relate(store)
    assert any({one, other} <= set(h.events) for story in read_stories(store) for h in story.happenings)
    assert read_links(store) == {}


def test_a_repeated_article_counts_as_one_report(store):
    """An agency's text in a second paper makes no fifth report and no second figure; the story names it."""
    text, bombing, killing, _, _ = REPORTS["r1"]
    longer = text + " The market was full of people who were buying food for the feast, and the roof came down on them."
    put(store, "r1", longer, bombing, killing, published="2024-05-14", publisher="Coast Courier")
    put(store, "again", longer, bombing, killing, published="2024-05-14", publisher="The Islander")
    assert relate(store).copies == 1
    (story,) = read_stories(store)
    assert len(story.reports) == 4
    assert [(r.article, r.repeated_in) for r in story.reports if r.repeated_in] == [
        (f"{BASE}article/again", (f"{BASE}article/r1",))
    ]
    assert [t.least for t in story.happenings[1].tolls] == [9, 12, 14, 15]


def test_decisions_on_events_are_read_from_a_table(store):
    """Rows of SSSOM: a rejected pair is apart, a candidate again is as nobody decided; what stands so is no change."""
    relate(store)
    before = store.graph_bytes(story_graph(store))
    link = next(k for k in story_links(store).values() if k.status == "accepted")
    row = (link.target, link.subject)
    assert settle_events(store, [(*row, "accepted")]) == []
    assert [k.status for k in settle_events(store, [(*row, "rejected")])] == ["rejected"]
    assert {k.status for k in story_links(store).values() if {k.subject, k.target} == set(row)} == {"rejected"}
    assert [k.status for k in settle_events(store, [(*row, "candidate")])] == ["candidate"]
    assert store.graph_bytes(story_graph(store)) == before
