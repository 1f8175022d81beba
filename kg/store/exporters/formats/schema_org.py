"""``schema-org``: JSON-LD in schema.org's terms: articles, what they mention, events that happened, claims.

An event is a schema:Event and a schema:Action, which has agent and object. What did not happen, or is not said to have,
stands in claims only. The context is written out, so that nothing has to be fetched.
"""

from __future__ import annotations

from collections.abc import Iterable

from kg.core.vocab import ONTOLOGY, SCHEMA
from kg.store.exporters.alignments import aligned, nearest
from kg.store.exporters.facts import ArticleFacts, ClaimFact, EntityFact, EventFact
from kg.store.exporters.json_parts import as_json, sentence, without_empty
from kg.store.exporters.run import Around, Exporter, streamed

_LINKS = ("additionalType", "sameAs", "url")
_CONTEXT = {"@vocab": SCHEMA, "kg": ONTOLOGY, "id": "@id", "type": "@type"} | {
    name: {"@id": SCHEMA + name, "@type": "@id"} for name in _LINKS
}
_ROLES = {"agent": "agent", "patient": "object", "instrument": "instrument", "recipient": "participant"} | {
    "place": "location"
}


def _nodes(facts: ArticleFacts, around: Around) -> Iterable[bytes]:
    happened = [event for event in facts.events if event.status == "asserted"]
    labels = {event.iri: event.label for event in facts.events}
    yield as_json(_article(facts, happened, around))
    yield from (as_json(_entity(entity, around)) for entity in facts.entities)
    yield from (as_json(_event(facts, event, around)) for event in happened)
    for claim in facts.claims:
        yield from (as_json(_claim(facts, claim, event, labels)) for event in claim.claims if event in labels)


def _article(facts: ArticleFacts, happened: list[EventFact], around: Around) -> dict[str, object]:
    return without_empty(
        {
            "id": facts.iri,
            "type": "NewsArticle",
            "headline": facts.title,
            "articleBody": facts.text if around.text else None,
            "datePublished": facts.published,
            "author": {"type": "Person", "name": facts.author} if facts.author else None,
            "publisher": {"type": "Organization", "name": facts.publisher} if facts.publisher else None,
            "url": facts.url,
            "inLanguage": "en",
            "mentions": [{"id": entity.iri} for entity in facts.entities],
            "about": [{"id": event.iri} for event in happened],
        }
    )


def _entity(entity: EntityFact, around: Around) -> dict[str, object]:
    known = around.of(entity.iri)
    geo = {"type": "GeoCoordinates"}
    point = known.point
    return without_empty(
        {
            "id": entity.iri,
            "type": nearest(entity.types, aligned(SCHEMA), f"{SCHEMA}Thing").removeprefix(SCHEMA),
            "additionalType": entity.type_iri,
            "name": entity.name,
            "alternateName": list(entity.aliases),
            "sameAs": list(known.same),
            "disambiguatingDescription": known.credit if point else None,
            "geo": {**geo, "latitude": point.latitude, "longitude": point.longitude} if point else None,
        }
    )


def _event(facts: ArticleFacts, event: EventFact, around: Around) -> dict[str, object]:
    filled: dict[str, list[object]] = {}
    for role in event.roles:
        if role.role in _ROLES and role.kind in ("entity", "event"):
            filled.setdefault(_ROLES[role.role], []).append({"id": role.filler})
    time = event.time
    return without_empty(
        {
            "id": event.iri,
            "type": ["Event", "Action"],
            "additionalType": event.type_iri,
            "name": event.label,
            "description": sentence(facts, event) if around.text else None,
            "startDate": time.earliest_begin if time else None,
            "endDate": time.latest_end if time else None,
            "actionStatus": {"id": f"{SCHEMA}CompletedActionStatus"},
            **filled,
            "subjectOf": {"id": facts.iri},
        }
    )


def _claim(facts: ArticleFacts, claim: ClaimFact, event: str, labels: dict[str, str]) -> dict[str, object]:
    own = claim.source == facts.iri
    return without_empty(
        {
            "id": f"{claim.iri}-{event.rpartition('#')[2]}",
            "type": "Claim",
            "text": labels[event],
            "about": {"id": event},
            "author": {"id": claim.source} if claim.source and not own else None,
            "appearance": {"id": facts.iri},
        }
    )


EXPORTER = Exporter(
    about="JSON-LD in schema.org's terms",
    write=streamed(_nodes, head=b'{"@context":' + as_json(_CONTEXT) + b',"@graph":[\n', between=b",\n", tail=b"\n]}\n"),
    formats={"jsonld": ".jsonld"},
)
