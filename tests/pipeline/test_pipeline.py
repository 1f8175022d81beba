"""The line from inputs to the store, with a stand-in for the language model's part."""

from __future__ import annotations

import pytest

import kg.pipeline.load
from kg.articles import SkippedInput
from kg.core.model import Article, Extraction, Reading, ValidationReport, Violation
from kg.graph.mint import graph_iri
from kg.graph.triples import to_graph, to_ntriples
from kg.pipeline.load import BATCH, load
from kg.pipeline.prepared import Prepared, Reader, Settings
from kg.store.opening import open_store

GRAPH = "https://news.example/article/{}"


class StandIn(Reader):
    """Reads without a language model: no events, a graph of the article alone; counts what it reads."""

    read: list[str] = []  # noqa: RUF012 - shared on purpose: the pipeline makes readers of its own
    version = "1"

    @property
    def reading(self):
        """The version under which this reader reads."""
        return Reading("kg 0", f"stand-in {self.version}", self.ontology.digest)

    def prepare(self, articles, base, corrections=()):  # noqa: ARG002 # none are tried here
        """Validated graphs; a text with the word 'broken' breaks a shape, one with 'fails' cannot be read."""
        return [self._one(article, base) for article in articles]

    def _one(self, article, base):
        StandIn.read.append(article.id)
        if "fails" in article.text:
            return SkippedInput(article.id, "reading it failed")
        graph = to_graph(Extraction(article), self.ontology, self.reading, base)
        broken = (Violation("x", None, "broken", "Violation"),) if "broken" in article.text else ()
        report = ValidationReport(not broken, broken)
        return Prepared(article, graph_iri(article.id, base), to_ntriples(graph), report, 0)


@pytest.fixture(autouse=True)
def reads(monkeypatch):
    """The ids of the articles that were read, the stand-in in the place of the reader."""
    monkeypatch.setattr(kg.pipeline.load, "Reader", StandIn)
    monkeypatch.setattr(StandIn, "version", "1")
    StandIn.read.clear()
    return StandIn.read


@pytest.fixture
def store():
    """An empty store in memory."""
    with open_store(":memory:", mode="write") as opened:
        yield opened


def _stored(store):
    """The graphs of articles."""
    return [graph for graph in store.graphs() if "/article/" in graph]


def _articles(number, text="The fair was opened."):
    return [Article(f"a{n}", text, "2020-01-01") for n in range(number)]


def _kinds(inputs, store, **options):
    return [(o.where, o.kind) for o in load(inputs, store, Settings(), **options)]


def test_each_article_becomes_one_named_graph(store):
    """As many graphs as articles, under their ids."""
    assert _kinds(_articles(3), store) == [("a0", "stored"), ("a1", "stored"), ("a2", "stored")]
    assert _stored(store) == [GRAPH.format(f"a{n}") for n in range(3)]


def test_outcomes_keep_the_order_of_the_inputs_across_batches(store):
    """Stored, skipped and refused inputs come out where they came in."""
    inputs = [*_articles(BATCH - 1), SkippedInput("b.txt:3", "empty"), Article("c", "broken"), Article("d", "fails")]
    kinds = _kinds(inputs, store)
    assert kinds[BATCH - 1 :] == [("b.txt:3", "skipped"), ("c", "refused"), ("d", "skipped")]
    assert len(_stored(store)) == BATCH - 1


def test_an_unchanged_article_is_not_read_again(store, reads):
    """A second load of the same articles reads nothing and stores nothing."""
    _kinds(_articles(3), store)
    reads.clear()
    assert {kind for _, kind in _kinds(_articles(3), store)} == {"unchanged"}
    assert reads == []


@pytest.mark.parametrize(
    "changed",
    [
        Article("a0", "The fair was closed.", "2020-01-01"),
        Article("a0", "The fair was opened.", "2020-01-02"),
        Article("a0", "The fair was opened.", "2020-01-01", publisher="P"),
        Article("a0", "The fair was opened.", "2020-01-01", title="T"),
        Article("a0", "The fair was opened.", "2020-01-01", url="https://p.example/"),
    ],
)
def test_a_change_of_text_or_metadata_is_read(store, changed):
    """Whatever changes about an article replaces its graph."""
    _kinds(_articles(1), store)
    assert _kinds([changed], store) == [("a0", "stored")]
    assert len(_stored(store)) == 1


def test_another_model_or_a_refresh_reads_everything_again(store, monkeypatch):
    """Versions decide, and so does the person."""
    _kinds(_articles(1), store)
    assert _kinds(_articles(1), store, refresh=True) == [("a0", "stored")]
    monkeypatch.setattr(StandIn, "version", "2")
    assert _kinds(_articles(1), store) == [("a0", "stored")]


def test_a_refused_article_leaves_its_older_graph(store):
    """A failed load of an article does not cost what was known of it."""
    _kinds(_articles(1), store)
    before = store.graph_bytes(GRAPH.format("a0"))
    (outcome,) = load([Article("a0", "broken")], store, Settings())
    assert (outcome.kind, outcome.report.violations[0].message) == ("refused", "broken")
    assert store.graph_bytes(GRAPH.format("a0")) == before


def test_an_article_without_a_date_is_told_apart(store):
    """The outcome says that nothing relative could be resolved."""
    assert [o.dated for o in load([Article("a", "x"), *_articles(1)], store, Settings())] == [False, True]


def test_batches_are_stored_as_they_come(store):
    """Articles already read are in the store before later ones are even asked for."""
    stored = []

    def inputs():
        for article in _articles(2 * BATCH):
            stored.append(len(_stored(store)))
            yield article

    list(load(inputs(), store, Settings()))
    assert stored == [0] * BATCH + [BATCH] * BATCH


def test_hostile_ids_get_graphs_of_their_own(store):
    """An id of quotes, spaces and brackets is an id like any other."""
    ids = ['a"b', "a b", "a>b<", "../a", "ä", "https://p.example/x?y=1#z", "a{b}"]
    assert {kind for _, kind in _kinds([Article(i, "The fair was opened.") for i in ids], store)} == {"stored"}
