"""Reasons in explanations: which rule or model found what, by reading the articles again."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import harbour
import pytest

from kg.core.model import Article, Reading
from kg.extract.trace import Note, TracedSentence
from kg.pipeline.prepared import Reader, Settings
from kg.pipeline.retrace import with_reasons
from kg.query.evidence import Mark, as_text, sentences_with
from kg.query.explain import Explainer
from kg.query.prepare import known_prefixes
from kg.query.results import Namer
from kg.store.opening import open_store

EVENT = "article:harbour_1#arrest-386"


@dataclass
class Rereader:
    """Stands in for the reader: notes at chosen words, without the language model."""

    reading: Reading
    at: dict[str, str] = field(default_factory=dict)  # words → note
    read: list[Article] = field(default_factory=list)

    def trace(self, article: Article) -> list[TracedSentence]:
        """One sentence of the whole article with the notes at the first place of their words."""
        self.read.append(article)
        notes = tuple(Note(article.text.index(words), note) for words, note in self.at.items())
        return [TracedSentence(0, len(article.text), article.text, notes)]


def test_reasons_stand_at_the_marked_words_and_nowhere_else() -> None:
    """Notes at marked words become reasons of their sentence; notes at other words are left out."""
    with harbour.in_memory() as store:
        explainer = Explainer(store, known_prefixes(store.base))
        plain = explainer.explain(EVENT)
        sentence = next(s for s in plain[0].evidence[0].sentences if any(m.part == "trigger" for m in s.marks))
        trigger = next(m for m in sentence.marks if m.part == "trigger")
        word = sentence.text[trigger.begin - sentence.begin : trigger.end - sentence.begin]
        reader = Rereader(Reading("kg 9", "other 1", "abc"), {word: "  Arrest by the lexicon", "Port": "not marked"})
        (thing,) = with_reasons(plain, explainer.article, reader)  # type: ignore[arg-type]
        assert [s.reasons for s in thing.evidence[0].sentences if s.reasons] == [("Arrest by the lexicon",)]
        assert len(reader.read) == 1
        shown = "\n".join(as_text([thing], Namer({})))
        assert "        Arrest by the lexicon\n" in shown
        assert "read again by kg 9, model other 1: it may have been found otherwise" in shown
        assert "--trace names the rules" in "\n".join(as_text(plain, Namer({})))


def test_an_article_is_read_again_once_for_many_things() -> None:
    """Several statements of one article cost one reading."""
    with harbour.in_memory() as store:
        explainer = Explainer(store, known_prefixes(store.base))
        things = explainer.explain_pattern("?", "kg:agent", "?")
        reader = Rereader(Reading("kg 9", "other 1", "abc"))
        with_reasons(things, explainer.article, reader)  # type: ignore[arg-type]
        articles = {evidence.article for thing in things for evidence in thing.evidence}
        assert sorted(article.id for article in reader.read) == sorted(articles)


@pytest.mark.model
def test_rules_are_named_for_what_was_read_just_now(tmp_path: Path) -> None:
    """Event, role, time, count, claim, entity and relation each name what found them, and nothing has changed since."""
    from kg.pipeline.load import load

    text = "Minister Ana Ruelo said on Friday that rebels had killed at least nine miners in Kirra on Thursday."
    reader = Reader(Settings())
    with open_store(str(tmp_path / "store"), mode="write") as store:
        list(load([Article("mine", text, "2024-05-11")], store, Settings()))
        explainer = Explainer(store, known_prefixes(store.base))
        things = explainer.explain_pattern("?", "kg:eventType", "kg:Killing")
        events = explainer.explain(things[0].iri)
        relations = explainer.explain_pattern("?", "kg:position", "?")
        (event, relation) = with_reasons([*events, *relations], explainer.article, reader)
    reasons = " | ".join(event.evidence[0].sentences[0].reasons)
    for expected in (
        "Killing “killed” by the lexicon",
        "agent: rebels by subject",
        "time “on Thursday” = 2024-05-09",
        "count 9–…",
        "complement of say",
        "GPE “Kirra” (model label GPE)",
    ):
        assert expected in reasons
    assert event.evidence[0].reread == "read again by the same: the rules above found it"
    assert "position of Ana Ruelo: Minister by title or apposition" in relation.evidence[0].sentences[0].reasons


TEXT = "The club met in Arden. It chose Ana Ruelo. The vote was in May. She was shot there. Her sister fled."


def _mark(words: str, part: str) -> Mark:
    begin = TEXT.index(words)
    return Mark(begin, begin + len(words), part)


def test_a_part_that_stands_elsewhere_comes_with_the_nearest_sentence_before() -> None:
    """The sentence of the trigger leads; a part that it lacks is shown where it was told last, and not everywhere."""
    marks = {_mark("shot", "trigger"), _mark("Arden", "place"), _mark("Ana Ruelo", "patient"), _mark("She", "patient")}
    shown = [s.text for s in sentences_with(TEXT, marks, "trigger")]
    assert shown == ["The club met in Arden.", "She was shot there."]
    twice = {*marks, _mark("vote", "place")}
    assert [s.text for s in sentences_with(TEXT, twice, "trigger")] == ["The vote was in May.", "She was shot there."]


def test_what_comes_after_or_only_names_the_two_ends_is_not_shown() -> None:
    """Neither a sentence behind the trigger's, nor one that names subject or object of a statement."""
    marks = {_mark("shot", "trigger"), _mark("Arden", "subject"), _mark("sister", "agent")}
    assert [s.text for s in sentences_with(TEXT, marks, "trigger")] == ["She was shot there."]
    assert len(sentences_with(TEXT, marks, None)) == 3
    assert [s.text for s in sentences_with(TEXT, {_mark("Arden", "place")}, "trigger")] == ["The club met in Arden."]
    assert sentences_with(None, marks, "trigger") == ()
