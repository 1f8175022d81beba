"""Sentences as they are shown: where they end, and where a point ends none."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.ontology.sentences import sentence_around, sentence_bounds

CASES = [
    ("Police came. They left.", ["Police came.", "They left."]),
    ("Mr. Doe met Dr. Roe and Gen. Poe.", ["Mr. Doe met Dr. Roe and Gen. Poe."]),
    ("J. Doe left. K. Roe stayed.", ["J. Doe left.", "K. Roe stayed."]),
    ("The U.S. Army left.", ["The U.S. Army left."]),
    ("Why? Nobody knows! “It is so.” They agreed.", ["Why?", "Nobody knows!", "“It is so.”", "They agreed."]),
    ("It cost 3.5 million. 40 came.", ["It cost 3.5 million.", "40 came."]),
    ("First line\nSecond line", ["First line", "Second line"]),
    ("said so, e.g. in town", ["said so, e.g. in town"]),
    ("", []),
    ("no end", ["no end"]),
    ("An end.\n\n", ["An end."]),
]


def _sentences(text):
    return [text[begin:end].strip() for begin, end in pairwise(sentence_bounds(text)) if text[begin:end].strip()]


@pytest.mark.parametrize(("text", "sentences"), CASES, ids=[text[:20] for text, _ in CASES])
def test_a_text_has_the_sentences_that_a_reader_sees(text, sentences):
    """Marks end sentences, quotes included; titles, initials, acronyms and decimals do not."""
    assert _sentences(text) == sentences


@given(st.text(alphabet="Ab. \n!?”“1", max_size=60))
def test_every_character_is_in_one_sentence(text):
    """The ranges cover the text without gap or overlap, and the sentence around a place is the one that holds it."""
    bounds = sentence_bounds(text)
    assert bounds[0] == 0
    assert bounds[-1] == len(text)
    assert bounds == sorted(bounds)
    for begin, end in pairwise(bounds):
        for position in range(begin, end):
            assert sentence_around(text, position) == " ".join(text[begin:end].split())
    assert sentence_around(text, len(text)) == ""
    assert sentence_around(text, -1) == ""
