"""Articles as a network: entities and events as nodes, roles, claims and relations as edges. For two formats."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from kg.core.iris import local_name
from kg.store.exporters.facts import ArticleFacts
from kg.store.exporters.json_parts import sentence


@dataclass(frozen=True, slots=True)
class Node:
    """A node: its IRI, label, kind (entity, event, article, words), type; of events status and bounds."""

    iri: str
    label: str
    kind: str
    type: str
    status: str = ""
    begin: str = ""
    end: str = ""


@dataclass(frozen=True, slots=True)
class Edge:
    """A directed edge: from an event to who takes part, from a source to what it claims, between two entities."""

    source: str
    target: str
    kind: str  # role, claim, relation
    label: str
    article: str
    sentence: str = ""

    @property
    def key(self) -> str:
        """What tells edges apart."""
        return f"{self.source} {self.target} {self.label} {self.article}"


def nodes(facts: ArticleFacts) -> Iterator[Node]:
    """The nodes of an article: an entity that other articles know too has the same IRI in all."""
    yield Node(facts.iri, facts.title or facts.iri, "article", "Article", begin=facts.published or "")
    for entity in facts.entities:
        yield Node(entity.iri, entity.name, "entity", entity.type)
    for event in facts.events:
        time = event.time
        begin, end = (time.earliest_begin or "", time.latest_end or "") if time else ("", "")
        yield Node(event.iri, event.label, "event", event.type, event.status, begin, end)
        for role in event.roles:
            if role.kind in ("words", "other"):
                yield Node(role.filler, role.words or role.filler, "words", "Mention")


def edges(facts: ArticleFacts, *, text: bool) -> Iterator[Edge]:
    """The edges of an article, between nodes of the article only."""
    known = {node.iri for node in nodes(facts)}
    for event in facts.events:
        words = sentence(facts, event) if text else ""
        for role in event.roles:
            yield Edge(event.iri, role.filler, "role", role.role, facts.iri, words)
        for claim in facts.claims_of(event.iri):
            if claim.source in known:
                yield Edge(claim.source or "", event.iri, "claim", "claims", facts.iri, words)
    for relation in facts.relations:
        if not relation.literal and {relation.subject, relation.object} <= known:
            yield Edge(relation.subject, relation.object, "relation", local_name(relation.predicate), facts.iri)
