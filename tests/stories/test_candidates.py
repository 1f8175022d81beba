"""What is worth comparing is found by an index: the right pairs, and few of the others."""

from __future__ import annotations

from itertools import combinations

from kg.ontology.load import load_ontology
from kg.pipeline.stories.candidates import pairs_between
from kg.pipeline.stories.kept import Kept
from kg.pipeline.stories.reading import read_article
from kg.pipeline.stories.wording import word_table
from tests.reports import BASE, Told, graph


def _kept(*articles):
    kept = Kept(None, "test")
    for name, text, told, day in articles:
        iri = f"{BASE}article/{name}"
        kept.put(iri, "", read_article(graph(name, text, told, published=day), iri, load_ontology(), word_table()))
    return kept


def _name(iri):
    return iri.partition("#")[0].rpartition("/")[2]


def test_many_articles_are_not_compared_with_all():
    """300 articles, each twice: the twin is found for each, and few of the 599 others."""
    articles = []
    for number in range(300):
        town = f"Town{chr(97 + number % 26)}{chr(97 + number // 26)}"
        day = f"2024-{number % 12 + 1:02}-{number % 27 + 1:02}"
        for paper in "ab":
            text = f"A bomb exploded in {town} on Monday, {'police' if paper == 'a' else 'doctors'} said."
            articles.append((f"{paper}{number}", text, Told("Bombing", "exploded", {"place": town}, day), day))
    kept = _kept(*articles)
    near = {
        name: {_name(iri) for iri in kept.matters_near(kept.article(f"{BASE}article/{name}"))} for name, *_ in articles
    }
    assert all(f"b{name[1:]}" in its for name, its in near.items() if name[0] == "a")
    assert sum(map(len, near.values())) < 80_000


def test_days_far_apart_are_no_pair_and_no_day_is_any_day():
    """The bombing of May and that of August are none; one that no day is known of may be either."""
    text = "A bomb exploded at the market in Halvard."
    days = {"may": "2024-05-14", "august": "2024-08-14", "never": ""}
    kept = _kept(*((n, text, Told("Bombing", "exploded", {"place": "Halvard"}, d), d) for n, d in days.items()))
    found = set()
    for one, other in combinations(sorted(days), 2):
        read, their = (kept.article(f"{BASE}article/{name}") for name in (one, other))
        if list(pairs_between(read.accounts, read.text, their.accounts, their.text)):
            found.add((one, other))
            assert f"{BASE}article/{other}" in kept.matters_near(read)
    assert found == {("august", "never"), ("may", "never")}
