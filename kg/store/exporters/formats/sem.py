"""``sem``: events in SEM, mentions in NIF and GAF, who says so in GRaSP, laid out as the NewsReader pipeline did.

Instances stand in one graph, mentions with their perspectives in another. Certainty, time and polarity are one value of
GRaSP: what is planned is future, what is negated negative.
"""

from __future__ import annotations

from collections.abc import Iterator

from kg.core.vocab import COMMON_PREFIXES, PROV, RDF, RDFS
from kg.store.exporters.facts import ArticleFacts, EventFact, Span
from kg.store.exporters.lines import iri, line, literal
from kg.store.exporters.run import RDF_FORMATS, Around, Exporter, as_rdf

_TYPE, _LABEL = f"{RDF}type", f"{RDFS}label"
_SEM, _NIF, _TIME = COMMON_PREFIXES["sem"], COMMON_PREFIXES["nif"], COMMON_PREFIXES["time"]
_GAF, _GRASP = "http://groundedannotationframework.org/gaf#", "http://groundedannotationframework.org/grasp#"
_VALUES = {
    "asserted": "CERTAIN_NON_FUTURE_POS",
    "negated": "CERTAIN_NON_FUTURE_NEG",
    "possible": "POSSIBLE_NON_FUTURE_POS",
    "planned": "CERTAIN_FUTURE_POS",
}
_ROLES = {"agent": "hasActor", "recipient": "hasActor", "patient": "hasActor", "place": "hasPlace"}
_BOUNDS = {
    "earliest_begin": "hasEarliestBeginTimeStamp",
    "latest_begin": "hasLatestBeginTimeStamp",
    "earliest_end": "hasEarliestEndTimeStamp",
    "latest_end": "hasLatestEndTimeStamp",
}


def _quads(facts: ArticleFacts, around: Around) -> Iterator[str]:
    yield from _in(f"{around.base}graph/sem/instances", _instances(facts))
    yield from _in(f"{around.base}graph/sem/mentions", _mentions(facts, around))


def _in(graph: str, lines: Iterator[str]) -> Iterator[str]:
    return (f"{one[:-3]} <{graph}> .\n" for one in lines)


def _instances(facts: ArticleFacts) -> Iterator[str]:
    for entity in facts.entities:
        kind = "Place" if "Place" in entity.types else "Actor" if "Agent" in entity.types else "Object"
        yield line(entity.iri, _TYPE, iri(_SEM + kind))
        yield line(entity.iri, _TYPE, iri(entity.type_iri))
        yield from (line(entity.iri, _LABEL, literal(name)) for name in (entity.name, *entity.aliases))
        yield from (line(entity.iri, f"{_GAF}denotedBy", iri(span.iri)) for span in entity.mentions)
    for event in facts.events:
        yield line(event.iri, _TYPE, iri(f"{_SEM}Event"))
        yield line(event.iri, f"{_SEM}eventType", iri(event.type_iri))
        yield line(event.iri, _LABEL, literal(event.label))
        yield from (line(event.iri, f"{_GAF}denotedBy", iri(span.iri)) for span in event.mentions)
        for role in event.roles:
            if role.kind in ("entity", "event"):
                yield line(event.iri, role.role_iri, iri(role.filler))
                if role.role in _ROLES and role.kind == "entity":
                    yield line(event.iri, _SEM + _ROLES[role.role], iri(role.filler))
        if event.time is not None:
            yield line(event.iri, f"{_SEM}hasTime", iri(event.time.iri))
    for time in facts.times:
        yield line(time.iri, _TYPE, iri(f"{_SEM}Time"))
        yield line(time.iri, _TYPE, iri(f"{_TIME}TemporalEntity"))
        yield line(time.iri, _LABEL, literal(time.dates or time.words))
        for name, term in _BOUNDS.items():
            if day := getattr(time, name):
                yield line(time.iri, _SEM + term, literal(day, "date"))


def _mentions(facts: ArticleFacts, around: Around) -> Iterator[str]:
    yield line(facts.iri, _TYPE, iri(f"{_NIF}Context"))
    if around.text and facts.text is not None:
        yield line(facts.iri, f"{_NIF}isString", literal(facts.text))
    if facts.published:
        yield line(facts.iri, "http://purl.org/dc/terms/date", literal(facts.published, "date"))
    spans = {span for entity in facts.entities for span in entity.mentions}
    spans |= {span for event in facts.events for span in event.mentions}
    spans |= {span for time in facts.times for span in time.mentions}
    spans |= {claim.cue for claim in facts.claims if claim.cue}
    for span in sorted(spans):
        yield from _mention(facts, span)
    for event in facts.events:
        for span in event.mentions:
            yield from _attributions(facts, event, span)


def _mention(facts: ArticleFacts, span: Span) -> Iterator[str]:
    yield line(span.iri, _TYPE, iri(f"{_NIF}RFC5147String"))
    yield line(span.iri, _TYPE, iri(f"{_GAF}Mention"))
    yield line(span.iri, f"{_NIF}referenceContext", iri(facts.iri))
    yield line(span.iri, f"{_GAF}containedIn", iri(facts.iri))
    yield line(span.iri, f"{_NIF}beginIndex", literal(str(span.begin), "nonNegativeInteger"))
    yield line(span.iri, f"{_NIF}endIndex", literal(str(span.end), "nonNegativeInteger"))
    if span.words:
        yield line(span.iri, f"{_NIF}anchorOf", literal(span.words))


def _attributions(facts: ArticleFacts, event: EventFact, span: Span) -> Iterator[str]:
    """Of each claim of the event one attribution, at the words that tell of the event."""
    for claim in facts.claims_of(event.iri):
        node = f"{claim.iri}-{event.iri.rpartition('#')[2]}"
        yield line(span.iri, f"{_GRASP}hasAttribution", iri(node))
        yield line(node, _TYPE, iri(f"{_GRASP}Attribution"))
        yield line(node, f"{RDF}value", iri(_GRASP + _VALUES.get(event.status, "u_u_u")))
        if claim.source == facts.iri or claim.source is None:
            yield line(node, f"{PROV}wasAttributedTo", iri(facts.iri))
        else:
            yield line(node, f"{_GRASP}wasAttributedTo", iri(claim.source))


EXPORTER = Exporter(
    about="SEM with GAF, GRaSP and NIF, as the NewsReader pipeline",
    write=as_rdf(_quads),
    formats={"trig": ".trig", **{name: ending for name, ending in RDF_FORMATS.items() if name != "trig"}},
)
