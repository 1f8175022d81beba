"""``nanopub``: each event as a nanopublication in TriG: what is asserted, where it comes from, who made it.

Assertion: type, factuality, who, where, when, how many, with their names. Provenance: the sentence's words, the article
and its sources, the reading. Unsigned, and dated by the article: to publish, sign them with the package nanopub.
"""

from __future__ import annotations

from collections.abc import Iterator

from kg.core.vocab import ONTOLOGY as KG
from kg.core.vocab import PROV, RDF, RDFS
from kg.store.exporters.facts import ArticleFacts, EventFact
from kg.store.exporters.lines import iri, line, literal
from kg.store.exporters.run import Around, Exporter, as_rdf

_NP, _DCT = "http://www.nanopub.org/nschema#", "http://purl.org/dc/terms/"
_TYPE, _LABEL = f"{RDF}type", f"{RDFS}label"
_LICENCE = "https://creativecommons.org/publicdomain/zero/1.0/"


def _quads(facts: ArticleFacts, around: Around) -> Iterator[str]:
    for event in facts.events:
        article = facts.iri.removeprefix(f"{around.base}article/")
        node = f"{around.base}nanopub/{article}/{event.iri.rpartition('#')[2]}"
        parts = {
            "Head": _head(node),
            "assertion": _assertion(facts, event),
            "provenance": _provenance(facts, event, f"{node}#assertion"),
            "pubinfo": _info(facts, node),
        }
        for name, lines in parts.items():
            yield from (f"{one[:-3]} <{node}#{name}> .\n" for one in lines)


def _head(node: str) -> Iterator[str]:
    yield line(node, _TYPE, iri(f"{_NP}Nanopublication"))
    for term, name in (
        ("hasAssertion", "assertion"),
        ("hasProvenance", "provenance"),
        ("hasPublicationInfo", "pubinfo"),
    ):
        yield line(node, _NP + term, iri(f"{node}#{name}"))


def _assertion(facts: ArticleFacts, event: EventFact) -> Iterator[str]:
    if event.status == "asserted":
        yield line(event.iri, _TYPE, iri(event.type_iri))
    yield line(event.iri, f"{KG}eventType", iri(event.type_iri))
    yield line(event.iri, f"{KG}factuality", iri(KG + event.status))
    yield line(event.iri, _LABEL, literal(event.label))
    for role in event.roles:
        yield line(event.iri, role.role_iri, iri(role.filler))
        yield line(role.filler, _LABEL, literal(role.words or facts.name(role.filler)))
        if entity := facts.by_iri.get(role.filler):
            yield line(entity.iri, _TYPE, iri(entity.type_iri))
    if time := event.time:
        yield line(event.iri, f"{KG}time", iri(time.iri))
        yield line(time.iri, _LABEL, literal(time.dates or time.words))
        for day, name in (
            (time.earliest_begin, "earliestBegin"),
            (time.latest_begin, "latestBegin"),
            (time.earliest_end, "earliestEnd"),
            (time.latest_end, "latestEnd"),
        ):
            if day:
                yield line(time.iri, KG + name, literal(day, "date"))
    for count in event.counts:
        yield line(event.iri, f"{KG}count", iri(count.iri))
        yield line(count.iri, _LABEL, literal(count.words))
        for number, name in ((count.minimum, "min"), (count.maximum, "max")):
            if number is not None:
                yield line(count.iri, KG + name, literal(str(number), "integer"))


def _provenance(facts: ArticleFacts, event: EventFact, assertion: str) -> Iterator[str]:
    yield line(assertion, f"{PROV}wasDerivedFrom", iri(facts.iri))
    for span in event.mentions:
        yield line(assertion, f"{PROV}wasQuotedFrom", iri(span.iri))
        if span.words:
            yield line(span.iri, f"{KG}exact", literal(span.words))
    for claim in facts.claims_of(event.iri):
        if claim.source:
            yield line(assertion, f"{PROV}wasAttributedTo", iri(claim.source))
            yield line(claim.source, _LABEL, literal(facts.name(claim.source)))
    if facts.reading:
        yield line(assertion, f"{PROV}wasGeneratedBy", iri(facts.reading))
        for name, value in (("program", facts.program), ("model", facts.model), ("ontologyDigest", facts.ontology)):
            if value:
                yield line(facts.reading, KG + name, literal(value))


def _info(facts: ArticleFacts, node: str) -> Iterator[str]:
    yield line(node, f"{_DCT}creator", literal(facts.program or "kg"))
    yield line(node, f"{_DCT}license", iri(_LICENCE))
    yield line(node, f"{_DCT}source", iri(facts.iri))
    if facts.published:
        yield line(node, f"{_DCT}created", literal(facts.published, "date"))


EXPORTER = Exporter(
    about="each event as a nanopublication, unsigned",
    write=as_rdf(_quads),
    formats={"trig": ".trig", "nquads": ".nq", "jsonld": ".jsonld"},
)
