"""Accounts put together from the scores of pairs: by their mean, bound by what people decided, in any order."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from kg.pipeline.stories.grouping import groups, spanning


def test_two_are_joined_from_the_threshold_on():
    """A pair at the threshold is one, below it stays two."""
    assert groups("ab", {("a", "b"): 0.5}, 0.5) == [["a", "b"]]
    assert groups("ab", {("a", "b"): 0.49}, 0.5) == [["a"], ["b"]]


def test_a_chain_of_likely_pairs_is_no_group():
    """One is like b and b like c, but nothing joins a and c: the mean of both is below the threshold."""
    scores = {("a", "b"): 0.9, ("b", "c"): 0.8}
    assert groups("abc", scores, 0.5) == [["a", "b"], ["c"]]
    assert groups("abc", {**scores, ("a", "c"): 0.3}, 0.5) == [["a", "b", "c"]]


def test_decisions_bind():
    """What is said to be one is joined without a score; what is said to be two stays two, and so do their groups."""
    scores = {("a", "b"): 0.9, ("b", "c"): 0.9, ("a", "c"): 0.9}
    assert groups("abcd", scores, 0.5, same=[("c", "d")]) == [["a", "b"], ["c", "d"]]
    assert groups("abc", scores, 0.5, apart=[("a", "c")]) == [["a", "b"], ["c"]]
    assert groups("abc", scores, 0.5, same=[("a", "b")], apart=[("b", "c")]) == [["a", "b"], ["c"]]


@given(
    st.dictionaries(
        st.tuples(st.sampled_from("abcdef"), st.sampled_from("abcdef")).filter(lambda pair: pair[0] < pair[1]),
        st.sampled_from([0.2, 0.5, 0.7, 0.9]),
    ),
    st.randoms(),
)
def test_no_order_matters(scores, random):
    """The same scores give the same groups, in whatever order pairs and accounts come."""
    pairs, accounts = list(scores.items()), list("abcdef")
    random.shuffle(pairs)
    random.shuffle(accounts)
    found = groups(accounts, dict(pairs), 0.5)
    assert found == groups("abcdef", scores, 0.5)
    assert sorted(account for group in found for account in group) == list("abcdef")


def test_a_group_is_held_together_by_its_likeliest_pairs():
    """One pair fewer than members, the likeliest first; a pair without a score only where nothing else joins."""
    scores = {("a", "b"): 0.4, ("a", "c"): 0.9, ("b", "c"): 0.8}
    assert spanning(["a", "b", "c"], scores) == [("a", "c"), ("b", "c")]
    assert spanning(["a", "b", "c", "d"], scores)[-1] == ("a", "d")
    assert spanning(["a"], scores) == []
