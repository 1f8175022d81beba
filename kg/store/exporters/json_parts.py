"""Parts of JSON documents, and what several formats say of an event in the same words."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from kg.ontology.sentences import sentence_around
from kg.store.exporters.facts import ArticleFacts, EventFact
from kg.store.exporters.run import each_once


def as_json(value: object) -> bytes:
    """A value on one line, in UTF-8."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")


def without_empty(record: dict[str, object]) -> dict[str, object]:
    """A record without what is None, "" or empty."""
    return {name: value for name, value in record.items() if value not in (None, "", [], {})}


def first_of_each(parts: Iterable[tuple[str, bytes]]) -> Iterator[bytes]:
    """Parts by key (neither holds a line end), in the order of the keys: of each the first by its bytes."""
    lines = (f"{key}\t".encode() + part + b"\n" for key, part in parts)
    previous = None
    for line in each_once(lines):
        key, _, part = line.partition(b"\t")
        if key != previous:
            yield part[:-1]
            previous = key


def credit(words: str | None) -> bytes:
    """A last member of a JSON object that says whose data are in it; nothing for nobody's."""
    return b',"attribution":' + as_json(words) if words else b""


def sentence(facts: ArticleFacts, event: EventFact) -> str:
    """The sentence of an event's first mention; "" without a text."""
    if facts.text is None or not event.mentions:
        return ""
    return sentence_around(facts.text, event.mentions[0].begin)


def names(facts: ArticleFacts, event: EventFact, role: str) -> list[str]:
    """What the fillers of a role are called."""
    return [filler.words or facts.name(filler.filler) for filler in event.fillers(role)]


def sources(facts: ArticleFacts, event: EventFact) -> list[str]:
    """Who says that the event is so, by name, each once."""
    told = [claim.source for claim in facts.claims_of(event.iri) if claim.source]
    return list(dict.fromkeys(facts.name(source) for source in told))


def about(facts: ArticleFacts, event: EventFact, *, text: bool) -> dict[str, object]:
    """What a map or a timeline shows of an event."""
    time = event.time
    return without_empty(
        {
            "type": event.type,
            "status": event.status,
            "label": event.label,
            "begin": time.earliest_begin if time else None,
            "end": time.latest_end if time else None,
            "dates": time.dates if time else None,
            "grain": time.grain if time else None,
            "agents": names(facts, event, "agent"),
            "patients": names(facts, event, "patient"),
            "places": names(facts, event, "place"),
            "counts": [count.words for count in event.counts],
            "sources": sources(facts, event),
            "sentence": sentence(facts, event) if text else None,
            "article": facts.iri,
            "title": facts.title,
            "published": facts.published,
        }
    )
