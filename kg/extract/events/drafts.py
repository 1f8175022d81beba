"""An event in the making: what one trigger gives, before mentions of the same event are put together."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kg.core.model import Count, Mention, Status, TimeSpan
    from kg.extract.grammar.triggers import TriggerMatch
    from kg.extract.saying.scopes import Scope


@dataclass(slots=True, eq=False)
class Draft:
    """One trigger with everything found around it; ``members`` are further triggers of the same event."""

    match: TriggerMatch
    type: str
    mention: Mention
    sentence: int
    status: Status = "asserted"
    status_reason: str = ""
    scopes: tuple[Scope, ...] = ()  # acts of saying around it, innermost first
    known: bool = False  # whether its words take it for granted ("the raid", "the rebels who stormed …")
    source: str | None = None  # entity id of the innermost speaker
    fillers: list[tuple[str, str]] = field(default_factory=list)  # (role, entity id)
    sites: list[str] = field(default_factory=list)  # places that its own words put it at, not those it leads to
    told: frozenset[tuple[str, str]] = frozenset()  # the fillers that its own grammar gives
    barred: set[tuple[str, str]] = field(default_factory=set)  # (role, entity id) that its words exclude
    event_fillers: list[tuple[str, int]] = field(default_factory=list)  # (role, head token of the other event)
    cause_words: list[Mention] = field(default_factory=list)
    counts: list[Count] = field(default_factory=list)  # without ids: `finish` numbers them
    time: TimeSpan | None = None
    members: list[Draft] = field(default_factory=list)

    @property
    def heads(self) -> list[int]:
        """Head tokens of all its triggers."""
        return [self.match.head, *(h for m in self.members for h in m.heads)]

    @property
    def last_sentence(self) -> int:
        """Index of the last sentence that tells of it."""
        return max([self.sentence, *(m.last_sentence for m in self.members)])

    @property
    def excluded(self) -> set[tuple[str, str]]:
        """(role, entity id) that some telling of it excludes, and none has by its grammar."""
        return {f for t in (self, *self.members) for f in t.barred} - {f for t in self.members for f in t.fillers}

    def of(self, role: str) -> set[str]:
        """Entity ids in one role."""
        return {e for r, e in self.fillers if r == role}
