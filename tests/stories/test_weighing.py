"""What speaks for two accounts being of one happening: how often their words have told one before."""

from __future__ import annotations

from types import SimpleNamespace

from kg.pipeline.stories.comparing import share


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
