"""The JSON view of an extraction: one record an article, for scoring and for data frames."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.core.model import Mention
from kg.graph.mint import Minter

if TYPE_CHECKING:
    from kg.core.model import Count, Entity, Event, Extraction

ROLES = ("agent", "patient", "instrument", "recipient", "place", "cause")
"""The roles that every event's record has, if only as an empty list; roles that an ontology adds stand beside them."""


def to_record(extraction: Extraction, base: str) -> dict[str, object]:
    """One article's extraction as a JSON object.

    Offsets are half-open and count code points of the article's text. ``time`` is a date of the grain of the words, a
    pair [earliest begin, latest end] with None where open, or None. A cause is an event's id, or words of the text.
    """
    minter = Minter(extraction, base)
    return {
        "doc": extraction.article.id,
        "published": extraction.article.published,
        "entities": [_entity(entity, minter) for entity in extraction.entities],
        "events": [_event(event, minter) for event in extraction.events],
    }


def _entity(entity: Entity, minter: Minter) -> dict[str, object]:
    return {
        "id": entity.id,
        "iri": minter.entity(entity.id),
        "type": entity.type,
        "types": list(entity.types),
        "name": entity.name,
        "named": entity.named,
        "mentions": [_mention(mention) for mention in entity.mentions],
    }


def _event(event: Event, minter: Minter) -> dict[str, object]:
    fillers: dict[str, list[str]] = {role: [] for role in ROLES}
    for role in event.roles:
        words = role.filler.text if isinstance(role.filler, Mention) else role.filler
        fillers.setdefault(role.role, []).append(words)
    time = event.time
    return {
        "id": event.id,
        "iri": minter.event(event.id),
        "type": event.type,
        "types": list(event.types),
        "triggers": [_mention(trigger) for trigger in event.triggers],
        **fillers,
        "time": time.value if time else None,
        "time_text": time.mention.text if time and time.mention and not time.inferred else None,
        "counts": [_count(count) for count in event.counts],
        "source": event.source,
        "status": event.status,
    }


def _mention(mention: Mention) -> dict[str, object]:
    return {"text": mention.text, "start": mention.start, "end": mention.end}


def _count(count: Count) -> dict[str, object]:
    return {
        "role": count.role,
        "entity": count.entity,
        "min": count.minimum,
        "max": count.maximum,
        "approx": count.approximate,
    }
