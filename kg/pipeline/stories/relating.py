"""What is one happening, and which articles are one report, brought up to date with what is new in a store.

    new and changed articles ─ candidates by an index → scores ─ components that they touch → groups → links

Pairs of accounts from the joining threshold on make components; groups lie within them (``joining.grouped``). So only
components with something new are grouped again, and only their links change: the same links as if all had been made
anew, whatever the order in which articles came.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from decimal import Decimal
from typing import cast

from kg.linking.match import Link, LinkStatus
from kg.pipeline.stories.candidates import pairs_between
from kg.pipeline.stories.comparing import Weights, accepted_from, evidence
from kg.pipeline.stories.copies import Source, alike, repeats
from kg.pipeline.stories.grouping import Pair, spanning
from kg.pipeline.stories.joining import background_of, grouped, scored
from kg.pipeline.stories.kept import Kept
from kg.pipeline.stories.reading import Read
from kg.pipeline.stories.reasons import reasons
from kg.pipeline.stories.wording import WordTable, likeness, word_table

METHOD = "words, type, time, place and participants"
COPY = "text and address"

Reader = Callable[[str], Read | None]
"""Reads an article by its IRI; None for a graph that has no text."""


@dataclass(frozen=True, slots=True)
class Change:
    """Links that are to go (by subject and target), and those that are to come in their place."""

    gone: frozenset[Pair]
    come: tuple[Link, ...]


def bring_up_to_date(
    kept: Kept,
    states: Mapping[str, str],
    read: Reader,
    by: Weights,
    table: WordTable,
    same: AbstractSet[Pair],
    apart: AbstractSet[Pair],
    seeds: Iterable[str] = (),
) -> Change:
    """Take in what changed since last time; ``states`` of all articles, ``seeds`` accounts of decisions that changed.

    ``same`` and ``apart`` are the pairs that people decided.
    """
    before = kept.states()
    old = {iri for iri in before if states.get(iri) != before[iri]}
    new = sorted(iri for iri in states if states[iri] != before.get(iri))
    lost = {account.iri for iri in old for account in kept.article(iri).accounts}
    touched, alike_before = kept.drop(sorted(old))
    come: dict[str, Read] = {}
    for iri in new:
        found = read(iri)
        if found is not None:
            kept.put(iri, states[iri], found)
            come[iri] = found
    _compare(kept, come, by, table)
    touched |= {account.iri for found in come.values() for account in found.accounts} | set(seeds)
    accounts, links = _grouped_again(kept, {one for one in touched if kept.holds(one)}, by, same, apart)
    articles, copied = _copied_again(kept, (alike_before & states.keys()) | come.keys())
    return Change(frozenset(kept.links_of(accounts | lost | articles | old)), (*links, *copied))


def _compare(kept: Kept, come: Mapping[str, Read], by: Weights, table: WordTable) -> None:
    """Compare the accounts and the texts of new articles with those that could be one with them."""
    for iri, found in come.items():
        for near in sorted(kept.matters_near(found) | {iri}):
            if near in come and near > iri:
                continue  # both are new: once
            other = found if near == iri else kept.article(near)
            pairs = list(pairs_between(found.accounts, found.text, other.accounts, other.text))
            if pairs:
                kept.score(scored(pairs, background_of({iri: found.text, near: other.text}), table, by))
        for near in sorted(kept.texts_near(found) - {iri}):
            if near in come and near > iri:
                continue
            if (like := alike(found.source, kept.article(near).source)) is not None:
                kept.like(iri, near, *like)


def _grouped_again(
    kept: Kept,
    touched: AbstractSet[str],
    by: Weights,
    same: AbstractSet[Pair],
    apart: AbstractSet[Pair],
) -> tuple[set[str], list[Link]]:
    """The accounts of all components that were touched, with the links of their groups and between these and others."""
    said: dict[str, set[str]] = defaultdict(set)
    for one, other in same:
        said[one].add(other)
        said[other].add(one)
    done: set[str] = set()
    scores: dict[Pair, float] = {}
    groups: list[list[str]] = []
    for start in sorted(touched):
        if start in done:
            continue
        component, rest = {start}, [start]
        own: dict[Pair, float] = {}
        while rest:
            account = rest.pop()
            found = kept.scores_of([account])
            own |= found
            beside = {other for pair, value in found.items() if value >= by.joined for other in pair}
            fresh = {other for other in beside | said[account] if kept.holds(other)} - component
            component |= fresh
            rest += sorted(fresh)
        done |= component
        within = {pair: own[pair] for pair in sorted(own) if pair[0] in component and pair[1] in component}
        groups += grouped(component, within, by, same, apart)
        scores |= own
    for group in groups:
        kept.group(group)
    return done, _links(kept, groups, scores, by)


def _links(kept: Kept, groups: Iterable[list[str]], scores: Mapping[Pair, float], by: Weights) -> list[Link]:
    """The pairs that hold groups together, and the best pair between each of them and another group."""
    found: dict[Pair, LinkStatus] = {}
    for group in groups:
        for one, other in spanning(group, scores):
            likely = _accepted(kept, (one, other), scores.get((one, other), 0.0), by)
            found[one, other] = "accepted" if likely else "candidate"
    leader = kept.leaders({account for pair in scores for account in pair})
    best: dict[Pair, tuple[float, Pair]] = {}
    for (one, other), value in sorted(scores.items()):
        between = cast("Pair", tuple(sorted((leader[one], leader[other]))))
        apart = between[0] != between[1] and one.partition("#")[0] != other.partition("#")[0]
        if apart and value >= by.shown and value > best.get(between, (0.0, ("", "")))[0]:
            best[between] = (value, (one, other))
    for _, pair in best.values():
        found.setdefault(pair, "candidate")
    return [link_of(kept, pair, scores.get(pair, 0.0), status) for pair, status in sorted(found.items())]


def _accepted(kept: Kept, pair: Pair, value: float, by: Weights) -> bool:
    """Whether a pair of one group is taken to be right, by its score and by what day, place and people say."""
    if value < min(by.accepted, by.grounded, by.dated):
        return False
    one, other = (kept.account(iri) for iri in pair)
    texts = {account.article: kept.article(account.article).text for account in (one, other)}
    return value >= accepted_from(evidence(one, other, background_of(texts), word_table()), by)


def link_of(kept: Kept, pair: Pair, value: float, status: LinkStatus) -> Link:
    """The link of two accounts, with the reasons in words."""
    one, other = (kept.account(iri) for iri in pair)
    texts = [kept.article(account.article).text for account in (one, other)]
    alike_ = 1.0 if one.article == other.article else likeness(texts[0].words, texts[1].words)
    score = Decimal(f"{min(max(value, 0.01), 0.99):.2f}")
    return Link(*pair, METHOD, score, status, reasons(one, other, alike_), kind="EventLink")


def _copied_again(kept: Kept, touched: AbstractSet[str]) -> tuple[set[str], list[Link]]:
    """The articles that are alike with touched ones, however far, and the links of those that repeat another."""
    done: set[str] = set()
    links = []
    for start in sorted(touched):
        if start in done:
            continue
        component, rest = {start}, [start]
        like: dict[str, dict[str, tuple[float, str]]] = {}
        while rest:
            found = kept.alike([rest.pop()])
            for one, others in found.items():
                like.setdefault(one, {}).update(others)
            fresh = found.keys() - component
            component |= fresh
            rest += sorted(fresh)
        done |= component
        sources: list[Source] = [kept.article(iri).source for iri in component] if len(component) > 1 else []
        for copy in repeats(sources, like):
            score = Decimal(f"{copy.shared:.2f}")
            links.append(Link(copy.iri, copy.of, COPY, score, "accepted", (copy.reason,), kind="CopyLink"))
    return done, links
