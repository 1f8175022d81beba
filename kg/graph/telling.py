"""Events and counts as short sentences, for labels: "police arrested two men in Norvia", "hundreds of workers".

Who, what the type or the trigger says in the past, to whom, where. What did not happen says so in front. Where neither
gives a verb, the type's own label stands before the names: "labour strike: nurses".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.ontology.values import PREPOSITIONS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kg.core.model import Count, Entity, Event
    from kg.ontology.values import EventType, Ontology

_BEFORE = {"asserted": "", "negated": "not so: ", "possible": "possibly: ", "planned": "planned: "}
_MOST = 3  # names of one role that a label has room for


def count_label(count: Count) -> str:
    """How many of what, each said once: "at least 12 miners", "hundreds of workers", "five"."""
    number, counted = count.mention.text.strip(), count.counted.strip()
    words = counted.casefold().split()
    if number.casefold().split() == words[: len(number.split())] or not words:
        return counted or number
    if number.casefold().split()[-len(words) :] == words:
        return number
    last = number.split()[-1] if number else ""
    group = last.isalpha() and last.endswith("s") and len(last) > len("six")  # "hundreds", "dozens"
    return f"{number}{' of' if group else ''} {counted}".strip()


def event_label(event: Event, ontology: Ontology, entities: Mapping[str, Entity], labels: Mapping[str, str]) -> str:
    """The event as a sentence; ``labels`` has the labels of other events, for those that are part of this one."""
    kind = ontology.event_types[event.type]
    told, doers = _told(event, kind), _named(event, "agent", entities, labels)
    role, objects = _object(event, kind, entities, labels)
    where = "" if role == "place" else _where(event, entities)
    if told and (doers or objects):
        verb, alone = told
        unfinished = verb.split()[-1] in PREPOSITIONS and not doers
        parts = (doers, verb if objects else alone, objects) if doers else (objects, alone if unfinished else verb)
        sentence = " ".join(filter(None, parts)) + (where if kind.told else "")  # not: "fled in the port"
    else:
        names = ", ".join(filter(None, (doers, objects)))
        sentence = f"{kind.label}: {names}" if names else kind.label + where
    return _BEFORE[event.status] + sentence


def _told(event: Event, kind: EventType) -> tuple[str, str] | None:
    """The verb before an object and the verb alone: the type's own, else a trigger that is a regular past."""
    if kind.told:
        return kind.told, kind.told_alone or kind.told
    for trigger in event.triggers:
        verb = trigger.text.lower()
        first = verb.split()[0] if verb.split() else ""
        if first.endswith("ed") and not first.endswith("eed"):
            return verb, verb
    return None


def _object(
    event: Event, kind: EventType, entities: Mapping[str, Entity], labels: Mapping[str, str]
) -> tuple[str, str]:
    """Who or what it is done to, and in which role: the one that the type names, or the verb's object fills, first."""
    for role in dict.fromkeys((kind.told_of, *kind.slots.get("object", ()), "patient", "recipient")):
        if role not in ("", "agent", "instrument") and (named := _named(event, role, entities, labels)):
            return role, named
    return "", ""


def _named(event: Event, role: str, entities: Mapping[str, Entity], labels: Mapping[str, str]) -> str:
    counts = {count.entity: count for count in event.counts if count.role == role}
    names = []
    for filler in event.fillers(role):
        if isinstance(filler, str) and filler in counts:
            words = count_label(counts[filler])
            number = counts[filler].mention.text
            low = number.lower() if number.isupper() else number[:1].lower() + number[1:]  # SIX OFFICERS
            names.append(low + words[len(number) :] if words.startswith(number) else words)
        elif isinstance(filler, str):
            names.append(entities[filler].name if filler in entities else labels.get(filler, ""))
    known = list(dict.fromkeys(filter(None, names)))
    if len(known) > _MOST:
        known = [*known[:_MOST], f"{len(known) - _MOST} more"]
    return (
        known[0] if len(known) == 1 else " and ".join(filter(None, (", ".join(known[:-1]), known[-1] if known else "")))
    )


def _where(event: Event, entities: Mapping[str, Entity]) -> str:
    places = [entities[f] for f in event.fillers("place") if isinstance(f, str) and f in entities]
    return next((f" in {place.name}" for place in places if place.named), "")
