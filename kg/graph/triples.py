"""An extraction in, the article's graph out: the one place where facts become triples.

Every node has an IRI (``kg.graph.mint``), nothing says when or where it was made, and the bytes are sorted: the same
extraction gives the same bytes. The vocabulary is ``ontology/core.ttl``. Superclasses are written out, and
``kg:participant`` beside each role, so that queries need no reasoning.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

from rdflib import Graph, Literal, Namespace, URIRef
from rdflib.namespace import PROV, RDF, RDFS, SKOS, XSD

from kg.core.days import dates_in_words, first_day, last_day
from kg.core.model import Mention
from kg.core.vocab import COMMON_PREFIXES, ONTOLOGY, base_prefixes
from kg.core.vocab import SCHEMA as SCHEMA_IRI
from kg.graph.mint import Minter, graph_iri
from kg.graph.telling import count_label, event_label

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import date

    from rdflib.term import Node

    from kg.core.model import Article, Claim, Count, Entity, Event, Extraction, Reading, Relation, TimeSpan
    from kg.ontology.values import Ontology

    Triple = tuple[Node, Node, Node]

__all__ = ["article_digest", "graph_iri", "to_graph", "to_ntriples", "to_triples", "to_turtle"]

KG = Namespace(ONTOLOGY)
SCHEMA = Namespace(SCHEMA_IRI)


def article_digest(article: Article) -> str:
    """SHA-256, in hexadecimal, of everything an article gives: text and metadata."""
    fields = [article.text, article.published, article.publisher, article.title, article.url]
    fields += [article.author] if article.author else []
    return hashlib.sha256(json.dumps(fields).encode()).hexdigest()


def to_ntriples(triples: Iterable[Triple]) -> bytes:
    """Triples (no blank nodes), or a graph, as N-Triples in UTF-8, lines sorted: the same triples, the same bytes."""
    written: dict[Node, str] = {}  # each term is written once: they stand in three triples on average

    def text(node: Node) -> str:
        if node not in written:
            written[node] = _literal(node) if isinstance(node, Literal) else node.n3()
        return written[node]

    return "".join(sorted(f"{text(s)} {text(p)} {text(o)} .\n" for s, p, o in triples)).encode()


def to_turtle(graph: Graph, base: str) -> bytes:
    """A graph as Turtle in UTF-8 with the project's prefixes and those of ``base``: the same graph, the same bytes."""
    for prefix, namespace in {"kg": ONTOLOGY, **COMMON_PREFIXES, **base_prefixes(base)}.items():
        graph.bind(prefix, namespace, override=True, replace=True)
    return graph.serialize(format="turtle", encoding="utf-8")


def to_triples(extraction: Extraction, ontology: Ontology, reading: Reading, base: str) -> set[Triple]:
    """The graph of one article, its IRIs minted under ``base``; ``reading`` says with what it was read.

    Raises KeyError for an id that the extraction does not hold: ids are the extraction's own promise.
    """
    return _Writer(extraction, ontology, base).triples(reading)


def to_graph(extraction: Extraction, ontology: Ontology, reading: Reading, base: str) -> Graph:
    """The same triples as a graph that can be asked and written as Turtle."""
    graph = Graph()
    for triple in to_triples(extraction, ontology, reading, base):
        graph.add(triple)
    return graph


class _Writer:
    """Writes one extraction; mentions are written when something refers to them."""

    def __init__(self, extraction: Extraction, ontology: Ontology, base: str) -> None:
        self.extraction = extraction
        self.ontology = ontology
        self.mint = Minter(extraction, base)
        self.article = URIRef(self.mint.article)
        self.entities = {entity.id: entity for entity in extraction.entities}
        self.kinds = {event.id: ontology.event_types[event.type].label for event in extraction.events}
        self.said: set[Triple] = set()
        self.labels: dict[URIRef, Literal] = {}  # the first name of each entity's IRI

    def triples(self, reading: Reading) -> set[Triple]:
        self._article(self.extraction.article, reading)
        for entity in self.extraction.entities:
            self._entity(entity)
        for event in self.extraction.events:
            self._event(event)
        for claim in self.extraction.claims:
            self._claim(claim)
        self._unclaimed()
        for relation in self.extraction.relations:
            self._relation(relation)
        return self.said

    def _add(self, subject: Node, predicate: Node, *objects: Node | None) -> None:
        for node in objects:
            if node is not None:
                self.said.add((subject, predicate, node))

    # ---------------------------------------------------------------------------------------- article, mentions

    def _article(self, article: Article, reading: Reading) -> None:
        add, node, activity = self._add, self.article, URIRef(self.mint.reading)
        add(node, RDF.type, KG.Article, SCHEMA.NewsArticle)
        add(node, SCHEMA.articleBody, Literal(article.text))
        add(node, SCHEMA.headline, _text(article.title))
        add(node, SCHEMA.publisher, _text(article.publisher))
        add(node, SCHEMA.author, _text(article.author))
        add(node, SCHEMA.datePublished, _day(article.published))
        add(node, SCHEMA.url, Literal(article.url, datatype=XSD.anyURI, normalize=False) if article.url else None)
        add(node, KG.digest, Literal(article_digest(article)))
        add(node, PROV.wasGeneratedBy, activity)
        add(activity, RDF.type, PROV.Activity)
        add(activity, KG.program, Literal(reading.program))
        add(activity, KG.model, Literal(reading.model))
        add(activity, KG.ontologyDigest, Literal(reading.ontology))

    def _mention(self, mention: Mention) -> URIRef:
        node = URIRef(self.mint.mention(mention))
        self._add(node, RDF.type, KG.Mention)
        self._add(node, KG.begin, _offset(mention.start))
        self._add(node, KG.end, _offset(mention.end))
        self._add(node, KG.exact, Literal(mention.text))
        self._add(node, KG.article, self.article)
        return node

    # --------------------------------------------------------------------------------------- entities, relations

    def _classes(self, name: str) -> list[URIRef]:
        """The class and everything above it, as IRIs."""
        return [URIRef(self.ontology.iris[c]) for c in self.ontology.superclasses[name]]

    def _entity(self, entity: Entity) -> None:
        node = URIRef(self.mint.entity(entity.id))
        self._add(node, RDF.type, *self._classes(entity.type))
        name = self.labels.setdefault(node, Literal(entity.name))  # two chains may share an IRI ("UN", "U.N.")
        self._add(node, SKOS.prefLabel, name)
        others = {Literal(other) for other in (entity.name, *entity.aliases)} - {name}
        self._add(node, SKOS.altLabel, *others)
        self._add(node, KG.sourceType, _text(entity.source_type))
        self._add(node, KG.mention, *map(self._mention, entity.mentions))

    def _relation(self, relation: Relation) -> None:
        node, subject = URIRef(self.mint.relation(relation)), URIRef(self.mint.entity(relation.subject))
        predicate = KG[relation.predicate]
        other = Literal(relation.object) if relation.literal else URIRef(self.mint.entity(relation.object))
        self._add(subject, predicate, other)
        self._add(node, RDF.type, KG.Relation, RDF.Statement)
        self._add(node, RDF.subject, subject)
        self._add(node, RDF.predicate, predicate)
        self._add(node, RDF.object, other)
        self._add(node, KG.mention, self._mention(relation.mention))

    # ------------------------------------------------------------------------------------ events, times, counts

    def _event(self, event: Event) -> None:
        node = URIRef(self.mint.event(event.id))
        classes = self._classes(event.type if event.status == "asserted" else "NonFactualEvent")
        self._add(node, RDF.type, *classes)
        self._add(node, KG.eventType, URIRef(self.ontology.event_types[event.type].iri))
        self._add(node, KG.factuality, KG[event.status])
        self._add(node, RDFS.label, Literal(event_label(event, self.ontology, self.entities, self.kinds)))
        self._add(node, KG.mention, *map(self._mention, event.triggers))
        for role in event.roles:
            roles = [URIRef(self.ontology.iris[name]) for name in self.ontology.roles[role.role].types]
            for predicate in (*roles, KG.participant):
                self._add(node, predicate, self._filler(role.filler))
        if event.time is not None:
            self._add(node, KG.time, self._time(event.time))
        self._add(node, KG["count"], *map(self._count, event.counts))

    def _filler(self, filler: str | Mention) -> URIRef:
        if isinstance(filler, Mention):
            return self._mention(filler)
        return URIRef(self.mint.event(filler) if self.mint.is_event(filler) else self.mint.entity(filler))

    def _time(self, time: TimeSpan) -> URIRef:
        node = URIRef(self.mint.time(time))
        words = time.mention or time.evidence
        self._add(node, RDF.type, KG.TimeSpan)
        self._add(node, KG.inferred, Literal(time.inferred))
        self._add(node, KG.grain, _text(time.bounds.grain))
        self._add(node, KG.dates, _text(dates_in_words(time.bounds)))
        bounds = time.bounds
        self._add(node, KG.earliestBegin, _day(bounds.earliest_begin, first_day))
        self._add(node, KG.latestBegin, _day(bounds.latest_begin, last_day))
        self._add(node, KG.earliestEnd, _day(bounds.earliest_end, first_day))
        self._add(node, KG.latestEnd, _day(bounds.latest_end, last_day))
        if words is not None:
            self._add(node, RDFS.label, Literal(words.text))
            self._add(node, KG.mention, self._mention(words))
        return node

    def _count(self, count: Count) -> URIRef:
        node = URIRef(self.mint.count(count))
        self._add(node, RDF.type, KG.Count)
        self._add(node, RDFS.label, Literal(count_label(count)))
        self._add(node, KG.min, None if count.minimum is None else Literal(count.minimum))
        self._add(node, KG.max, None if count.maximum is None else Literal(count.maximum))
        self._add(node, KG.approximate, Literal(count.approximate))
        self._add(node, KG.counted, URIRef(self.mint.entity(count.entity)))
        self._add(node, KG.countedRole, URIRef(self.ontology.iris[count.role]))
        self._add(node, KG.mention, self._mention(count.mention))
        return node

    # --------------------------------------------------------------------------------------------------- claims

    def _claim(self, claim: Claim) -> None:
        node = URIRef(self.mint.claim(claim.id))
        source = self.article if claim.source is None else URIRef(self.mint.entity(claim.source))
        counts = {count.id: count for event in self.extraction.events for count in event.counts}
        self._add(node, RDF.type, KG.Claim)
        self._add(node, KG.article, self.article)
        self._add(node, KG.source, source)
        self._add(node, KG.cue, self._mention(claim.cue) if claim.cue else None)
        self._add(node, KG.medium, URIRef(self.mint.entity(claim.medium)) if claim.medium else None)
        self._add(node, KG.claims, *(URIRef(self.mint.event(event)) for event in claim.events))
        self._add(node, KG.claims, *(URIRef(self.mint.count(counts[count])) for count in claim.counts))
        self._add(node, KG.reportedIn, URIRef(self.mint.claim(claim.reported_in)) if claim.reported_in else None)

    def _unclaimed(self) -> None:
        """What nobody is said to claim, the article says itself."""
        claimed = {event for claim in self.extraction.claims for event in claim.events}
        own = URIRef(self.mint.own_voice)
        for event in self.extraction.events:
            if event.id not in claimed:
                self._add(own, RDF.type, KG.Claim)
                self._add(own, KG.article, self.article)
                self._add(own, KG.source, self.article)
                self._add(own, KG.claims, URIRef(self.mint.event(event.id)))


_ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r"})


def _literal(literal: Literal) -> str:
    """A literal in N-Triples, on one line; rdflib's own ``n3`` is Turtle."""
    quoted = f'"{literal.translate(_ESCAPES)}"'
    if literal.language:
        return f"{quoted}@{literal.language}"
    return quoted if literal.datatype is None else f"{quoted}^^{literal.datatype.n3()}"


def _text(value: str | None) -> Literal | None:
    return Literal(value) if value is not None else None


def _offset(value: int) -> Literal:
    return Literal(str(value), datatype=XSD.integer)  # stores keep derived integer types as xsd:integer


def _day(value: str | None, widened: Callable[[str], date] | None = None) -> Literal | None:
    """An ISO 8601 date as a day: that one, or the first or last of the year or month."""
    if value is None:
        return None
    return Literal(widened(value).isoformat() if widened else value, datatype=XSD.date, normalize=False)
