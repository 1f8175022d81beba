"""Questions that a reader can answer from the seed article, answered by SPARQL on the graph that reading it gives."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from kg.articles import read_articles
from kg.core.iris import span_of
from kg.pipeline.load import load
from kg.pipeline.prepared import Settings
from kg.query.prepare import known_prefixes
from kg.store.opening import open_store

HERE = Path(__file__).parents[1]
TEXT = next(iter(read_articles([HERE.parent / "seeds" / "in_amenas.txt"]))).text
QUESTIONS = tomllib.loads((HERE / "cases" / "questions.toml").read_text(encoding="utf-8"))["question"]

pytestmark = pytest.mark.model


@pytest.fixture(scope="module")
def store():
    """The seed article, read into memory."""
    with open_store(":memory:", mode="write") as opened:
        outcomes = list(load(read_articles([HERE.parent / "seeds" / "in_amenas.txt"]), opened, Settings()))
        assert [o.kind for o in outcomes] == ["stored"], outcomes
        yield opened


def _words(cell):
    """The words of a mention, any other cell as it is."""
    span = span_of(cell)
    return TEXT[slice(*span)] if span else cell


def parameters():
    """The questions, those that are not answered yet marked as expected to fail."""
    for question in QUESTIONS:
        marks = [pytest.mark.xfail(reason=question["known"], strict=True)] if "known" in question else []
        yield pytest.param(question, id=question["id"], marks=marks)


@pytest.mark.parametrize("question", list(parameters()))
def test_question_is_answered_by_the_graph(question, store):
    """Every answer stands in some cell of what the query gives."""
    rows = store.query(question["query"], prefixes=known_prefixes(store.base))
    cells = [_words(str(cell.value)) for row in rows for cell in row if cell is not None]
    missing = [a for a in question["answers"] if not any(a in cell for cell in cells)]
    assert not missing, f"{question['ask']} {missing} not in {sorted(set(cells))}"
