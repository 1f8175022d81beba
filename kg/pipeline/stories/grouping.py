"""Accounts put together into happenings, from the scores of pairs: average linkage, the best pair first.

The same scores give the same groups in any order of the pairs. What people decided binds: some pairs are one, some are
not.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from heapq import heapify, heappop, heappush
from itertools import count

Pair = tuple[str, str]


def groups(
    accounts: Iterable[str],
    scores: Mapping[Pair, float],
    joined: float,
    same: Iterable[Pair] = (),
    apart: Iterable[Pair] = (),
) -> list[list[str]]:
    """Groups of accounts, sorted, singletons too: two are joined while their mean score is ``joined`` or more.

    Pairs that have no score count as 0, so that a chain of likely pairs is no group by itself. ``same`` are joined in
    any case, ``apart`` never.
    """
    members: dict[int, list[str]] = {}
    home: dict[str, int] = {}
    number = count()
    for account in sorted(set(accounts)):
        home[account] = next(number)
        members[home[account]] = [account]
    between: dict[int, dict[int, float]] = defaultdict(dict)
    forbidden: dict[int, set[int]] = defaultdict(set)
    for one, other in apart:
        if one in home and other in home:
            forbidden[home[one]].add(home[other])
            forbidden[home[other]].add(home[one])
    for (one, other), value in scores.items():
        between[home[one]][home[other]] = between[home[other]][home[one]] = value

    def join(one: int, other: int) -> int:
        new = next(number)
        members[new] = sorted(members.pop(one) + members.pop(other))
        for neighbour in sorted({*between[one], *between[other]} - {one, other}):
            total = between[one].get(neighbour, 0.0) + between[other].get(neighbour, 0.0)
            between[new][neighbour] = between[neighbour][new] = total
        for neighbour in {*forbidden[one], *forbidden[other]}:
            forbidden[new].add(neighbour)
            forbidden[neighbour].add(new)
        for old in (one, other):
            for neighbour in between.pop(old, {}):
                between[neighbour].pop(old, None)
            for neighbour in forbidden.pop(old, set()):
                forbidden[neighbour].discard(old)
        return new

    def mean(one: int, other: int) -> float:
        return between[one][other] / (len(members[one]) * len(members[other]))

    where = dict(home)
    for one, other in sorted(same):
        if one in where and other in where and where[one] != where[other]:
            new = join(where[one], where[other])
            where |= dict.fromkeys(members[new], new)

    def entry(one: int, other: int) -> tuple[float, str, str, int, int]:
        first, second = sorted((one, other), key=lambda group: members[group][0])
        return (-mean(one, other), members[first][0], members[second][0], first, second)

    queue = [entry(first, second) for first in members for second in between[first] if first < second]
    heapify(queue)
    while queue:
        negative, _, _, first, second = heappop(queue)
        if first not in members or second not in members or -negative < joined or second in forbidden[first]:
            continue
        new = join(first, second)
        for neighbour in between[new]:
            heappush(queue, entry(new, neighbour))
    return sorted(members.values())


def spanning(group: list[str], scores: Mapping[Pair, float]) -> list[Pair]:
    """The pairs that hold a group together, the likeliest first: one fewer than it has members."""
    home = {account: {account} for account in group}
    pairs = [(a, b) for i, a in enumerate(group) for b in group[i + 1 :]]
    pairs.sort(key=lambda pair: (-scores.get(pair, scores.get(pair[::-1], 0.0)), pair))
    kept = []
    for one, other in pairs:
        if home[one] is not home[other]:
            kept.append((one, other))
            home[one] |= home[other]
            for account in home[other]:
                home[account] = home[one]
    return kept


def components(things: Iterable[str], pairs: Iterable[tuple[str, str]]) -> list[list[str]]:
    """The things that pairs hold together, sorted; pairs of what is unknown do not count."""
    home = {thing: {thing} for thing in things}
    for one, other in pairs:
        if one in home and other in home and home[one] is not home[other]:
            small, large = sorted((home[one], home[other]), key=len)
            large |= small
            for thing in small:
                home[thing] = large
    return sorted(sorted(group) for group in {id(group): group for group in home.values()}.values())
