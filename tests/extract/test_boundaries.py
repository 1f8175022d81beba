"""The two sides of a rule on small documents: what a step further would find wrongly, a step less would lose."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pytest
from spacy.tokens import Doc

from kg.core.model import Article, Mention, TimeSpan
from kg.extract.entities.chains import Board
from kg.extract.entities.mentions import find_mentions
from kg.extract.entities.nouns import entity_words
from kg.extract.events.spans import is_future
from kg.extract.grammar.triggers import TriggerMatch, trigger_span
from kg.extract.language.scores import REACH, STEPS, EventScores
from kg.extract.reading import extract_doc
from kg.extract.saying.scopes import find_scopes
from kg.extract.times import calendar
from kg.extract.times.mentions import Anchor, find_times, resolve_relative
from kg.ontology.load import load_ontology
from kg.ontology.values import Trigger
from tests.parsed import ENGLISH as NLP
from tests.parsed import VOCAB, read_cases

CASES = read_cases(Path(__file__).parents[1] / "cases" / "mentions" / "boundaries.conllu")


def events_of(case):
    """Return the events of a document by their words, read without a language model's scores; a Wednesday's paper."""
    doc = CASES[case]
    found = extract_doc(Article(case, doc.text, "2024-05-08"), doc, load_ontology())
    return {event.triggers[0].text: event for event in found.events}


@pytest.mark.parametrize(
    ("words", "span"), [("took two men captive", "took two men captive"), ("took two old men captive", "took")]
)
def test_a_trigger_with_up_to_two_words_between_is_one_stretch(words, span):
    """A phrase with two words between its own is shown whole; with a third one between only its head is."""
    doc = Doc(VOCAB, words=words.split())
    tokens = (0, len(doc) - 1)
    match = TriggerMatch(0, tokens, "Arrest", Trigger(("take", "captive"), "verb", "Arrest"), (), 1.0)
    start, end = trigger_span(doc, match)
    assert doc.text[start:end] == span


def _scores(sentence, same=None):
    """Scores of so many tokens, in the sentences given, that are equal in all but the vectors ``same``."""
    size = len(sentence)
    same = np.zeros((size, 2), np.float32) if same is None else np.array(same, np.float32)
    flat, vectors = np.zeros((size, 1), np.float32), np.zeros((size, 3), np.float32)
    return EventScores(
        ["", "Attack"], ["agent"], ["asserted"],
        role_weight=np.zeros((3, 1), np.float32), role_bias=np.zeros(1, np.float32),
        role_near=np.zeros((STEPS, 3), np.float32), same_weight=np.ones(4, np.float32), same_bias=0.0,
        kinds=np.zeros((size, 2), np.float32), status=flat, role_event=vectors, role_word=vectors,
        same=same, sentence=np.array(sentence, np.int64),
    )  # fmt: skip


def test_roles_are_asked_of_every_word_in_reach_and_of_none_beyond():
    """Of nine and more sentences those up to four away on each side count, with all their words."""
    sentences = [n for n in range(2 * REACH + 3) for _ in range(2)]  # two words each
    first, found = _scores(sentences).roles(2 * (REACH + 1))
    assert (first, len(found)) == (2, 2 * (2 * REACH + 1))
    assert _scores([0, 0, 1]).roles(2)[1].shape == (3, 1)


def test_whether_two_words_tell_one_event_does_not_hang_on_their_order():
    """The first to the second is as the second to the first, and distance counts whatever its sign."""
    scores = _scores([0, 0], same=[[0, 1], [1, 0]])
    assert scores.one_event(0, 1) == scores.one_event(1, 0) == pytest.approx(1 / (1 + np.exp(-2)))


def test_the_last_word_of_a_body_alone_is_not_its_name():
    """A body goes by its first words, or by several last ones: any body may be called the front."""
    board = Board(Doc(VOCAB), [], entity_words(load_ontology()), {})
    assert board.variant("Liberation Front", "Arden Liberation Front", "Organization")
    assert board.variant("Arden Liberation", "Arden Liberation Front", "Organization")
    assert not board.variant("Front", "Arden Liberation Front", "Organization")


def test_what_is_counted_from_a_year_is_a_year_or_nothing():
    """Two years after 2013 is a year; two months or days after it are no date."""
    year = calendar.year(2013)
    assert resolve_relative(Anchor(2, "year", "event"), year).value == "2015"
    assert resolve_relative(Anchor(2, "month", "event"), year).value is None
    assert resolve_relative(Anchor(2, "day", "event"), year).value is None


@pytest.mark.parametrize(("then", "clock"), [("8 May 2011", "2011-05-08"), ("7 May 2011", "2012-05-08")])
def test_a_clock_time_is_of_the_day_told_of_unless_that_is_history(then, clock):
    """At six o'clock is on the day that the passage names, up to a leap year back; further back it is the story's."""
    text = f"The crews came on 8 May 2012. The dam broke on {then}. The crews met at 6pm."
    assert find_times(NLP(text), "2012-05-08")[-1].value == clock


def test_only_what_begins_after_the_paper_lies_ahead():
    """The day and the month of publication are not ahead, the next ones are; without a date of publication none is."""

    def span(bounds):
        return TimeSpan("", Mention(0, 1, "x"), bounds)

    assert not is_future(span(calendar.day(date(2024, 5, 8))), "2024-05-08")
    assert is_future(span(calendar.day(date(2024, 5, 9))), "2024-05-08")
    assert not is_future(span(calendar.month(2024, 5)), "2024-05-08")
    assert is_future(span(calendar.month(2024, 6)), "2024-05-08")
    assert not is_future(span(calendar.day(date(2024, 5, 9))), None)


def test_a_place_before_a_colon_says_nothing():
    """A town and a colon say where, a body and a colon who says so."""
    assert find_scopes(CASES["place_and_colon"], {}, {}) == []
    assert [(s.kind, s.speaker) for s in find_scopes(CASES["body_and_colon"], {}, {})] == [("colon", 0)]


def test_the_accused_is_one_and_the_injured_are_several():
    """A participle with an article is a person where the language means one, and a group where it means many."""
    doc = CASES["accused_and_injured"]
    found = {doc[m.start : m.end].text: (m.type, m.number) for m in find_mentions(doc, load_ontology())}
    assert found["accused"] == ("Person", "sing")
    assert found["injured"] == ("Group", "plur")


def test_a_name_once_addressed_is_a_persons_everywhere():
    """One form of address outweighs two labels of a body."""
    doc = CASES["mr_kessel"]
    types = [m.type for m in find_mentions(doc, load_ontology()) if m.named]
    assert types == ["Person"] * 3


def test_the_day_of_a_case_at_law_is_not_that_of_what_it_is_about():
    """What somebody is sentenced in was before; what stands in the sentence beside it takes no day of it, either."""
    found = events_of("sentenced_in_attack")
    assert found["sentenced"].time.value == "2024-05-06"
    assert found["attack"].time is None
    assert events_of("sentenced_beside_bomb")["killed"].time is None
    assert events_of("met_beside_bomb")["killed"].time.value == "2024-05-06"


def test_a_place_behind_and_is_not_that_of_what_stands_before_it():
    """Where "and" parts two clauses the place of one is none of the other's, on either side; a while parts nothing."""
    assert not events_of("died_and_played")["died"].fillers("place")
    assert not events_of("played_and_died")["died"].fillers("place")
    assert events_of("died_while_played")["died"].fillers("place")
