"""An event in the making: what one trigger gives, before mentions of the same event are put together.

A draft is a value. Each step of a reading takes the drafts of a document and returns new ones; inside a step
``Drafts`` keeps the newest value of each.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, get_args

from kg.core.model import Status

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from kg.core.model import Count, Mention, TimeSpan
    from kg.extract.grammar.triggers import TriggerMatch
    from kg.extract.saying.scopes import Scope

#: What tells a draft from all others of its document, whatever becomes of it.
Key = tuple[int, str]
STATUSES: tuple[Status, ...] = get_args(Status)


@dataclass(frozen=True, slots=True, eq=False)
class Draft:
    """One trigger with everything found around it; ``members`` are further triggers of the same event."""

    match: TriggerMatch
    type: str
    mention: Mention
    sentence: int
    status: Status = "asserted"
    status_reason: str = ""
    chances: tuple[float, ...] = ()  # of each status, all weighed; empty where rules decide alone
    scopes: tuple[Scope, ...] = ()  # acts of saying around it, innermost first
    known: bool = False  # whether its words take it for granted ("the raid", "the rebels who stormed …")
    source: str | None = None  # entity id of the innermost speaker
    fillers: tuple[tuple[str, str], ...] = ()  # (role, entity id)
    sites: tuple[str, ...] = ()  # places that its own words put it at, not those it leads to
    told: frozenset[tuple[str, str]] = frozenset()  # the fillers that its own grammar gives
    barred: frozenset[tuple[str, str]] = frozenset()  # (role, entity id) that its words exclude
    event_fillers: tuple[tuple[str, int], ...] = ()  # (role, head token of the other event)
    cause_words: tuple[Mention, ...] = ()
    counts: tuple[Count, ...] = ()  # without ids: `finish` numbers them
    time: TimeSpan | None = None
    members: tuple[Draft, ...] = ()

    @property
    def key(self) -> Key:
        """Its head token and the type that its trigger was found as: "shot dead" is two events on one head."""
        return self.match.head, self.match.type

    @property
    def tellings(self) -> tuple[Draft, ...]:
        """Itself and its members: each trigger that tells of the event."""
        return self, *self.members

    @property
    def heads(self) -> list[int]:
        """Head tokens of all its triggers."""
        return [t.match.head for t in self.tellings]

    @property
    def last_sentence(self) -> int:
        """Index of the last sentence that tells of it."""
        return max(t.sentence for t in self.tellings)

    @property
    def excluded(self) -> set[tuple[str, str]]:
        """(role, entity id) that some telling of it excludes, and none has by its grammar."""
        return {f for t in self.tellings for f in t.barred} - {f for t in self.members for f in t.fillers}

    def of(self, role: str) -> set[str]:
        """Entity ids in one role."""
        return {e for r, e in self.fillers if r == role}

    def filled(self, role: str, entity: str) -> Draft:
        """Return it with an entity in a role, once."""
        return self if (role, entity) in self.fillers else replace(self, fillers=(*self.fillers, (role, entity)))

    def without(self, role: str, entity: str) -> Draft:
        """Return it without an entity in a role, and without the counts of that entity in it."""
        return replace(
            self,
            fillers=tuple(f for f in self.fillers if f != (role, entity)),
            counts=tuple(c for c in self.counts if (c.role, c.entity) != (role, entity)),
        )


class Drafts:
    """The newest value of each draft of a document, in text order, while one step works on them."""

    def __init__(self, drafts: Iterable[Draft]) -> None:
        self._newest = {d.key: d for d in drafts}

    def __getitem__(self, key: Key) -> Draft:
        """Return the newest value of a draft."""
        return self._newest[key]

    def put(self, draft: Draft) -> None:
        """Keep a draft in place of its value so far."""
        self._newest[draft.key] = draft

    def all(self) -> tuple[Draft, ...]:
        """All drafts as they are now."""
        return tuple(self._newest.values())


def likeliest(chances: Sequence[float]) -> Status:
    """The status with the best chance; of two as good, the one that asserts less."""
    return max(reversed(STATUSES), key=lambda status: chances[STATUSES.index(status)])


def joined(event: Draft, telling: Draft) -> tuple[Status, tuple[float, ...]]:
    """The status of an event with one more telling, and its chances: the mean of all; by rules that of the first."""
    if not event.chances or not telling.chances:
        return event.status, event.chances
    n = len(event.tellings)
    chances = tuple(round((p * n + q) / (n + 1), 4) for p, q in zip(event.chances, telling.chances, strict=True))
    return likeliest(chances), chances
