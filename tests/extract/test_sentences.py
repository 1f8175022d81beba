"""What reading a sentence gives, end to end with the shipped model: the files of ``cases`` that NAMES lists."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from kg.core import resources
from kg.core.model import Article
from kg.extract.language.models import load_model, read_docs
from kg.extract.reading import extract_doc
from kg.extract.trace import Trace
from kg.ontology.load import load_ontology

PUBLISHED = "2024-05-08"  # a Wednesday
NAMES = (
    *("sentences.toml", "roles.toml", "certainty.toml", "tolls.toml", "verdicts.toml"),
    *("sources.toml", "who.toml", "when.toml", "boundaries.toml", "reading.toml", "persons.toml"),
)
FILES = [Path(__file__).parents[1] / "cases" / name for name in NAMES]
CASES = [case for file in FILES for case in tomllib.loads(file.read_text(encoding="utf-8"))["case"]]

pytestmark = pytest.mark.model


def parameters():
    """The cases, those that are not read right yet marked as expected to fail."""
    for case in CASES:
        marks = [pytest.mark.xfail(reason=case["known"], strict=True)] if "known" in case else []
        yield pytest.param(case, id=case["name"], marks=marks)


@pytest.mark.parametrize("case", list(parameters()))
def test_sentence_is_read_as_the_case_says(case):
    """A sentence gives the events of its case, with their roles, counts, time, status and source."""
    (doc,) = read_docs(load_model(), [case["text"]])
    found = extract_doc(Article("case", case["text"], PUBLISHED), doc, load_ontology(), Trace())
    words = {e.id: " | ".join(m.text for m in e.mentions) for e in found.entities}
    told = [(e.type, [t.text for t in e.triggers], e.status, e.time and e.time.value) for e in found.events]
    triggers = {t.text for e in found.events for t in e.triggers}
    assert triggers.isdisjoint(case.get("absent", ()))
    assert {e.name for e in found.entities}.isdisjoint(case.get("unnamed", ()))
    names = {e.name: e.type for e in found.entities}
    assert case.get("named", {}).items() <= names.items()
    for want in case["events"]:
        wanted = [e for e in found.events if _is_wanted(e, want)]
        said = [e for e in wanted if want.get("source", "") in words.get(e.source or "", "")]  # of two, by whom
        event = next(iter(said or wanted), None)
        assert event is not None, f"no {want['type']} “{want['trigger']}” in {told}"
        triggers = [t.text.lower() for t in event.triggers]
        for also in want.get("also", ()):
            assert also in triggers
        for other in want.get("not_also", ()):
            assert other not in triggers
        for role in ("agent", "patient", "instrument", "recipient", "place"):
            fillers = [words.get(f, "") for f in event.fillers(role)]
            for filler in want.get(role, ()):
                assert any(filler in f for f in fillers), f"{role} of {event.type}: {fillers}"
            for filler in want.get(f"not_{role}", ()):
                assert not any(filler in f for f in fillers), f"{role} of {event.type}: {fillers}"
        causes = " | ".join(_words_of_causes(event, found))
        for cause in want.get("cause", ()):
            assert cause in causes, f"cause of {event.type}: {causes}"
        for role, low, high in want.get("counts", ()):
            bounds = [(c.role, c.minimum, c.maximum) for c in event.counts]
            assert (role, low if low != "" else None, high if high != "" else None) in bounds
        if want.get("time") == "":
            assert event.time is None or event.time.value is None
        elif "time" in want:
            assert event.time is not None
            assert event.time.value == want["time"]
        if "status" in want:
            assert event.status in ([want["status"]] if isinstance(want["status"], str) else want["status"])
        for role in want.get("empty", ()):
            assert not event.fillers(role)
        if "source" in want:
            assert want["source"] in words.get(event.source or "", "")
            assert bool(event.source) == bool(want["source"])


def _words_of_causes(event, found):
    told = {e.id: " ".join(t.text for t in e.triggers) for e in found.events}
    return [told.get(c, "") if isinstance(c, str) else c.text for c in event.fillers("cause")]


def _is_wanted(event, want):
    return event.type == want["type"] and any(want["trigger"] in t.text for t in event.triggers)


def test_trace_says_what_found_each_event():
    """The trace of a sentence names its event, the rule for each role, and what was dropped."""
    article = Article("a", "Police arrested a driver in Nairobi.", PUBLISHED)
    trace = Trace()
    doc = next(read_docs(load_model(), [article.text]))
    extract_doc(article, doc, load_ontology(), trace)
    notes = [note.text for note in trace.sentences(doc)[0].notes]
    assert any("Arrest “arrested” by the lexicon" in note for note in notes)
    assert any("agent: Police by subject" in note for note in notes)


def test_trace_says_where_the_model_had_a_say():
    """What the lexicon knows by a phrase is told by it alone, a word by it and the model."""
    article = Article("a", "The government raised taxes on Monday, and police arrested a driver.", PUBLISHED)
    trace = Trace()
    doc = next(read_docs(load_model(), [article.text]))
    extract_doc(article, doc, load_ontology(), trace)
    notes = [note.text for sentence in trace.sentences(doc) for note in sentence.notes]
    assert any(note.startswith("Legislation “raised taxes” by the lexicon, ") for note in notes)
    assert any(note.startswith("Arrest “arrested” by the lexicon and the model (") for note in notes)


def test_trace_puts_each_note_under_its_event():
    """Of two events in a sentence, the participants and time of each stand below the line that names it."""
    article = Article("a", "Rebels attacked the town on Monday, killing five people.", PUBLISHED)
    trace = Trace()
    doc = next(read_docs(load_model(), [article.text]))
    extract_doc(article, doc, load_ontology(), trace)
    notes = [note.text for note in trace.sentences(doc)[0].notes]
    attack = next(n for n, note in enumerate(notes) if note.startswith("Attack “attacked”"))
    killing = next(n for n, note in enumerate(notes) if note.startswith("Killing “killing”"))
    assert attack < killing
    assert any(note.startswith("  patient: town") for note in notes[attack:killing])
    assert any(note.startswith("  patient: people") for note in notes[killing:])
    assert not any(note.startswith("  ") for note in notes[:attack])


ODD = (
    "",
    "\n\n",
    "…",
    "!!!",
    "?" * 520,
    pytest.param("?" * 3000, marks=pytest.mark.long),
    "A",
    "1 2 3",
    "said " * 400,
    "“",
    "\u200b \U0001f600 ok",
)


@pytest.mark.parametrize("text", ODD)
def test_odd_texts_are_read_without_complaint(text):
    """Text that is no news gives an extraction, not an error."""
    doc = next(read_docs(load_model(), [text]))
    found = extract_doc(Article("odd", text, None), doc, load_ontology())
    assert all(text[m.start : m.end] == m.text for e in found.events for m in e.triggers)


def test_a_users_branch_gets_day_place_and_participants(tmp_path):
    """A type right below Event with the trait of a scene takes the day and place of its passage, as an attack does."""
    mine = tmp_path / "mine.ttl"
    mine.write_text(
        "@prefix kg: <https://kg.example/ontology#> . @prefix my: <https://my.example/> .\n"
        "@prefix owl: <http://www.w3.org/2002/07/owl#> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .\n"
        'my:Anointing a owl:Class ; rdfs:subClassOf kg:Event ; rdfs:label "anointing"@en ; rdfs:comment "One."@en ;\n'
        '    kg:trait kg:scene ; kg:verb "anoint" .\n',
        encoding="utf-8",
    )
    text = "Rebels attacked the town of Arden on Monday. Priests anointed two women there."
    doc = next(read_docs(load_model(), [text]))
    shipped = [*resources.ontology_files(), mine]
    found = extract_doc(Article("a", text, PUBLISHED), doc, load_ontology(shipped))
    event = next(e for e in found.events if e.type == "Anointing")
    names = {e.id: e.name for e in found.entities}
    attack = next(e for e in found.events if e.type == "Attack")
    assert {names[f] for f in event.fillers("agent")} == {"Priests"}
    assert {names[f] for f in event.fillers("patient")} == {"women"}
    assert {names[f] for f in event.fillers("place")} == {"Arden"}
    assert event.time is not None
    assert event.time.value == attack.time.value
