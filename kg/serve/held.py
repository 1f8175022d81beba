"""The events of one published copy, held in memory as columns: a page chooses among 50,000 in a millisecond.

Asked in SPARQL, "killings since May" is a join of 6,000 events with their times, a third of a second each time somebody
looks. A copy never changes, so its events are read once: some 300 bytes an event, and seconds for 50,000 of them.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from kg.core.iris import local_name
from kg.serve.asking import kept, pairs
from kg.serve.chosen import AFTER, Choice
from kg.serve.kinds import below, roles
from kg.store.disk import DiskReader
from kg.store.opening import Store

_MOST = 1_000_000  # events that are held; a store of more is asked in SPARQL
Numbers = NDArray[np.int32]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Column:
    """A value for each event: its place among the sorted values, -1 for none."""

    at: Numbers
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Fillers:
    """Who or what fills one role: number of the event, number of the filler; sorted by event."""

    events: Numbers
    fillers: Numbers


@dataclass(frozen=True)
class HeldEvents:
    """All events, the newest first, those without a day last."""

    events: tuple[str, ...]
    labels: tuple[str, ...]  # in small letters; empty: none
    kinds: Column
    statuses: Column
    begins: Column  # earliestBegin
    ends: Column  # latestEnd
    fillers: tuple[str, ...]  # sorted
    roles: dict[str, Fillers]  # by the role's name without its namespace

    def chosen(self, choice: Choice) -> Mask:
        """Which events a choice takes."""
        taken: Mask = np.ones(len(self.events), dtype=np.bool_)
        if choice.kind:
            wanted = set(below(choice.kind))
            taken &= np.isin(self.kinds.at, [n for n, kind in enumerate(self.kinds.values) if kind in wanted])
        if choice.status:
            taken &= self.statuses.at == _place(self.statuses.values, choice.status)
        if choice.place:
            taken &= self._with(("place",), choice.place)
        if choice.who:
            taken &= self._with(self.roles, choice.who)
        if choice.since:
            taken &= self.ends.at >= max(0, bisect_left(self.ends.values, choice.since))
        if choice.until:
            last = bisect_right(self.begins.values, choice.until + AFTER)
            taken &= (self.begins.at >= 0) & (self.begins.at < last)
        return taken

    def _with(self, names: Iterable[str], who: str) -> Mask:
        """Which events somebody or some place has a role in."""
        found: Mask = np.zeros(len(self.events), dtype=np.bool_)
        number = _place(self.fillers, who)
        for name in names:
            if number >= 0 and name in self.roles:
                role = self.roles[name]
                found[role.events[role.fillers == number]] = True
        return found

    def latest(self, choice: Choice, limit: int) -> list[str]:
        """The latest of the chosen events that have a day."""
        numbers = np.flatnonzero(self.chosen(choice) & (self.begins.at >= 0))[:limit]
        return [self.events[number] for number in numbers]

    def worded(self, choice: Choice, words: Sequence[str], skip: int, limit: int) -> list[str]:
        """The chosen events whose label holds all words, given in small letters; the newest first."""
        fitting = (
            self.events[number]
            for number in np.flatnonzero(self.chosen(choice))
            if (label := self.labels[number]) and all(word in label for word in words)
        )
        return list(islice(fitting, skip, skip + limit))

    def count_of(self, role: str, choice: Choice, *, named: bool = False) -> list[tuple[str, int]]:
        """Who or what fills a role in how many of the chosen events, most first; ``named``: beyond one article."""
        if role not in self.roles:
            return []
        its = self.roles[role]
        numbers, counts = np.unique(its.fillers[self.chosen(choice)[its.events]], return_counts=True)
        found = ((self.fillers[n], int(count)) for n, count in zip(numbers, counts, strict=True))
        return sorted(((f, n) for f, n in found if not named or "#" not in f), key=lambda one: (-one[1], one[0]))

    def count_of_kinds(self) -> dict[str, int]:
        """How many events there are of each type."""
        counts = np.bincount(self.kinds.at, minlength=len(self.kinds.values))
        return {kind: int(count) for kind, count in zip(self.kinds.values, counts, strict=True)}

    def count_of_months(self) -> dict[str, int]:
        """How many events begin in each month."""
        counts = np.bincount(self.begins.at[self.begins.at >= 0], minlength=len(self.begins.values))
        found: dict[str, int] = {}
        for day, count in zip(self.begins.values, counts, strict=True):
            found[day[:7]] = found.get(day[:7], 0) + int(count)
        return found

    @cached_property
    def _named(self) -> Mask:
        """Which fillers are known beyond one article."""
        return np.array(["#" not in filler for filler in self.fillers], dtype=np.bool_)

    def ties(self, choice: Choice, limit: int, *, unnamed: bool) -> list[tuple[str, str, int, tuple[str, ...]]]:
        """Agent, patient, in how many of the chosen events, of which types; most events first."""
        if "agent" not in self.roles or "patient" not in self.roles:
            return []
        agents, patients = self.roles["agent"], self.roles["patient"]
        first = np.searchsorted(patients.events, agents.events, "left")
        many = np.searchsorted(patients.events, agents.events, "right") - first
        rows = np.repeat(np.arange(len(agents.events)), many)  # an agent's row once for each patient of its event
        begin = np.repeat(first - np.concatenate(([0], np.cumsum(many)[:-1])), many)
        a, p = agents.fillers[rows], patients.fillers[begin + np.arange(len(rows))]
        events = agents.events[rows]
        taken = self.chosen(choice)[events] & (a != p)
        if not unnamed:
            taken &= self._named[a] & self._named[p]
        codes = a[taken].astype(np.int64) * len(self.fillers) + p[taken]
        order = np.argsort(codes, kind="stable")
        kinds = self.kinds.at[events[taken]][order]
        found, starts, counts = np.unique(codes[order], return_index=True, return_counts=True)
        ties = []
        for best in np.lexsort((found, -counts))[:limit]:  # fillers are sorted: codes are in the order of IRIs
            agent, patient = divmod(int(found[best]), len(self.fillers))
            its = {self.kinds.values[kind] for kind in kinds[starts[best] : starts[best] + counts[best]]}
            ties.append((self.fillers[agent], self.fillers[patient], int(counts[best]), tuple(sorted(its))))
        return ties


def held(store: Store) -> HeldEvents | None:
    """The events of a published copy; None for a store that is asked in SPARQL: an endpoint, one that may change."""
    return _held(store) if isinstance(store, DiskReader) else None


@kept
def _held(store: Store) -> HeldEvents | None:
    kinds = dict(_of(store, "kg:eventType"))
    if len(kinds) > _MOST:
        return None
    return read(store, kinds)


def read(store: Store, kinds: dict[str, str] | None = None) -> HeldEvents:
    """Read a store's events; ``kinds`` are their types where they are known already."""
    kinds = dict(_of(store, "kg:eventType")) if kinds is None else kinds
    time = {event: time for event, time in _of(store, "kg:time") if event in kinds}
    begin, end = (dict(_of(store, f"kg:{bound}")) for bound in ("earliestBegin", "latestEnd"))
    events = sorted(kinds)
    events.sort(key=lambda event: begin.get(time.get(event, ""), ""), reverse=True)  # stable: by IRI within a day
    number = {event: n for n, event in enumerate(events)}
    label = {event: words.casefold() for event, words in _of(store, "rdfs:label") if event in number}
    status = {event: local_name(one) for event, one in _of(store, "kg:factuality") if event in number}
    filled = {local_name(role): [pair for pair in _of(store, f"<{role}>") if pair[0] in number] for role in roles()}
    fillers = sorted({filler for its in filled.values() for _, filler in its})
    place = {filler: n for n, filler in enumerate(fillers)}
    return HeldEvents(
        tuple(events),
        tuple(label.get(event, "") for event in events),
        _column([kinds[event] for event in events]),
        _column([status.get(event, "") for event in events]),
        _column([begin.get(time.get(event, ""), "") for event in events]),
        _column([end.get(time.get(event, ""), "") for event in events]),
        tuple(fillers),
        {name: _fillers([(number[e], place[f]) for e, f in its]) for name, its in filled.items() if its},
    )


def _of(store: Store, predicate: str) -> Iterator[tuple[str, str]]:
    """Every subject and value."""
    return pairs(store, f"SELECT ?s ?o {{ ?s {predicate} ?o }}")


def _column(values: list[str]) -> Column:
    known = sorted(set(values) - {""})
    at = {value: n for n, value in enumerate(known)}
    return Column(np.array([at.get(value, -1) for value in values], dtype=np.int32), tuple(known))


def _fillers(rows: list[tuple[int, int]]) -> Fillers:
    columns = np.array(sorted(rows), dtype=np.int32).reshape(-1, 2)
    return Fillers(columns[:, 0].copy(), columns[:, 1].copy())


def _place(values: tuple[str, ...], value: str) -> int:
    """Where a value stands among sorted ones; -2, which no event has, where it does not."""
    at = bisect_left(values, value)
    return at if at < len(values) and values[at] == value else -2
