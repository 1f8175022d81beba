"""``plover``: JSON lines with the keys of NGEC, the coder behind POLECAT; types and modes by ``plover.ttl``.

One line for each event whose type PLOVER knows. Offsets are of the article's text, half-open, as everywhere here.
What PLOVER has no place for stands under ``kg``: status, source, type and IRI of ours.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from kg.core.vocab import ONTOLOGY, SKOS
from kg.ontology.turtle import read_statements
from kg.store.exporters.facts import ArticleFacts, EventFact, RoleFact
from kg.store.exporters.json_parts import as_json, sources
from kg.store.exporters.run import Around, Exporter, streamed

_PLOVER = "https://kg.example/plover#"
_ACTORS = {"ACTOR": ("agent",), "RECIP": ("patient", "recipient"), "LOC": ("place",)}


@dataclass(frozen=True, slots=True)
class Code:
    """What PLOVER calls a type of ours."""

    event_type: str
    modes: tuple[str, ...]
    contexts: tuple[str, ...]
    quad: str


@lru_cache(maxsize=1)
def codes() -> Mapping[str, Code]:
    """Local names of our types → PLOVER's codes."""
    said = read_statements((Path(__file__).with_name("plover.ttl"),))
    found = {}
    for subject in said.values:
        for term in said.texts(subject, f"{SKOS}closeMatch"):
            modes, contexts = (said.texts(subject, _PLOVER + name) for name in ("mode", "context"))
            code = Code(term.removeprefix(_PLOVER), modes, contexts, said.text(term, f"{_PLOVER}quad"))
            found[subject.removeprefix(ONTOLOGY)] = code
    return found


def _lines(facts: ArticleFacts, around: Around) -> Iterator[bytes]:
    for event in facts.events:
        code = next((codes()[name] for name in event.types if name in codes()), None)
        if code is not None:
            yield as_json(_record(facts, event, code, around)) + b"\n"


def _record(facts: ArticleFacts, event: EventFact, code: Code, around: Around) -> dict[str, object]:
    time = event.time
    attributes: dict[str, object] = {
        name: [_attribute(facts, filler, around) for role in roles for filler in event.fillers(role)]
        for name, roles in _ACTORS.items()
    }
    attributes["DATE"] = [
        {"text": span.words, "qa_start_char": span.begin, "qa_end_char": span.end}
        for span in (time.mentions if time and not time.inferred else ())
    ]
    geo: dict[str, object] | None = None
    for filler in event.fillers("place"):
        known = around.of(filler.filler)
        if geo is None and known.point:
            point, credit = known.point, {"attribution": known.credit} if known.credit else {}
            geo = {"resolved_placename": facts.name(filler.filler), "lat": point.latitude, "lon": point.longitude}
            geo |= credit
    return {
        "id": event.iri,
        "date": facts.published,
        "event_type": code.event_type,
        "event_mode": list(code.modes),
        "contexts": list(code.contexts),
        "quad_class": code.quad,
        "event_text": facts.text if around.text else None,
        "story_id": facts.iri,
        "publisher": facts.publisher,
        "headline": facts.title,
        "pub_date": facts.published,
        "date_raw": time.words if time else None,
        "date_resolved": (time.earliest_begin if time else None) or facts.published,
        "attributes": attributes,
        "event_geolocation": {"geo": geo},
        "story_people": _story(facts, "Person"),
        "story_orgs": _story(facts, "Organization"),
        "story_locs": _story(facts, "Place"),
        "version": facts.program,
        "kg": {
            "type": event.type,
            "status": event.status,
            "label": event.label,
            "source": sources(facts, event),
            "counts": [
                {"role": one.role, "min": one.minimum, "max": one.maximum, "words": one.words} for one in event.counts
            ],
        },
    }


def _attribute(facts: ArticleFacts, filler: RoleFact, around: Around) -> dict[str, object]:
    entity = facts.by_iri.get(filler.filler)
    span = entity.mentions[0] if entity and entity.mentions else None
    return {
        "text": filler.words or facts.name(filler.filler),
        "qa_start_char": span.begin if span else None,
        "qa_end_char": span.end if span else None,
        "iri": filler.filler,
        "type": entity.type if entity else filler.kind,
        "same_as": list(around.of(filler.filler).same),
    }


def _story(facts: ArticleFacts, kind: str) -> list[str]:
    return [entity.name for entity in facts.entities if kind in entity.types and entity.name[:1].isupper()]


EXPORTER = Exporter(
    about="JSON lines with the keys of POLECAT's coder, types and modes of PLOVER",
    write=streamed(_lines),
    formats={"jsonl": ".jsonl"},
)
