"""What an article's graph says, as values: what every exporter is given. Frozen, no behaviour but looking up.

All names are IRIs unless said otherwise; a type, role or status is the ontology's local name. What the graph says twice
(superclasses, a participant beside each role) stands here once, whatever form the graph is stored in.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A stretch of the article's text: half-open, in code points; ``words`` are its own, "" without the text."""

    begin: int
    end: int
    words: str
    iri: str


@dataclass(frozen=True, slots=True)
class EntityFact:
    """Somebody or something of the article."""

    iri: str
    type: str  # the most specific
    types: tuple[str, ...]  # from its own upward
    type_iri: str
    name: str
    aliases: tuple[str, ...] = ()
    source_type: str | None = None
    mentions: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class TimeFact:
    """When: the words, and bounds as days (ISO 8601), None where open."""

    iri: str
    words: str = ""
    dates: str | None = None  # as people write them
    grain: str | None = None
    inferred: bool = False
    earliest_begin: str | None = None
    latest_begin: str | None = None
    earliest_end: str | None = None
    latest_end: str | None = None
    mentions: tuple[Span, ...] = ()

    @property
    def is_day(self) -> bool:
        """Whether the words are as precise as a day, or more."""
        return self.grain in ("day", "hour", "minute") and self.earliest_begin is not None


@dataclass(frozen=True, slots=True)
class CountFact:
    """How many in one role of one event; a bound is None where open."""

    iri: str
    event: str
    words: str
    minimum: int | None
    maximum: int | None
    approximate: bool
    counted: str | None
    role: str | None
    role_iri: str | None
    mentions: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class RoleFact:
    """Who or what fills a role: an entity, another event, or words of the text."""

    role: str
    role_iri: str
    filler: str
    kind: Literal["entity", "event", "words", "other"]
    words: str = ""  # of words: the words


@dataclass(frozen=True, slots=True)
class EventFact:
    """Something said to happen, or spoken of."""

    iri: str
    type: str
    types: tuple[str, ...]
    type_iri: str
    status: str  # asserted, negated, possible, planned
    label: str
    mentions: tuple[Span, ...] = ()
    roles: tuple[RoleFact, ...] = ()
    time: TimeFact | None = None
    counts: tuple[CountFact, ...] = ()

    def fillers(self, role: str) -> tuple[RoleFact, ...]:
        """What fills one role."""
        return tuple(filler for filler in self.roles if filler.role == role)


@dataclass(frozen=True, slots=True)
class ClaimFact:
    """Who says so: the article itself where ``source`` is its IRI."""

    iri: str
    source: str | None
    claims: tuple[str, ...]  # events and counts
    cue: Span | None = None
    medium: str | None = None
    reported_in: str | None = None


@dataclass(frozen=True, slots=True)
class RelationFact:
    """A standing relation between two entities, or of an entity and words."""

    iri: str
    subject: str
    predicate: str  # IRI
    object: str  # IRI, or words where ``literal``
    literal: bool
    mentions: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class ArticleFacts:
    """Everything that one article's graph says, each kind sorted by where it begins in the text, then by IRI."""

    iri: str
    text: str | None = None
    title: str | None = None
    author: str | None = None
    publisher: str | None = None
    published: str | None = None
    url: str | None = None
    digest: str | None = None
    reading: str | None = None  # the activity that made the graph
    program: str | None = None
    model: str | None = None
    ontology: str | None = None
    entities: tuple[EntityFact, ...] = ()
    events: tuple[EventFact, ...] = ()
    times: tuple[TimeFact, ...] = ()
    claims: tuple[ClaimFact, ...] = ()
    relations: tuple[RelationFact, ...] = ()

    @property
    def by_iri(self) -> Mapping[str, EntityFact]:
        """The entities by IRI."""
        return {entity.iri: entity for entity in self.entities}

    @property
    def voice(self) -> str:
        """What the article itself is called as a source: its publisher, else its IRI."""
        return self.publisher or self.iri

    def name(self, iri: str) -> str:
        """What an entity or event of the article is called; the IRI where it has no name here."""
        if iri == self.iri:
            return self.voice
        found: dict[str, str] = {entity.iri: entity.name for entity in self.entities}
        return found.get(iri) or next((e.label for e in self.events if e.iri == iri), iri)

    def claims_of(self, iri: str) -> tuple[ClaimFact, ...]:
        """Who says that the event, or the count, is so."""
        return tuple(claim for claim in self.claims if iri in claim.claims)
