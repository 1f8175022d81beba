"""Links of events are brought up to date with what is new: the same bytes as made anew, whatever came when."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg.pipeline.stories import links
from kg.pipeline.stories.links import decide_events, relate, say_one_happening, story_graph, story_links
from kg.store.opening import open_store
from tests.reports import BASE, Told, graph

TOWNS, DAYS = ("Halvard", "Ostra"), ("2024-05-14", "2024-05-15", "2024-06-20")
TEXTS = (
    "A bomb exploded at a market in {town}, killing {n} people, police said on {day}.",
    "The bombing of a market in {town} killed {n} people, a doctor said. The mayor of {town} called it an outrage.",
    "Two men were held after the explosion that killed {n} at the market of {town}, officials said on {day}.",
    "Fishermen of {town} found {n} whales on the beach, and nobody was killed when the boat turned over.",
)


def _graph(name, number):
    """An article by a number: which town, day and words it has."""
    town, day = TOWNS[number % 2], DAYS[number // 2 % 3]
    text = TEXTS[number // 6 % 4].format(town=town, day=day, n=3 + number % 5)
    trigger = next(word for word in ("exploded", "bombing", "explosion", "found") if word in text)
    who = {"place": town, "patient": "market" if "market" in text else "whales"}
    told = [Told("Bombing" if trigger != "found" else "Attack", trigger, who, day)]
    if "kill" in text:
        word = "killing" if "killing" in text else "killed"
        told.append(Told("Killing", word, {"place": town, "patient": "people"}, day, ("patient", 3, 3), cause=trigger))
    return graph(name, text, *told, published=day, publisher=f"Paper {number % 3}")


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("put"), st.integers(0, 7), st.integers(0, 23)),
        st.tuples(st.just("drop"), st.integers(0, 7), st.just(0)),
        st.tuples(st.just("decide"), st.integers(0, 5), st.sampled_from(("accepted", "rejected", None))),
        st.tuples(st.just("relate"), st.just(0), st.just(0)),
    ),
    min_size=4,
    max_size=14,
)


def _played(store, steps):
    for what, number, value in steps:
        if what == "put":
            store.replace(f"{BASE}article/a{number}", _graph(f"a{number}", value))
        elif what == "drop":
            store.drop(f"{BASE}article/a{number}")
        elif what == "decide":
            known = sorted(iri for iri, link in story_links(store).items() if link.kind == "EventLink")
            if known:
                try:
                    decide_events(store, [known[number % len(known)]], value)
                except links.KgError:
                    raise AssertionError(known) from None
        else:
            relate(store)
    relate(store)


@given(STEPS)
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_brought_up_to_date_is_made_anew(tmp_path_factory, steps):
    """Articles that come, change and go, decisions between: after each way the links are as all of them give."""
    _as_made_anew(tmp_path_factory, steps)


@pytest.mark.long
@given(STEPS)
@settings(max_examples=600, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_many_more_ways(tmp_path_factory, steps):
    """The same, more often."""
    _as_made_anew(tmp_path_factory, steps)


def _as_made_anew(tmp_path_factory, steps):
    where = tmp_path_factory.mktemp("kept") / links.FILE
    with pytest.MonkeyPatch.context() as patched, open_store(":memory:", mode="write") as store:
        patched.setattr(links, "_beside", lambda _: where)
        _played(store, steps)
        up_to_date = store.graph_bytes(story_graph(store))
        relate(store)
        assert store.graph_bytes(story_graph(store)) == up_to_date
        relate(store, anew=True)
        assert store.graph_bytes(story_graph(store)) == up_to_date


def test_a_load_reads_what_is_new(tmp_path, monkeypatch):
    """Of a hundred articles the one that came is read, and those of other weeks are not even looked at."""
    read, looked = [], []
    monkeypatch.setattr(links, "_beside", lambda _: tmp_path / links.FILE)
    real = links.read_article
    monkeypatch.setattr(links, "read_article", lambda *a: read.append(a[1]) or real(*a))
    monkeypatch.setattr(links.Kept, "article", _noting(links.Kept.article, looked))
    with open_store(":memory:", mode="write") as store:
        for number in range(60):
            town, day = f"Town{number}", f"2024-{1 + number % 12:02}-03"
            told = Told("Bombing", "exploded", {"place": town}, day)
            store.replace(
                f"{BASE}article/n{number}", graph(f"n{number}", f"A bomb exploded in {town}.", told, published=day)
            )
        relate(store)
        assert len(read) == 60
        read.clear()
        looked.clear()
        store.replace(f"{BASE}article/new", _graph("new", 0))
        relate(store)
        assert read == [f"{BASE}article/new"]
        assert len(set(looked)) < 20


def _noting(method, calls):
    def noted(self, iri):
        calls.append(iri)
        return method(self, iri)

    return noted


def test_a_link_that_is_gone_from_the_store_is_made_again(tmp_path, monkeypatch):
    """Who drops the graph of stories, or the file beside the store, finds both made anew."""
    monkeypatch.setattr(links, "_beside", lambda _: tmp_path / links.FILE)
    with open_store(":memory:", mode="write") as store:
        for number in (0, 6, 12):
            store.replace(f"{BASE}article/a{number}", _graph(f"a{number}", number))
        relate(store)
        whole = store.graph_bytes(story_graph(store))
        assert whole
        store.drop(story_graph(store))
        relate(store)
        assert store.graph_bytes(story_graph(store)) == whole
        (tmp_path / links.FILE).write_bytes(b"no database")
        relate(store)
        assert store.graph_bytes(story_graph(store)) == whole
        events = [iri for link in story_links(store).values() for iri in (link.subject, link.target)]
        one, other = min(events), max(events)
        say_one_happening(store, one, other, "rejected")
        relate(store, anew=True)
        assert [k.status for k in story_links(store).values() if {k.subject, k.target} == {one, other}] == ["rejected"]
