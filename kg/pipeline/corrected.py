"""A reading with people's corrections in it: each is applied where its words and type are found, else told as unfit.

Pure functions on extractions: the graph that is written of the result is checked against the shapes as any other.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from kg.core.days import first_day
from kg.core.model import (
    Bounds,
    Claim,
    Entity,
    Event,
    Extraction,
    Grain,
    Mention,
    RoleFiller,
    Status,
    TimeSpan,
    text_digest,
)
from kg.ontology.values import Ontology
from kg.query.corrections import Correction, Place

_DATE = re.compile(r"\d{4}(?:-\d{2}(?:-\d{2})?)?\Z")
_GRAINS: dict[int, Grain] = {4: "year", 7: "month", 10: "day"}
STATUSES: tuple[Status, ...] = ("asserted", "negated", "possible", "planned")


@dataclass(frozen=True, slots=True)
class Unfit:
    """A correction that could not be applied to a reading, and why."""

    correction: Correction
    reason: str


def corrected(
    extraction: Extraction, corrections: Iterable[Correction], ontology: Ontology
) -> tuple[Extraction, tuple[Unfit, ...]]:
    """The extraction with the corrections in it, in their order, and those that do not fit this reading."""
    unfit = []
    digest = text_digest(extraction.article.text)
    for one in corrections:
        text = extraction.article.text
        moved = one.text != digest
        if moved and text[one.place.begin : one.place.end] != one.place.words:
            unfit.append(Unfit(one, "the article's text is another one now"))
            continue
        try:
            extraction = _apply(extraction, one, ontology)
        except _DoesNotFit as error:
            unfit.append(Unfit(one, str(error)))
    return extraction, tuple(unfit)


class _DoesNotFit(Exception):  # noqa: N818 - not an error: a value on its way
    pass


def _apply(extraction: Extraction, one: Correction, ontology: Ontology) -> Extraction:
    if one.change == "missed":
        return _with_missed(extraction, one, ontology)
    if one.change == "is-none":
        found = _find(extraction, one.place, one.type)
        return _without(extraction, found) if found is not None else extraction
    event = _find(extraction, one.place, one.type)
    if event is None:
        if one.change == "type" and _find(extraction, one.place, one.value) is not None:
            return extraction  # the reading has come to agree
        raise _DoesNotFit(f"no {one.type} is read at “{one.place.words}” any more")
    match one.change:
        case "type":
            if one.value not in ontology.event_types:
                raise _DoesNotFit(f"{one.value} is no event type of the ontology that it was read with")
            kind = ontology.event_types[one.value]
            return _put(extraction, replace(event, type=kind.name, types=kind.types))
        case "status":
            return _put(extraction, replace(event, status=next(s for s in STATUSES if s == one.value)))
        case "time":
            return _put(extraction, replace(event, time=_time(event, one.value)))
        case "source":
            return _with_source(extraction, event, one)
        case "fills":
            return _with_filler(extraction, event, one, ontology)
        case "fills-not":
            return _without_filler(extraction, event, one)
        case _:
            other = _find(extraction, one.other, one.value) if one.other else None
            if other is None:
                raise _DoesNotFit(f"no {one.value} is read at “{one.other.words if one.other else ''}” any more")
            return extraction if other.id == event.id else _merged(extraction, event, other)


# ------------------------------------------------------------------------------------------------------------- finding


def _find(extraction: Extraction, place: Place, kind: str) -> Event | None:
    """The event of this type that these words tell of: whose trigger is the span, else overlaps it."""
    same = [event for event in extraction.events if event.type == kind]
    exact = (e for e in same for t in e.triggers if (t.start, t.end) == (place.begin, place.end))
    near = (e for e in same for t in e.triggers if t.start < place.end and place.begin < t.end)
    return next(exact, None) or next(near, None)


def entity_at(extraction: Extraction, place: Place) -> Entity | None:
    """The entity with this mention, else the one with the shortest mention around it, else one that overlaps."""
    spans = [(mention, entity) for entity in extraction.entities for mention in entity.mentions]
    exact = [entity for m, entity in spans if (m.start, m.end) == (place.begin, place.end)]
    around = sorted(
        ((m.end - m.start, n) for n, (m, _) in enumerate(spans) if m.start <= place.begin and place.end <= m.end)
    )
    over = [entity for m, entity in spans if m.start < place.end and place.begin < m.end]
    return next(iter(exact), None) or (spans[around[0][1]][1] if around else next(iter(over), None))


# ------------------------------------------------------------------------------------------------------------ changing


def _put(extraction: Extraction, event: Event) -> Extraction:
    events = tuple(event if known.id == event.id else known for known in extraction.events)
    return replace(extraction, events=events)


def _fresh(extraction: Extraction, letter: str) -> str:
    taken = {entity.id for entity in extraction.entities} | {event.id for event in extraction.events}
    taken |= {claim.id for claim in extraction.claims}
    return next(name for n in range(1, len(taken) + 2) if (name := f"{letter}-by-hand-{n}") not in taken)


def _mention(extraction: Extraction, place: Place) -> Mention:
    return Mention(place.begin, place.end, extraction.article.text[place.begin : place.end])


def _with_missed(extraction: Extraction, one: Correction, ontology: Ontology) -> Extraction:
    if _find(extraction, one.place, one.type) is not None:
        return extraction
    if one.type not in ontology.event_types:
        raise _DoesNotFit(f"{one.type} is no event type of the ontology that it was read with")
    kind = ontology.event_types[one.type]
    event = Event(_fresh(extraction, "e"), kind.name, kind.types, (_mention(extraction, one.place),))
    events = sorted((*extraction.events, event), key=lambda e: e.triggers[0].start)
    return replace(extraction, events=tuple(events))


def _without(extraction: Extraction, gone: Event) -> Extraction:
    """The extraction without an event: nobody claims it, nothing is caused by it, its counts go with it."""
    events = [
        replace(event, roles=tuple(role for role in event.roles if role.filler != gone.id))
        for event in extraction.events
        if event.id != gone.id
    ]
    return replace(extraction, events=tuple(events), claims=_saying_something(_claims_without(extraction, gone)))


def _claims_without(extraction: Extraction, gone: Event) -> list[Claim]:
    """The claims, of which none claims an event or its counts; some may claim nothing then."""
    counts = {count.id for count in gone.counts}
    return [
        replace(
            claim,
            events=tuple(event for event in claim.events if event != gone.id),
            counts=tuple(count for count in claim.counts if count not in counts),
        )
        for claim in extraction.claims
    ]


def _saying_something(claims: Sequence[Claim]) -> tuple[Claim, ...]:
    """The claims that claim something; what was reported in one that does not is reported in the one above it."""
    kept = {claim.id: claim for claim in claims if claim.events or claim.counts}
    above = {claim.id: claim.reported_in for claim in claims}

    def outer(name: str | None) -> str | None:
        while name is not None and name not in kept:
            name = above.get(name)
        return name

    return tuple(replace(claim, reported_in=outer(claim.reported_in)) for claim in kept.values())


def _merged(extraction: Extraction, event: Event, other: Event) -> Extraction:
    """One event of two: the words, roles and counts of both, the time of the first that has one."""
    roles = dict.fromkeys((*event.roles, *other.roles))
    one = replace(
        event,
        triggers=tuple(sorted({*event.triggers, *other.triggers})),
        roles=tuple(role for role in roles if role.filler not in (event.id, other.id)),
        counts=tuple({count.id: count for count in (*event.counts, *other.counts)}.values()),
        time=event.time or other.time,
        source=event.source or other.source,
    )

    def now(name: str) -> str:
        return event.id if name == other.id else name

    events = [
        one
        if known.id == event.id
        else replace(
            known,
            roles=tuple(
                dict.fromkeys(
                    replace(role, filler=now(role.filler)) if isinstance(role.filler, str) else role
                    for role in known.roles
                )
            ),
        )
        for known in extraction.events
        if known.id != other.id
    ]
    claims = [replace(claim, events=tuple(dict.fromkeys(map(now, claim.events)))) for claim in extraction.claims]
    return replace(extraction, events=tuple(events), claims=tuple(claims))


def _time(event: Event, dates: str) -> TimeSpan | None:
    """The time that a person gave; its evidence are the words of the event."""
    if dates == "none":
        return None
    begin, _, end = dates.partition("..")
    end = end or begin
    grain: Grain = _GRAINS[len(begin)] if begin == end else "span"
    bounds = Bounds(begin, begin, end, end, grain)
    name = f"t-by-hand-{event.id}"
    return TimeSpan(name, None, bounds, inferred=True, evidence=event.triggers[0])


def is_dates(words: str) -> bool:
    """Whether these are dates that a correction may give: one, two joined by ``..``, or ``none``."""
    begin, joint, end = words.partition("..")
    return words == "none" or bool(_is_date(begin) and (not joint or (_is_date(end) and begin[:10] <= end)))


def _is_date(words: str) -> bool:
    """Whether the calendar has it: 2024-13-45 only looks like a day."""
    try:
        return bool(_DATE.match(words) and first_day(words))
    except ValueError:
        return False


def _with_source(extraction: Extraction, event: Event, one: Correction) -> Extraction:
    claims = _claims_without(extraction, event)
    if one.other is None:
        kept = replace(extraction, claims=_saying_something(claims))
        return _put(kept, replace(event, source=None))
    entity = entity_at(extraction, one.other)
    if entity is None:
        raise _DoesNotFit(f"nobody is read at “{one.other.words}”")
    said = (event.id,), tuple(count.id for count in event.counts)
    known = next((n for n, claim in enumerate(claims) if claim.source == entity.id and claim.cue), None)
    if known is not None:
        claim = claims[known]
        claims[known] = replace(claim, events=(*claim.events, *said[0]), counts=(*claim.counts, *said[1]))
    else:
        claims.append(Claim(_fresh(extraction, "c"), entity.id, _mention(extraction, one.other), *said))
    return _put(replace(extraction, claims=_saying_something(claims)), replace(event, source=entity.id))


def _with_filler(extraction: Extraction, event: Event, one: Correction, ontology: Ontology) -> Extraction:
    """Somebody in a role: the entity of these words, or a new one of the first class that may fill the role."""
    assert one.other is not None  # noqa: S101 # a correction of a filler has one
    entity = entity_at(extraction, one.other)
    if entity is None:
        mention = _mention(extraction, one.other)
        ranges = ontology.event_types[event.type].ranges.get(one.value, ())
        kind = next((name for name in ranges if name in ontology.entity_types), "Other")
        types = ontology.entity_types[kind].types
        entity = Entity(_fresh(extraction, "n"), kind, types, mention.text, mention.text[:1].isupper(), (mention,))
        extraction = replace(extraction, entities=(*extraction.entities, entity))
    filler = RoleFiller(one.value, entity.id)
    return _put(extraction, replace(event, roles=tuple(dict.fromkeys((*event.roles, filler)))))


def _without_filler(extraction: Extraction, event: Event, one: Correction) -> Extraction:
    assert one.other is not None  # noqa: S101 # a correction of a filler has one
    entity = entity_at(extraction, one.other)
    name = entity.id if entity else ""
    roles = tuple(role for role in event.roles if (role.role, role.filler) != (one.value, name))
    counts = tuple(count for count in event.counts if (count.role, count.entity) != (one.value, name))
    gone = {count.id for count in event.counts} - {count.id for count in counts}
    claims = tuple(replace(c, counts=tuple(n for n in c.counts if n not in gone)) for c in extraction.claims)
    return _put(replace(extraction, claims=claims), replace(event, roles=roles, counts=counts))
