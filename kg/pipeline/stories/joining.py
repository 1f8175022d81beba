"""Accounts of events in, happenings out: the one function by which a store's events and the benchmark's are joined."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from kg.pipeline.stories.accounts import Account, Text, day_number
from kg.pipeline.stories.comparing import Background, Weights, Words, comparable, evidence, known_shares, score, weights
from kg.pipeline.stories.grouping import Pair, groups
from kg.pipeline.stories.matters import matters
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


def background_of(
    accounts: Iterable[Account], texts: Mapping[str, Text], shares: Mapping[Words, tuple[int, int]] | None = None
) -> Background:
    """The articles' words with the matters that they are about; ``shares`` of words, the shipped ones by default."""
    days = {account.article: day_number(account.published) for account in accounts}
    return Background(texts, matters(texts, days), known_shares() if shares is None else shares)


LEAST = 0.02  # a score below counts as none


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
    raised = {pair: value**by.power for pair, value in scores.items()}  # so that sure pairs count more in the mean
    found = groups((account.iri for account in accounts), raised, by.joined**by.power, same, apart)
    return Joined(tuple(map(tuple, found)), scores)
