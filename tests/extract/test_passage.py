"""The times and places that a reader fills in from the passage: cases in ``cases/passages.toml``."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from kg.core.model import Article
from kg.extract.language.models import load_model, read_docs
from kg.extract.reading import extract_doc
from kg.extract.story import places
from kg.ontology.load import load_ontology

CASES = tomllib.loads((Path(__file__).parents[1] / "cases" / "passages.toml").read_text(encoding="utf-8"))["case"]

pytestmark = pytest.mark.model


@pytest.mark.parametrize("case", CASES, ids=lambda c: c["name"])
def test_events_have_the_time_and_place_of_their_passage(case):
    """Each event of a case has the time and the places that the case gives it, or none."""
    doc = next(read_docs(load_model(), [case["text"]]))
    found = extract_doc(Article("passage", case["text"], "2024-05-08"), doc, load_ontology())
    names = {e.id: e.name for e in found.entities}
    for want in case["events"]:
        told = [e for e in found.events if e.type == want["type"] and want["trigger"] in [m.text for m in e.triggers]]
        time = tuple(want["time"]) if isinstance(want["time"], list) else want["time"]
        assert time in [e.time.value if e.time else "" for e in told], found.events
        if "place" in want:
            assert want["place"] in [[names[f] for f in e.fillers("place")] for e in told], found.events


def test_a_long_list_of_verbs_costs_no_cube(monkeypatch):
    """Where other tellings put their events is asked once for each pair of events, however often both are told."""
    asked = []
    real = places._lasting
    monkeypatch.setattr(places, "_lasting", lambda *given: (asked.append(1), real(*given))[1])
    verbs = ("attacked", "killed", "bombed", "shot")
    text = f"Rebels {', '.join(verbs[n % 4] for n in range(80))} and raided Arden."
    extract_doc(Article("list", text, "2024-05-08"), next(read_docs(load_model(), [text])), load_ontology())
    assert len(asked) < 3 * 80 * 80
