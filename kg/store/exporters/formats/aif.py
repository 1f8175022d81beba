"""``aif``: the AIDA Interchange Format: entities, events, relations with arguments, justifications, links, claims.

Our ontology stands in for AIDA's domain ontology: its classes and roles are declared below AIF's. End offsets are
inclusive there. No confidences are kept here: where AIF demands one it is 1. Counts and causes in words are lost.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from kg.core.iris import local_name
from kg.core.vocab import ONTOLOGY, RDF, RDFS
from kg.store.exporters.facts import ArticleFacts, ClaimFact, EventFact, RelationFact, Span, TimeFact
from kg.store.exporters.json_parts import sentence
from kg.store.exporters.lines import iri, line, literal
from kg.store.exporters.run import RDF_FORMATS, Around, Exporter, as_rdf

_ONTOLOGIES = (
    "https://raw.githubusercontent.com/NextCenturyCorporation/AIDA-Interchange-Format/master/java/src/main/"
    "resources/com/ncc/aif/ontologies/"
)
_AIF, _COMMON = f"{_ONTOLOGIES}InterchangeOntology#", f"{_ONTOLOGIES}AidaDomainOntologiesCommon#"
_TYPE, _BELOW = f"{RDF}type", f"{RDFS}subClassOf"
_SUBJECT, _OBJECT = f"{ONTOLOGY}relationSubject", f"{ONTOLOGY}relationObject"
_ATTRIBUTES = {"negated": "Negated", "possible": "Hedged", "planned": "Irrealis"}
_BELIEFS = {
    "asserted": "EpistemicTrueCertain",
    "negated": "EpistemicFalseCertain",
    "possible": "EpistemicTrueUncertain",
}


def _whole(around: Around) -> Iterator[str]:
    """The domain ontology, and the one confidence and system that everything points to."""
    ontology = around.ontology
    for name, kind in ontology.entity_types.items():
        yield line(ontology.iris[name], _BELOW, iri(f"{_COMMON}EntityType"))
        yield line(kind.iri, _BELOW, iri(f"{_COMMON}CanHaveName"))
    yield from (line(kind.iri, _BELOW, iri(f"{_COMMON}EventType")) for kind in ontology.event_types.values())
    yield from (line(role.iri, _BELOW, iri(f"{_COMMON}EventArgumentType")) for role in ontology.roles.values())
    yield from (line(end, _BELOW, iri(f"{_COMMON}RelationArgumentType")) for end in (_SUBJECT, _OBJECT))
    system, confidence = _shared(around)
    yield line(system, _TYPE, iri(f"{_AIF}System"))
    yield line(confidence, _TYPE, iri(f"{_AIF}Confidence"))
    yield line(confidence, f"{_AIF}confidenceValue", literal("1.0E0", "double"))


def _shared(around: Around) -> tuple[str, str]:
    return f"{around.base}graph/aif#system", f"{around.base}graph/aif#confidence"


def _lines(facts: ArticleFacts, around: Around) -> Iterable[str]:
    return _Writer(facts, around).lines()


class _Writer:
    """One article; a statement node's IRI is made of what it states."""

    def __init__(self, facts: ArticleFacts, around: Around) -> None:
        self.facts, self.around = facts, around
        self.system, self.confidence = _shared(around)
        self.things = {entity.iri for entity in facts.entities} | {event.iri for event in facts.events}

    def lines(self) -> Iterator[str]:
        for entity in self.facts.entities:
            yield from self.thing(entity.iri, "Entity", entity.mentions)
            yield from (self.aif(entity.iri, "hasName", literal(name)) for name in (entity.name, *entity.aliases))
            yield from self.statement(entity.iri, _TYPE, entity.type_iri, entity.mentions)
            for same in self.around.of(entity.iri).same:
                link = f"{self.facts.iri}#link-{self.end(entity.iri)}-{self.end(same)}"
                yield self.aif(entity.iri, "link", iri(link))
                yield line(link, _TYPE, iri(f"{_AIF}LinkAssertion"))
                yield self.aif(link, "linkTarget", literal(same))
                yield self.aif(link, "system", iri(self.system))
        for event in self.facts.events:
            yield from self.event(event)
        for relation in self.facts.relations:
            yield from self.relation(relation)
        for claim in self.facts.claims:
            for event in self.facts.events:
                if event.iri in claim.claims:
                    yield from self.claim(claim, event)

    def aif(self, subject: str, name: str, value: str) -> str:
        return line(subject, _AIF + name, value)

    def end(self, thing: str) -> str:
        return local_name(thing.rstrip("/#")).replace("=", "-").replace(",", "-")

    def thing(self, node: str, kind: str, spans: Iterable[Span]) -> Iterator[str]:
        yield line(node, _TYPE, iri(_AIF + kind))
        yield self.aif(node, "system", iri(self.system))
        yield from self.justified(node, spans)

    def justified(self, node: str, spans: Iterable[Span]) -> Iterator[str]:
        for span in spans:
            yield self.aif(node, "justifiedBy", iri(span.iri))
            yield line(span.iri, _TYPE, iri(f"{_AIF}TextJustification"))
            yield self.aif(span.iri, "source", literal(self.facts.iri))
            yield self.aif(span.iri, "sourceDocument", literal(self.facts.iri))
            yield self.aif(span.iri, "startOffset", literal(str(span.begin), "integer"))
            yield self.aif(span.iri, "endOffsetInclusive", literal(str(max(span.begin, span.end - 1)), "integer"))
            yield self.aif(span.iri, "confidence", iri(self.confidence))
            yield self.aif(span.iri, "system", iri(self.system))

    def statement(self, subject: str, predicate: str, value: str, spans: Iterable[Span]) -> Iterator[str]:
        node = f"{self.facts.iri}#aif-{self.end(subject)}-{local_name(predicate)}-{self.end(value)}"
        yield line(node, _TYPE, iri(f"{RDF}Statement"))
        for part, value_of in (("subject", subject), ("predicate", predicate), ("object", value)):
            yield line(node, RDF + part, iri(value_of))
        yield self.aif(node, "system", iri(self.system))
        yield self.aif(node, "confidence", iri(self.confidence))
        yield from self.justified(node, spans)

    def event(self, event: EventFact) -> Iterator[str]:
        yield from self.thing(event.iri, "Event", event.mentions)
        yield from self.statement(event.iri, _TYPE, event.type_iri, event.mentions)
        if attribute := _ATTRIBUTES.get(event.status):
            yield self.aif(event.iri, "attributes", iri(_AIF + attribute))
        for role in event.roles:
            if role.filler in self.things:
                yield from self.statement(event.iri, role.role_iri, role.filler, event.mentions)
        if event.time is not None and (event.time.earliest_begin or event.time.latest_end):
            yield from self.time(event, event.time)
        cluster = f"{event.iri}-cluster"
        yield line(cluster, _TYPE, iri(f"{_AIF}SameAsCluster"))
        yield self.aif(cluster, "prototype", iri(event.iri))
        yield self.aif(cluster, "system", iri(self.system))

    def time(self, event: EventFact, time: TimeFact) -> Iterator[str]:
        """LDC's time: components ON a day, or AFTER and BEFORE the bounds."""
        node = f"{event.iri}-time"
        yield self.aif(event.iri, "ldcTime", iri(node))
        yield line(node, _TYPE, iri(f"{_AIF}LDCTime"))
        yield self.aif(node, "system", iri(self.system))
        exact = time.is_day and time.earliest_begin == time.latest_end
        for name, day, when in (("start", time.earliest_begin, "AFTER"), ("end", time.latest_end, "BEFORE")):
            if day is None or day.startswith("-"):
                continue
            year, month, number = day.split("-")
            part = f"{node}-{name}"
            yield self.aif(node, name, iri(part))
            yield line(part, _TYPE, iri(f"{_AIF}LDCTimeComponent"))
            yield self.aif(part, "timeType", literal("ON" if exact else when))
            yield self.aif(part, "year", literal(year, "gYear"))
            yield self.aif(part, "month", literal(f"--{month}", "gMonth"))
            yield self.aif(part, "day", literal(f"---{number}", "gDay"))

    def relation(self, relation: RelationFact) -> Iterator[str]:
        if relation.literal or not {relation.subject, relation.object} <= self.things:
            return
        yield line(relation.predicate, _BELOW, iri(f"{_COMMON}RelationType"))
        yield from self.thing(relation.iri, "Relation", relation.mentions)
        yield from self.statement(relation.iri, _TYPE, relation.predicate, relation.mentions)
        yield from self.statement(relation.iri, _SUBJECT, relation.subject, relation.mentions)
        yield from self.statement(relation.iri, _OBJECT, relation.object, relation.mentions)

    def claim(self, claim: ClaimFact, event: EventFact) -> Iterator[str]:
        node = f"{claim.iri}-{self.end(event.iri)}"
        words = (sentence(self.facts, event) if self.around.text else "") or event.label
        source = claim.source or self.facts.iri
        told = {
            "sourceDocument": self.facts.iri,
            "claimId": node,
            "topic": event.types[-2] if len(event.types) > 1 else event.type,
            "subtopic": event.type,
            "naturalLanguageDescription": words,
        }
        yield line(node, _TYPE, iri(f"{_AIF}Claim"))
        yield from (self.aif(node, name, literal(value)) for name, value in told.items())
        yield self.aif(node, "claimSemantics", iri(f"{event.iri}-cluster"))
        yield self.aif(node, "associatedKEs", iri(f"{event.iri}-cluster"))
        yield self.aif(node, "epistemic", iri(_AIF + _BELIEFS.get(event.status, "EpistemicUnknown")))
        yield self.aif(node, "system", iri(self.system))
        yield from self.component(node, "claimer", source)
        if claim.medium:
            yield from self.component(node, "claimMedium", claim.medium)
        yield from self.justified(node, [claim.cue] if claim.cue else [])

    def component(self, claim: str, name: str, thing: str) -> Iterator[str]:
        node = f"{claim}-{name}"
        entity = self.facts.by_iri.get(thing)
        yield self.aif(claim, name, iri(node))
        yield line(node, _TYPE, iri(f"{_AIF}ClaimComponent"))
        yield self.aif(node, "componentName", literal(self.facts.name(thing)))
        yield self.aif(node, "componentIdentity", literal(thing))
        yield self.aif(node, "componentType", literal(entity.type if entity else "Article"))
        yield self.aif(node, "system", iri(self.system))
        if entity:
            yield self.aif(node, "componentKE", iri(thing))


EXPORTER = Exporter(about="AIF, the AIDA Interchange Format", write=as_rdf(_lines, _whole), formats=RDF_FORMATS)
