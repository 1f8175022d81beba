"""An extraction in, the article's graph out: the one place where facts become triples.

Every node has an IRI (``kg.graph.mint``), nothing says when or where it was made, and the bytes are sorted: the same
extraction gives the same bytes. The vocabulary is ``ontology/core.ttl``. What follows is not written: a mention's
offsets stand in its IRI and its words in the article's text, superclasses and superproperties in the ontology's graph,
where a time, count, claim or relation is told in its IRI, and what it is its properties say
(docs/decisions/lean-graph.md).
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

from rdflib import Graph, Literal, Namespace, URIRef
from rdflib.namespace import PROV, RDF, RDFS, SKOS, XSD

from kg.core.days import first_day, last_day
from kg.core.model import Mention, text_digest
from kg.core.vocab import COMMON_PREFIXES, ONTOLOGY, base_prefixes
from kg.core.vocab import SCHEMA as SCHEMA_IRI
from kg.graph.dates import dates_in_words
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
        busy = _busy(self.extraction)
        for entity in self.extraction.entities:
            iri = self.mint.entity(entity.id)
            if entity.id in busy or not iri.startswith(f"{self.article}#"):  # articles meet in the others
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
        add(node, KG.textDigest, Literal(text_digest(article.text)))
        add(node, PROV.wasGeneratedBy, activity)
        add(activity, KG.program, Literal(reading.program))
        add(activity, KG.model, Literal(reading.model))
        add(activity, KG.ontologyDigest, Literal(reading.ontology))

    def _mention(self, mention: Mention) -> URIRef:
        """A mention: its IRI has all that is to be said of it."""
        return URIRef(self.mint.mention(mention))

    # --------------------------------------------------------------------------------------- entities, relations

    def _class(self, name: str) -> URIRef:
        return URIRef(self.ontology.iris[name])

    def _entity(self, entity: Entity) -> None:
        node = URIRef(self.mint.entity(entity.id))
        self._add(node, RDF.type, self._class(entity.type))
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
        self._add(node, RDF.subject, subject)
        self._add(node, RDF.predicate, predicate)
        self._add(node, RDF.object, other)

    # ------------------------------------------------------------------------------------ events, times, counts

    def _event(self, event: Event) -> None:
        node = URIRef(self.mint.event(event.id))
        self._add(node, RDF.type, self._class(event.type if event.status == "asserted" else "NonFactualEvent"))
        self._add(node, KG.eventType, URIRef(self.ontology.event_types[event.type].iri))
        self._add(node, KG.factuality, KG[event.status])
        self._add(node, RDFS.label, Literal(event_label(event, self.ontology, self.entities, self.kinds)))
        self._add(node, KG.mention, *map(self._mention, event.triggers))
        for role in event.roles:
            self._add(node, URIRef(self.ontology.roles[role.role].iri), self._filler(role.filler))
        if event.time is not None:
            self._add(node, KG.time, self._time(event.time))
        self._add(node, KG["count"], *map(self._count, event.counts))

    def _filler(self, filler: str | Mention) -> URIRef:
        if isinstance(filler, Mention):
            return self._mention(filler)
        return URIRef(self.mint.event(filler) if self.mint.is_event(filler) else self.mint.entity(filler))

    def _time(self, time: TimeSpan) -> URIRef:
        """Its bounds; the inner two only where they say more than that it begins before it ends."""
        node = URIRef(self.mint.time(time))
        bounds = time.bounds
        earliest_begin, earliest_end = _day(bounds.earliest_begin, first_day), _day(bounds.earliest_end, first_day)
        latest_begin, latest_end = _day(bounds.latest_begin, last_day), _day(bounds.latest_end, last_day)
        self._add(node, KG.earliestBegin, earliest_begin)
        self._add(node, KG.latestBegin, None if latest_begin == latest_end else latest_begin)
        self._add(node, KG.earliestEnd, None if earliest_end == earliest_begin else earliest_end)
        self._add(node, KG.latestEnd, latest_end)
        self._add(node, KG.grain, _text(bounds.grain))
        self._add(node, KG.dates, _text(dates_in_words(bounds)))
        self._add(node, KG.inferred, _true(time.inferred))
        return node

    def _count(self, count: Count) -> URIRef:
        node = URIRef(self.mint.count(count))
        self._add(node, RDFS.label, Literal(count_label(count)))
        self._add(node, KG.min, None if count.minimum is None else Literal(count.minimum))
        self._add(node, KG.max, None if count.maximum is None else Literal(count.maximum))
        self._add(node, KG.approximate, _true(count.approximate))
        self._add(node, KG.counted, URIRef(self.mint.entity(count.entity)))
        self._add(node, KG.countedRole, URIRef(self.ontology.iris[count.role]))
        return node

    # --------------------------------------------------------------------------------------------------- claims

    def _claim(self, claim: Claim) -> None:
        node = URIRef(self.mint.claim(claim.id))
        source = self.article if claim.source is None else URIRef(self.mint.entity(claim.source))
        counts = {count.id: count for event in self.extraction.events for count in event.counts}
        self._add(node, KG.source, source)
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
                self._add(own, KG.source, self.article)
                self._add(own, KG.claims, URIRef(self.mint.event(event.id)))


def _busy(extraction: Extraction) -> set[str]:
    """The ids of the entities that take part in an event, say something, or stand in a relation."""
    busy = {role.filler for event in extraction.events for role in event.roles if isinstance(role.filler, str)}
    busy |= {count.entity for event in extraction.events for count in event.counts}
    busy |= {some for claim in extraction.claims for some in (claim.source, claim.medium) if some is not None}
    return busy | {some for relation in extraction.relations for some in (relation.subject, relation.object)}


_ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r"})


def _literal(literal: Literal) -> str:
    """A literal in N-Triples, on one line; rdflib's own ``n3`` is Turtle."""
    quoted = f'"{literal.translate(_ESCAPES)}"'
    if literal.language:
        return f"{quoted}@{literal.language}"
    return quoted if literal.datatype is None else f"{quoted}^^{literal.datatype.n3()}"


def _text(value: str | None) -> Literal | None:
    return Literal(value) if value is not None else None


def _true(value: bool) -> Literal | None:
    """Only what is so is said."""
    return Literal(True) if value else None


def _day(value: str | None, widened: Callable[[str], date] | None = None) -> Literal | None:
    """An ISO 8601 date as a day: that one, or the first or last of the year or month."""
    if value is None:
        return None
    return Literal(widened(value).isoformat() if widened else value, datatype=XSD.date, normalize=False)
