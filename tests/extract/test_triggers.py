"""The lexicon at work: sentences of tests/cases/triggers and the ontology's own examples, read with the shipped model.

A case is a sentence and the events it tells, as TYPE=WORDS; an empty field says that it tells none of ours. The parser
errs now and then, so each file has a floor for what is found and a ceiling for what is not there.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import pytest

from kg.core.model import Article, Event
from kg.extract.language.models import load_model, read_docs
from kg.extract.reading import extract_doc
from kg.ontology.load import load_ontology

CASES = Path(__file__).parents[1] / "cases" / "triggers"
FOUND_AT_LEAST = 0.95  # of the events that the sentences of one file tell
WRONG_AT_MOST = 0.05  # of its sentences tell an event that is not there

pytestmark = pytest.mark.model


class Case(NamedTuple):
    """A sentence and its events, each a type and the words that carry it."""

    sentence: str
    events: tuple[tuple[str, str], ...]


def read_cases(path: Path) -> list[Case]:
    """Return the cases of one table."""
    lines = [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    return [Case(s, tuple(tuple(e.strip().split("=")) for e in rest.split(";") if e.strip())) for s, rest in lines]


@pytest.fixture(scope="module")
def read():
    """Return a function from sentences to the events of each."""
    ontology, nlp = load_ontology(), load_model("default")

    def events(sentences: list[str]) -> list[tuple[Event, ...]]:
        docs = read_docs(nlp, sentences)
        return [
            extract_doc(Article(f"s{i}", s), d, ontology).events
            for i, (s, d) in enumerate(zip(sentences, docs, strict=True))
        ]

    return events


def told(event: Event, case: Case, kind: str, words: str) -> bool:
    """Whether an event is the expected one: its type, and a trigger that overlaps the words."""
    start = case.sentence.index(words)
    return event.type == kind and any(t.start < start + len(words) and start < t.end for t in event.triggers)


@pytest.mark.parametrize("table", sorted(CASES.glob("*.tsv")), ids=lambda path: path.stem)
def test_events_of_sentences(read, table):
    """Nearly every event of the sentences is found with its type, and nearly nothing else is."""
    cases = read_cases(table)
    missed, wrong, expected = [], [], 0
    for case, events in zip(cases, read([c.sentence for c in cases]), strict=True):
        kinds = {kind for kind, _ in case.events}
        expected += len(case.events)
        missed += [(case.sentence, *e) for e in case.events if not any(told(event, case, *e) for event in events)]
        wrong += [(case.sentence, e.type, e.triggers[0].text) for e in events if e.type not in kinds]
    assert len(missed) <= (1 - FOUND_AT_LEAST) * expected, missed
    assert len(wrong) <= WRONG_AT_MOST * len(cases), wrong


def test_every_example_of_the_ontology_yields_its_event(read):
    """The example sentences of an event type tell an event of that type or of one below it."""
    ontology = load_ontology()
    examples = [(t.name, s) for t in ontology.event_types.values() if t.name != "Event" for s in t.examples]
    events = read([sentence for _, sentence in examples])
    missed = [
        (name, sentence)
        for (name, sentence), found in zip(examples, events, strict=True)
        if not any(ontology.is_a(event.type, name) for event in found)
    ]
    assert not missed
