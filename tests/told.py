"""An extraction as a few lines of words: what the approved readings hold of each text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.core.model import Mention

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.core.model import Claim, Count, Entity, Event, Extraction, Relation, TimeSpan


def told(extraction: Extraction) -> str:
    """Events, claims, relations and entities, a line each; entities and events go by name and number."""
    names = {e.id: f"{e.name} ({e.id})" for e in extraction.entities}
    names |= {e.id: f"{e.type} ({e.id})" for e in extraction.events}
    lines = [line for event in extraction.events for line in _event(event, names)]
    lines += [_claim(claim, names) for claim in extraction.claims if claim.source or claim.medium]
    lines += [_relation(relation, names) for relation in extraction.relations]
    return "\n".join([*lines, *map(_entity, extraction.entities)])


def _relation(relation: Relation, names: dict[str, str]) -> str:
    object_ = names.get(relation.object, repr(relation.object))
    return f"relation: {names[relation.subject]} {relation.predicate} {object_} “{relation.mention.text}”"


def _event(event: Event, names: dict[str, str]) -> Iterator[str]:
    source = f", says {names[event.source]}" if event.source else ""
    yield f"{event.id} {event.type} {_words(event.triggers)} {event.status}{source}"
    for role in event.roles:
        filler = role.filler
        yield f"  {role.role}: {f'“{filler.text}”' if isinstance(filler, Mention) else names[filler]}"
    yield from (f"  {_count(count, names)}" for count in event.counts)
    if event.time is not None:
        yield f"  time: {_time(event.time)}"


def _words(mentions: tuple[Mention, ...]) -> str:
    return " … ".join(f"“{m.text}”" for m in mentions)


def _count(count: Count, names: dict[str, str]) -> str:
    low, high = ("?" if bound is None else str(bound) for bound in (count.minimum, count.maximum))
    about = "about " if count.approximate else ""
    number = low if low == high else f"{low} to {high}"
    return f"count of {count.role}: {about}{number} {count.counted} of {names[count.entity]} “{count.mention.text}”"


def _time(time: TimeSpan) -> str:
    b = time.bounds
    bounds = (b.earliest_begin, b.latest_begin, b.earliest_end, b.latest_end)
    one = bounds[0] if len(set(bounds)) == 1 else None
    words = f"“{time.mention.text}”" if time.mention else "no words"
    taken = f", inferred from “{time.evidence.text}”" if time.inferred and time.evidence else ""
    return f"{one or ' '.join(x or '?' for x in bounds)} {b.grain or 'unresolved'}, {words}{taken}"


def _claim(claim: Claim, names: dict[str, str]) -> str:
    cue = f" “{claim.cue.text}”" if claim.cue else ""
    medium = f", by {names[claim.medium]}" if claim.medium else ""
    within = f", in {claim.reported_in}" if claim.reported_in else ""
    source = names.get(claim.source or "", "nobody named")
    return f"{claim.id} {source}{cue}: {' '.join((*claim.events, *claim.counts))}{medium}{within}"


def _entity(entity: Entity) -> str:
    mentions = ", ".join(m.text for m in entity.mentions)
    also = f"; also {', '.join(entity.aliases)}" if entity.aliases else ""
    source = f"; {entity.source_type}" if entity.source_type else ""
    return f"{entity.id} {entity.type}{'' if entity.named else ' unnamed'} {entity.name}: {mentions}{also}{source}"
