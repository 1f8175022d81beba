"""Checking a store: every article and the links, and no foreign dataset."""

from __future__ import annotations

import pytest

from kg.core.model import Article, Extraction, Reading
from kg.graph.triples import to_graph, to_ntriples
from kg.ontology.load import load_ontology
from kg.pipeline.check_store import BATCH, Checker
from kg.store.opening import open_store

BASE = "https://news.example/"
LINK = """
<{b}graph/links#x> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <{o}Link> .
<{b}graph/links#x> <{o}linkSubject> <{b}place/arden> .
<{b}graph/links#x> <{o}linkTarget> <urn:x:arden> .
<{b}graph/links#x> <{o}linkMethod> "label and type" .
<{b}graph/links#x> <{o}score> "{score}"^^<http://www.w3.org/2001/XMLSchema#decimal> .
<{b}graph/links#x> <{o}linkStatus> <{o}candidate> .
"""


@pytest.fixture
def store():
    """A store with more articles than are checked at once, each without events."""
    ontology = load_ontology()
    with open_store(":memory:", mode="write") as opened:
        for number in range(BATCH + 1):
            extraction = Extraction(Article(f"a{number}", "The fair was opened.", "2020-01-01"))
            graph = to_graph(extraction, ontology, Reading("kg 0", "m", "o"), BASE)
            opened.replace(f"{BASE}article/a{number}", to_ntriples(graph))
        yield opened


def _link(score):
    return LINK.format(b=BASE, o="https://kg.example/ontology#", score=score).encode()


def test_every_article_is_checked_and_counted(store):
    """No article falls between two batches, and each has its report."""
    reports = list(Checker().check_store(store))
    assert [number for number, _ in reports] == [1] * (BATCH + 1)
    assert all(report.conforms for _, report in reports)


def test_links_are_checked_and_datasets_are_not(store):
    """A score beyond 1 is found; what a foreign dataset says is its own affair."""
    broken = _link("0.5").replace(b"graph/links#x", b"graph/links#y").replace(b"0.5", b"7")
    store.replace(f"{BASE}graph/dataset/theirs", broken)
    store.replace(f"{BASE}graph/links", _link("0.5"))
    assert all(report.conforms for _, report in Checker().check_store(store))
    store.replace(f"{BASE}graph/links", _link("1.5"))
    violations = [violation for _, report in Checker().check_store(store) for violation in report.violations]
    assert [violation.shape for violation in violations] == ["kgs:LinkScore"]


def test_what_an_update_says_of_an_article_outside_its_graph_is_checked_with_it(store):
    """A second text in the default graph of updates breaks the article's shape; a word on something shared does not."""
    more = '<{b}article/a3> <https://schema.org/articleBody> "x" .\n<{b}article/a3#e> <{o}count> "ten" .\n'
    shared = '<{b}place/arden> <{o}count> "ten" .\n'
    lines = (more + shared).format(b=BASE, o="https://kg.example/ontology#")
    store.replace(f"{BASE}graph/default", lines.encode())
    broken = [violation for _, report in Checker().check_store(store) for violation in report.violations]
    assert {violation.focus for violation in broken} == {"ten", f"{BASE}article/a3"}
