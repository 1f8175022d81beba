"""The values that flow from stage to stage: Article → Extraction → (graph). Frozen, JSON-friendly, no behaviour.

Offsets are half-open and count Unicode code points of ``Article.text`` exactly as given (NIF 2.0, RFC 5147).
Ids (``n3``, ``e6``, ``t1``, ``c2``, ``q4``, ``r1``) are local to one extraction; IRIs are minted in ``kg.graph``.
Event types, entity types and roles are local names of the ontology, never enum members: the ontology may grow.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import Literal

Status = Literal["asserted", "negated", "possible", "planned"]
Grain = Literal["year", "quarter", "month", "week", "day", "hour", "minute", "span"]


@dataclass(frozen=True, slots=True)
class Article:
    """One source text with its metadata; ``text`` is kept verbatim, the title is not part of it."""

    id: str
    text: str
    published: str | None = None  # ISO 8601 date, YYYY-MM-DD
    publisher: str | None = None
    title: str | None = None
    url: str | None = None
    author: str | None = None  # names, joined by ", "

    def _repr_html_(self) -> str:
        from kg.core.notebook import as_text

        return as_text(self.title or self.id, ", ".join(filter(None, [self.published, self.publisher])), self.text)


@dataclass(frozen=True, slots=True, order=True)
class Mention:
    """A stretch of the article's text; ``text == article.text[start:end]`` always holds."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Entity:
    """A person, organisation, place, group or thing: one coreference chain of one article."""

    id: str
    type: str  # local name of its most specific class, e.g. "Person"
    types: tuple[str, ...]  # from its own class upward, most specific first
    name: str  # the fullest name, or the head phrase of an unnamed one
    named: bool
    mentions: tuple[Mention, ...]  # in text order, at least one
    aliases: tuple[str, ...] = ()  # other names used for it
    source_type: str | None = None  # for unnamed sources: official, security, witness, medium, party


@dataclass(frozen=True, slots=True)
class Bounds:
    """Four bounds (SEM's pattern), each an ISO date of its own grain or None where open, and the grain of the words."""

    earliest_begin: str | None = None
    latest_begin: str | None = None
    earliest_end: str | None = None
    latest_end: str | None = None
    grain: Grain | None = None  # None: not resolved

    @property
    def value(self) -> str | tuple[str | None, str | None] | None:
        """One date where begin and end are the same, a pair (earliest begin, latest end), None if unresolved."""
        if self.earliest_begin is None and self.latest_end is None:
            return None
        if self.earliest_begin == self.latest_end and self.grain in ("year", "month", "day"):
            return self.earliest_begin
        return (self.earliest_begin, self.latest_end)


@dataclass(frozen=True, slots=True)
class TimeSpan:
    """When: the words kept, and their bounds."""

    id: str
    mention: Mention | None  # the words; None where the time was inferred from the passage
    bounds: Bounds
    inferred: bool = False
    evidence: Mention | None = None  # for inferred ones: the words whose time was taken over

    @property
    def value(self) -> str | tuple[str | None, str | None] | None:
        """The JSON view: one date of the words' grain, a pair (earliest begin, latest end), or None."""
        return self.bounds.value

    @property
    def words(self) -> str:
        """The JSON view for people: ``2024-05-08``, ``2024-05-06 to ?``, or nothing."""
        value = self.value
        return " to ".join(part or "?" for part in value) if isinstance(value, tuple) else value or ""


@dataclass(frozen=True, slots=True)
class Count:
    """How many in one role of one event: bounds as the words give them, None where open."""

    id: str
    role: str
    entity: str  # entity id
    minimum: int | None
    maximum: int | None
    approximate: bool
    mention: Mention  # the words of the count ("at least 32")
    counted: str  # what is counted, in the article's words ("militants")


@dataclass(frozen=True, slots=True)
class RoleFiller:
    """One argument of an event: an entity, another event, or (for causes only) words of the text."""

    role: str
    filler: str | Mention  # entity id, event id, or the words


@dataclass(frozen=True, slots=True)
class Event:
    """Something said to happen: type, triggers, who and what takes part, when, how many, how certain."""

    id: str
    type: str
    types: tuple[str, ...]
    triggers: tuple[Mention, ...]
    roles: tuple[RoleFiller, ...] = ()
    time: TimeSpan | None = None
    counts: tuple[Count, ...] = ()
    status: Status = "asserted"
    source: str | None = None  # entity id of the innermost speaker; None: the article's own voice

    def fillers(self, role: str) -> tuple[str | Mention, ...]:
        """The fillers of one role, in order."""
        return tuple(r.filler for r in self.roles if r.role == role)


@dataclass(frozen=True, slots=True)
class Claim:
    """Who says so: a source, the cue, the medium, and what is claimed. ``source`` None is the article itself."""

    id: str
    source: str | None  # entity id
    cue: Mention | None  # "said", "according to"; None only for the article's own voice
    events: tuple[str, ...]  # event ids
    counts: tuple[str, ...] = ()  # count ids
    medium: str | None = None  # entity id ("citing a video")
    reported_in: str | None = None  # id of the outer claim: "X said, citing Y" keeps both hops


@dataclass(frozen=True, slots=True)
class Relation:
    """A standing relation that the text states: (subject, predicate, object) with the mention that shows it."""

    id: str
    subject: str  # entity id
    predicate: str  # local name: position, partOf, memberOf, locatedIn, operates, owns, nationality, alsoKnownAs
    object: str  # entity id, or plain words where ``literal``
    mention: Mention
    literal: bool = False


@dataclass(frozen=True, slots=True)
class Extraction:
    """Everything read from one article: the whole contract between language and RDF."""

    article: Article
    entities: tuple[Entity, ...] = ()
    events: tuple[Event, ...] = ()
    claims: tuple[Claim, ...] = ()
    relations: tuple[Relation, ...] = ()

    def _repr_html_(self) -> str:
        """The text with entities and triggers marked, and a table of the events."""
        from kg.core.notebook import as_table, as_text

        article, names = self.article, {entity.id: entity.name for entity in self.entities}
        marks = [(m.start, m.end, entity.type, "entity") for entity in self.entities for m in entity.mentions]
        marks += [(m.start, m.end, event.type, "trigger") for event in self.events for m in event.triggers]
        about = ", ".join(filter(None, [article.published, article.publisher]))
        roles = ("agent", "patient", "place")
        rows = [
            (
                event.type,
                " … ".join(trigger.text for trigger in event.triggers),
                event.status,
                *(", ".join(_name(filler, names) for filler in event.fillers(role)) for role in roles),
                event.time.words if event.time else "",
                _name(event.source or "", names),
            )
            for event in self.events
        ]
        table = as_table(("event", "words", "status", *roles, "time", "source"), rows)
        return as_text(article.title or article.id, about, article.text, marks) + table


@dataclass(frozen=True, slots=True)
class Reading:
    """With what an article was read: goes into its graph's provenance, decides whether to read again."""

    program: str  # version of kg
    model: str  # name, version and digest of the language model
    ontology: str  # digest of the ontology files used


@dataclass(frozen=True, slots=True)
class Violation:
    """One SHACL result, readable: what is wrong, where, and the sentence it came from where one is known."""

    focus: str
    path: str | None
    message: str
    severity: str
    shape: str | None = None
    value: str | None = None
    article: str | None = None
    sentence: str | None = None  # the span in square brackets
    begin: int | None = None  # of the span, in characters of the article's text
    end: int | None = None
    found_by: str | None = None  # the rule or model that found the span, where the article was read again


@dataclass(frozen=True, slots=True)
class ValidationReport:
    """The outcome of a validation: a value, never raised. ``violations`` has warnings and infos too, as SHACL does."""

    conforms: bool
    violations: tuple[Violation, ...] = ()

    @property
    def acceptable(self) -> bool:
        """Whether nothing is worse than a warning: what is loaded, and what exit status 0 means."""
        worst = {result.severity for result in self.violations}
        return self.conforms or ("Violation" not in worst and bool(worst))

    def _repr_html_(self) -> str:
        from kg.core.notebook import as_table

        columns = ("severity", "message", "focus", "value", "sentence")
        rows = [(v.severity, v.message, v.focus, v.value or "", v.sentence or "") for v in self.violations]
        return as_table(columns, rows, "conforms" if self.conforms else f"{len(rows)} violations")


def _name(filler: str | Mention, names: dict[str, str]) -> str:
    """A filler as a person reads it: an entity's name, an event's id, or the words."""
    return filler.text if isinstance(filler, Mention) else names.get(filler, filler)


def text_digest(text: str) -> str:
    """SHA-256, in hexadecimal, of a text in UTF-8: what mentions count in is the text that was read."""
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
