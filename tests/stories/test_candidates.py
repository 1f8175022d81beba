"""What is worth comparing is found by an index: the right pairs, and few of the others."""

from __future__ import annotations

from kg.ontology.load import load_ontology
from kg.pipeline.stories.candidates import candidate_pairs
from kg.pipeline.stories.reading import read_accounts
from kg.pipeline.stories.wording import word_table
from kg.store.opening import open_store
from tests.reports import Told, put


def _pairs(store, among=None):
    accounts, texts = read_accounts(store, load_ontology(), word_table())
    return len(accounts), [(a.iri, b.iri) for a, b in candidate_pairs(accounts, texts, among)]


def _article(iri):
    return iri.partition("#")[0].rpartition("/")[2]


def test_many_articles_are_not_compared_with_all():
    """300 articles, each twice: their pairs are found, and hardly any of the 180,000 others."""
    with open_store(":memory:", mode="write") as store:
        for number in range(300):
            town = f"Town{chr(97 + number % 26)}{chr(97 + number // 26)}"
            day = f"2024-{number % 12 + 1:02}-{number % 27 + 1:02}"
            for paper in "ab":
                text = f"A bomb exploded in {town} on Monday, {'police' if paper == 'a' else 'doctors'} said."
                put(store, f"{paper}{number}", text, Told("Bombing", "exploded", {"place": town}, day), published=day)
        number, pairs = _pairs(store)
        assert number == 600
        assert sum(_article(a)[1:] == _article(b)[1:] for a, b in pairs) == 300
        assert len(pairs) < 20_000
        new = "https://news.example/article/a7"
        assert set(_pairs(store, {new})[1]) == {pair for pair in pairs if "a7" in map(_article, pair)}


def test_days_far_apart_are_no_pair_and_no_day_is_any_day():
    """The bombing of May and that of August are none; one that no day is known of may be either."""
    with open_store(":memory:", mode="write") as store:
        for name, day in (("may", "2024-05-14"), ("august", "2024-08-14"), ("never", "")):
            text = "A bomb exploded at the market in Halvard."
            put(store, name, text, Told("Bombing", "exploded", {"place": "Halvard"}, day), published=day)
        _, pairs = _pairs(store)
        named = [tuple(map(_article, pair)) for pair in pairs]
        assert sorted(named) == [("august", "never"), ("may", "never")]
