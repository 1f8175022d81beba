"""Accounts of events in, happenings out: the one function by which a store's events and the benchmark's are joined."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from kg.pipeline.stories.accounts import Account, Text
from kg.pipeline.stories.comparing import Background, Weights, Words, comparable, evidence, known_shares, score, weights
from kg.pipeline.stories.grouping import Pair, groups
from kg.pipeline.stories.wording import WordTable, word_table


@dataclass(frozen=True, slots=True)
class Joined:
    """Which accounts are of one happening, and the score of each pair that was compared."""

    groups: tuple[tuple[str, ...], ...]
    scores: Mapping[Pair, float]


def scored(
    pairs: Iterable[tuple[Account, Account]], background: Background, table: WordTable, by: Weights
) -> dict[Pair, float]:
    """The score of each pair, by the IRIs in their order; those that nobody would look at are left out."""
    found = {}
    for one, other in pairs:
        if not comparable(one, other, table):
            continue
        value = score(evidence(one, other, background, table), by)
        if value >= LEAST:
            found[(one.iri, other.iri) if one.iri < other.iri else (other.iri, one.iri)] = value
    return found


def background_of(texts: Mapping[str, Text], shares: Mapping[Words, tuple[int, int]] | None = None) -> Background:
    """The articles' words; ``shares`` of words, the shipped ones by default."""
    return Background(texts, known_shares() if shares is None else shares)


LEAST = 0.05  # a score below counts as none


def grouped(
    accounts: Iterable[str],
    scores: Mapping[Pair, float],
    by: Weights,
    same: Iterable[Pair] = (),
    apart: Iterable[Pair] = (),
) -> list[list[str]]:
    """Groups of accounts that are one happening each, from the scores of their pairs; decided pairs bind.

    What no chain of pairs from ``by.joined`` on holds together is in no group together, so that accounts may be
    grouped component by component of such pairs, with the same groups.
    """
    raised = {pair: value**by.power for pair, value in scores.items()}  # so that sure pairs count more in the mean
    return groups(accounts, raised, by.joined**by.power, same, apart)


def join(
    accounts: Sequence[Account],
    pairs: Iterable[tuple[Account, Account]],
    background: Background,
    same: Iterable[Pair] = (),
    apart: Iterable[Pair] = (),
) -> Joined:
    """Put accounts together, comparing these pairs of them; decided pairs bind."""
    by = weights()
    scores = scored(pairs, background, word_table(), by)
    found = grouped((account.iri for account in accounts), scores, by, same, apart)
    return Joined(tuple(map(tuple, found)), scores)
