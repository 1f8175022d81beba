"""Articles annotated whole: what the annotation holds, how a reading is scored by it, and what is learned from it."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from kg.core.model import Article, Bounds, Entity, Event, Extraction, Mention, RoleFiller, TimeSpan
from kg.extract.story.passage import shipped_passage_weights
from kg.ontology.load import load_ontology
from training import weigh_passage
from training.article_corpus import ANNOTATION, articles, part_of
from training.measure_articles import Reading, headline, types_of
from training.measure_reading import scores

TEXT = "Gunmen attacked a bus in Osei on Monday. Four traders were killed, the police said."


def at(words: str) -> tuple[int, int]:
    """Where some words of the text stand."""
    begin = TEXT.index(words)
    return begin, begin + len(words)


def mention(words: str) -> Mention:
    """A mention of some words of the text."""
    return Mention(*at(words), words)


@pytest.fixture
def corpora(tmp_path: Path) -> Path:
    """Corpora with one article, and its annotation."""
    (tmp_path / "news").mkdir()
    with gzip.open(tmp_path / "news/made.jsonl.gz", "wt", encoding="utf8") as out:
        out.write(json.dumps({"id": "one", "text": TEXT, "published": "2024-05-08"}) + "\n")
    record = {
        "id": "news:made:one",
        "entities": {
            "n1": ["Group", 0, [at("Gunmen")]], "n2": ["GPE", 1, [at("Osei")]],
            "n3": ["Group", 0, [at("Four traders")]], "n4": ["Organization", 0, [at("police")]],
        },
        "events": [
            {"id": "e1", "type": "Attack", "status": "asserted", "triggers": [at("attacked")],
             "roles": {"agent": ["n1"], "place": ["n2"]}, "time": "2024-05-06", "words": at("Monday"), "counts": [],
             "source": None},
            {"id": "e2", "type": "Death", "status": "asserted", "triggers": [at("killed")],
             "roles": {"patient": ["n3"], "place": ["n2"], "cause": ["e1"]}, "time": "2024-05-06", "words": None,
             "counts": [["patient", 4, 4]], "source": "n4"},
        ],
    }  # fmt: skip
    with gzip.open(tmp_path / "articles.jsonl.gz", "wt", encoding="utf8") as out:
        out.write(json.dumps(record) + "\n")
    return tmp_path


def test_a_reading_is_scored_event_by_event(corpora: Path) -> None:
    """Triggers, participants, times, sources and status are compared over the events that match."""
    (gold,) = articles(corpora, "all", corpora / "articles.jsonl.gz")
    monday = Bounds("2024-05-06", "2024-05-06", "2024-05-06", "2024-05-06", "day")
    found = Extraction(
        Article("news:made:one", TEXT, "2024-05-08"),
        (
            Entity("x1", "Group", ("Group",), "gunmen", False, (mention("Gunmen"),)),
            Entity("x2", "GPE", ("GPE",), "Osei", True, (mention("Osei"),)),
            Entity("x3", "Organization", ("Organization",), "police", False, (mention("police"),)),
        ),
        (
            Event("y1", "Attack", ("Attack", "Violence", "Event"), (mention("attacked"),),
                  (RoleFiller("agent", "x1"), RoleFiller("patient", "x2")), TimeSpan("t1", mention("Monday"), monday)),
            Event("y2", "Killing", ("Killing", "Death", "Violence", "Event"), (mention("killed"),), status="possible",
                  source="x3"),
        ),
    )  # fmt: skip
    counts = Reading(gold, found, types_of([gold], load_ontology())).tally()
    assert scores(counts, "triggers") == (1.0, 1.0, pytest.approx(1.0))  # a killing may be annotated as a death
    assert scores(counts, "agent")[:2] == (1.0, 1.0)
    assert scores(counts, "patient")[:2] == (0.0, 0.0)  # Osei is the place
    assert scores(counts, "arguments")[:2] == (0.5, 0.25)
    assert scores(counts, "times")[:2] == (1.0, 0.5)
    assert scores(counts, "sources")[:2] == (1.0, 1.0)
    assert counts["status", "said"] == 1
    assert counts["status", "right"] == 0
    assert 0 < headline(counts) < 1


def test_annotation_holds_positions_and_no_text() -> None:
    """No text is kept; every filler is an entity or event of its article."""
    with gzip.open(ANNOTATION, "rt", encoding="utf8") as lines:
        records = [json.loads(line) for line in lines]
    assert len({r["id"] for r in records}) == len(records) > 100
    assert {part_of(r["id"]) for r in records} == {"choose", "report"}
    for record in records:
        assert not {"text", "title"} & set(record)
        fillers = set(record["entities"]) | {e["id"] for e in record["events"]}
        for event in record["events"]:
            assert {f for some in event["roles"].values() for f in some} <= fillers
            assert all(begin < end for begin, end in event["triggers"])


def test_days_are_learned_from_articles(corpora: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Events become examples, and a table comes out."""
    from kg.pipeline.prepared import Reader, Settings

    found = list(
        weigh_passage.events(Reader(Settings()), list(articles(corpora, "all", corpora / "articles.jsonl.gz")))
    )
    assert len(found) == 2
    assert all(f.wanted and f.annotated for f in found)
    known = ({"near": 1.0}, True), ({"near": 0.0}, False)
    found = [weigh_passage.Found(f"article {i}", True, True, None, known, i % 2 or None) for i in range(40)]
    weigh_passage.report(found, found, write=False)
    assert "own words alone" in capsys.readouterr().out


def test_shipped_weights_are_those_that_are_asked_for() -> None:
    """What is told in the past near by speaks for the day, distance against it."""
    by = shipped_passage_weights()
    assert 0 < by.keep <= by.add < 1
    assert by.weights["told in the past"] > 0 > by.weights["sentences away"]
