"""The page of twenty questions: each runs, and answers what the page shows, in a table that fits a screen."""

from __future__ import annotations

import io
import re
from pathlib import Path

import harbour
import pytest

from kg.query.prepare import answered, known_prefixes, prepare
from kg.query.results import write_results
from kg.store.sparql.federation import ServicePolicy

PAGE = (Path(__file__).parents[2] / "docs" / "questions.md").read_text(encoding="utf-8")
QUESTIONS = re.findall(
    r"^## (\d+\. [^\n]*)$.*?^```sparql\n(.*?)^```\n\n((?:\|[^\n]*\n)+)", PAGE, re.MULTILINE | re.DOTALL
)


@pytest.fixture(scope="module")
def store():
    """The two invented articles that the page speaks of."""
    return harbour.in_memory()


def _answer(store, query, form):
    prefixes = known_prefixes(store.base)
    buffer = io.BytesIO()
    with answered(store, prepare(query, prefixes=prefixes), policy=ServicePolicy(offline=True)) as results:
        write_results(results, buffer, form, prefixes=prefixes, width=100)
    return buffer.getvalue().decode()


def test_there_are_twenty():
    """Every heading of a question has its query and its answer."""
    assert [title.split(".")[0] for title, _, _ in QUESTIONS] == [str(n) for n in range(1, 21)]


@pytest.mark.parametrize(("title", "query", "shown"), QUESTIONS, ids=[title for title, _, _ in QUESTIONS])
def test_a_question_has_the_answer_shown(store, title, query, shown):
    """Row by row; no answer is empty, and as a table it fits a hundred columns."""
    assert _answer(store, query, "markdown").strip() == shown.strip()
    assert len(shown.splitlines()) > 2
    assert max(map(len, _answer(store, query, "table").splitlines())) <= 100
