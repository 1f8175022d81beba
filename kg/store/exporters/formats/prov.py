"""``prov``: where it comes from, in PROV-O: which reading made which event, from which words, said by whom."""

from __future__ import annotations

from collections.abc import Iterator

from kg.core.vocab import PROV, RDF, RDFS
from kg.store.exporters.facts import ArticleFacts
from kg.store.exporters.lines import iri, line, literal
from kg.store.exporters.run import RDF_FORMATS, Around, Exporter, as_rdf

_TYPE = f"{RDF}type"


def _lines(facts: ArticleFacts, _around: Around) -> Iterator[str]:
    yield _is(facts.iri, "Entity")
    yield _label(facts.iri, facts.title or facts.iri)
    if facts.publisher:
        publisher = f"{facts.iri}#publisher"
        yield from (_is(publisher, "Agent"), _label(publisher, facts.publisher))
        yield _say(facts.iri, "wasAttributedTo", publisher)
    if facts.reading:
        yield from _reading(facts, facts.reading)
    for entity in facts.entities:
        if "Agent" in entity.types or any(claim.source == entity.iri for claim in facts.claims):
            yield from (_is(entity.iri, "Agent"), _label(entity.iri, entity.name))
        if "Person" in entity.types:
            yield _is(entity.iri, "Person")
        if "Organization" in entity.types:
            yield _is(entity.iri, "Organization")
    for event in facts.events:
        yield from _made(facts, event.iri, event.label)
        for span in event.mentions:
            yield _is(span.iri, "Entity")
            yield _say(span.iri, "wasDerivedFrom", facts.iri)
            yield _say(event.iri, "wasDerivedFrom", span.iri)
        for claim in facts.claims_of(event.iri):
            if claim.source and claim.source != facts.iri:
                yield _say(event.iri, "wasAttributedTo", claim.source)
    for claim in facts.claims:
        yield from _made(facts, claim.iri, f"{facts.name(claim.source)} says" if claim.source else claim.iri)
        if claim.source and claim.source != facts.iri:
            yield _say(claim.iri, "wasAttributedTo", claim.source)
        if claim.reported_in:
            yield _say(claim.iri, "wasDerivedFrom", claim.reported_in)


def _reading(facts: ArticleFacts, reading: str) -> Iterator[str]:
    program = f"{reading}-program"
    yield _is(reading, "Activity")
    yield _say(reading, "used", facts.iri)
    yield _say(reading, "wasAssociatedWith", program)
    yield from (_is(program, "SoftwareAgent"), _is(program, "Agent"))
    yield _label(program, ", ".join(filter(None, (facts.program, facts.model))))


def _made(facts: ArticleFacts, thing: str, label: str) -> Iterator[str]:
    yield from (_is(thing, "Entity"), _label(thing, label), _say(thing, "wasDerivedFrom", facts.iri))
    if facts.reading:
        yield _say(thing, "wasGeneratedBy", facts.reading)


def _is(thing: str, kind: str) -> str:
    return line(thing, _TYPE, iri(PROV + kind))


def _label(thing: str, words: str) -> str:
    return line(thing, f"{RDFS}label", literal(words))


def _say(thing: str, name: str, other: str) -> str:
    return line(thing, PROV + name, iri(other))


EXPORTER = Exporter(
    about="provenance in PROV-O: readings, words, who said it", write=as_rdf(_lines), formats=RDF_FORMATS
)
