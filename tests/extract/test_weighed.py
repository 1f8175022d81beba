"""Who says a thing, when and where it was, weighed: what is known in, the likeliest out; numbers of our own."""

from __future__ import annotations

import pytest

from kg.extract.events.odds import chance
from kg.extract.events.sources import shipped_source_weights
from kg.extract.events.timing import shipped_time_weights
from kg.extract.story.wheres import shipped_place_weights

SPEAKS = {"speaks": 1.0, "speaks by complement": 1.0, "innermost speaker": 1.0, "source to the model": 3.0}
STANDS = {"stands with it": 1.0, "same sentence": 1.0, "same clause": 1.0, "time to the model": 3.0}


@pytest.mark.parametrize("more", [{}, {"is Person": 1.0}, {"in quotes": 1.0, "speaks, in quotes": 1.0}])
def test_whom_grammar_and_model_give_says_it(more):
    """Who speaks by the grammar and to the model is kept, whatever else is known for it."""
    by = shipped_source_weights()
    assert chance(SPEAKS | more, by.weights) > by.least >= by.keep


def test_who_is_far_and_unlikely_to_the_model_does_not_say_it():
    """Somebody in another sentence whom the model hardly proposes is no speaker."""
    by = shipped_source_weights()
    known = {"source to the model": -2.5, "another sentence": 1.0, "words between": 1.7}
    assert chance(known, by.weights) < by.keep


def test_words_that_stand_with_an_event_date_it_unless_the_model_sees_none():
    """Time words of the clause count as long as the model does not exclude them."""
    by = shipped_time_weights()
    assert chance(STANDS, by.weights) > by.least
    assert chance(STANDS | {"time to the model": -5.0}, by.weights) < by.least


def test_words_of_another_event_do_not_date_a_noun():
    """Time words that stand with another event, which the model hardly sees with this one, are not its own."""
    by = shipped_time_weights()
    known = {"same sentence": 1.0, "stands with another": 1.0, "of a noun": 1.0, "time to the model": -1.5}
    assert chance(known, by.weights) < by.least


def test_no_type_of_event_is_among_what_is_known():
    """Weights know no type, so that a type which only an ontology brings is weighed alike."""
    weights = (shipped_source_weights().weights, shipped_time_weights().weights, shipped_place_weights().weights)
    names = {name for by in weights for name in by}
    assert not [name for name in names if name.startswith("is ") and name[3:] in ("Attack", "Killing", "Arrest")]


def test_a_place_that_the_model_sees_in_the_sentence_is_that_of_an_event():
    """A place of the sentence that the model is sure of comes; one of another sentence, which it doubts, does not."""
    by = shipped_place_weights()
    near = {"is scene": 1.0, "same clause, in or at it": 1.0, "hangs on the event": 1.0, "place to the model": 2.0}
    assert chance(near, by.weights) > by.least >= by.keep
    assert chance({"place to the model": -3.0, "another sentence": 1.0, "words between": 1.7}, by.weights) < by.keep
