"""What speaks for two accounts being of one happening: how often their words have told one before."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from kg.pipeline.stories.comparing import grounds, share
from kg.pipeline.stories.wording import WordTable, word_table


def told(*words):
    """An account told by these stems."""
    return SimpleNamespace(trigger=frozenset(words))


def test_what_was_often_seen_counts_for_more_than_what_was_seen_once():
    """Unknown words have what is usual; the more pairs were seen, the nearer the share comes to theirs."""
    seen = {("kill", "kill"): (9, 10), ("quit", "quit"): (900, 1000), ("say", "say"): (1, 10)}
    usual = share(told("flood"), told("flood"), seen)
    assert 0 < usual < 1
    few, many, rare = (share(told(word), told(word), seen) for word in ("kill", "quit", "say"))
    assert usual < few < many < 0.9
    assert 0.1 < rare < usual


def test_the_best_of_several_words_counts_and_words_in_common_alone():
    """Two words that each may tell the same: the likelier pair; what both have makes the others not matter."""
    seen = {("blast", "explode"): (9, 10), ("blast", "kill"): (1, 10), ("kill", "kill"): (1, 10)}
    alone = share(told("blast"), told("explode"), seen)
    assert share(told("blast"), told("explode", "kill"), seen) == alone
    assert share(told("blast", "kill"), told("explode", "kill"), seen) < alone
    assert share(told("flood"), told("storm"), seen) < share(told("flood"), told("flood"), seen)


def table(*directions):
    """Three words: two that lie together along the first direction, one along the second."""
    vectors = np.array([[1.0, 0.0], [1.0, 0.0], [0.0, 1.0]], np.float32)
    rows = {"quit": 0, "resign": 1, "say": 2}
    return WordTable({}, rows, vectors, np.array(directions, float))


def test_directions_of_meaning_say_for_and_against():
    """What both lie along speaks for it as was learned, what they differ in against; unknown words say nothing."""
    known = table([2.0, 1.0], [-3.0, -1.0])
    quit_, resign, say = (frozenset({word}) for word in ("quit", "resign", "say"))
    assert known.meant(quit_, resign) == known.meant(resign, quit_) == 2.0
    assert known.meant(quit_, say) == known.meant(say, quit_) == -4.0
    assert known.meant(frozenset({"zzyzx"}), frozenset({"xyzzy"})) == 0.0
    assert known.meant(frozenset({"quit", "resign"}), resign) == 2.0


def test_the_shipped_directions_part_words_that_are_near_but_tell_of_two():
    """Who is killed and who is murdered is one more often than who is killed and who is arrested."""
    kill, murder, arrest = (frozenset({word}) for word in ("kill", "murder", "arrest"))
    assert word_table().meant(kill, murder) > word_table().meant(kill, arrest)


@pytest.mark.parametrize(
    ("measured", "held"),
    [
        (("same word", "patient shared", "place shared"), "grounded"),
        (("same word", "agent shared", "days meet"), "grounded"),
        (("patient shared", "place shared"), ""),  # "found dead" and "killed"
        (("patient shared", "place shared", "days meet"), "dated"),
        (("same word", "place shared", "days meet"), ""),
        (("same word", "patient shared", "place shared", "other people"), ""),
    ],
)
def test_two_words_need_day_place_and_people(measured, held):
    """What is told by one word has grounds with a day or a place; what is told by two only with both."""
    assert grounds(dict.fromkeys(measured, 1.0)) == held
