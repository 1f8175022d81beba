"""An article's graph in, its facts out: the one place here that knows the form in which a graph is stored.

Reads the full form (superclasses, ``kg:participant``, exact words in the graph) and any leaner one: a thing's class is
the most specific that is said, words are cut from the article's text, offsets come from the graph or from the
mention's IRI.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cached_property
from typing import TypeVar

from kg.core.iris import local_name, mention_of
from kg.core.vocab import ONTOLOGY as KG
from kg.core.vocab import PROV, RDF, RDFS, SCHEMA, SKOS
from kg.ontology.values import Ontology
from kg.store.exporters.facts import (
    ArticleFacts,
    ClaimFact,
    CountFact,
    EntityFact,
    EventFact,
    RelationFact,
    RoleFact,
    Span,
    TimeFact,
)
from kg.store.exporters.lines import Graph, bare, graph_of, is_iri

_OFFSETS = re.compile(r"#char=(\d+),(\d+)\Z")
TYPE = f"{RDF}type"
Fact = TypeVar("Fact", EntityFact, EventFact, TimeFact, CountFact, RelationFact)


def read_facts(article: str, ntriples: bytes, ontology: Ontology) -> ArticleFacts | None:
    """The facts of the graph of an article (an IRI); None where the graph says nothing of the article itself."""
    graph = graph_of(ntriples)
    return _Reader(article, graph, ontology).facts() if article in graph else None


class _Reader:
    def __init__(self, article: str, graph: Graph, ontology: Ontology) -> None:
        self.article, self.graph, self.ontology = article, graph, ontology

    # ------------------------------------------------------------------------------------------- looking up

    def terms(self, subject: str, predicate: str) -> tuple[str, ...]:
        return self.graph.get(subject, {}).get(predicate, ())

    def text(self, subject: str, predicate: str) -> str | None:
        """The first object as text, None where nothing is said."""
        return next((bare(term) for term in self.terms(subject, predicate)), None)

    def kg(self, subject: str, name: str) -> str | None:
        return self.text(subject, KG + name)

    def iris(self, subject: str, name: str) -> list[str]:
        return [bare(term) for term in self.terms(subject, KG + name) if is_iri(term)]

    def types(self, subject: str) -> list[str]:
        return [bare(term) for term in self.terms(subject, TYPE) if is_iri(term)]

    @cached_property
    def body(self) -> str | None:
        return self.text(self.article, f"{SCHEMA}articleBody")

    def span(self, mention: str) -> Span | None:
        """A mention; None for what has no offsets."""
        begin, end = self.kg(mention, "begin"), self.kg(mention, "end")
        if begin is None or end is None:
            found = _OFFSETS.search(mention)
            begin, end = (found[1], found[2]) if found else (None, None)
        if begin is None or end is None or not (begin.isdecimal() and end.isdecimal()):
            return None
        words = self.body[int(begin) : int(end)] if self.body is not None else self.kg(mention, "exact")
        return Span(int(begin), int(end), words or "", mention)

    def spans(self, subject: str) -> tuple[Span, ...]:
        """Its mentions, and the one that its IRI carries."""
        iris = {*self.iris(subject, "mention"), *filter(None, [mention_of(subject)])}
        return tuple(sorted(span for iri in iris if (span := self.span(iri))))

    def classes(self, iris: Iterable[str]) -> tuple[str, tuple[str, ...], str]:
        """Of the classes said of a thing the most specific one, it and all above it, and its IRI."""
        by_name = {local_name(iri): iri for iri in iris}
        above = self.ontology.superclasses
        deepest = sorted(n for n in by_name if not any(n in above.get(o, ())[1:] for o in by_name))
        own = next((n for n in deepest if n in above), deepest[0] if deepest else "")
        types = above.get(own, (own,))
        return own, (*types, *sorted(by_name.keys() - set(types))), by_name.get(own, "")

    # --------------------------------------------------------------------------------------------- the parts

    def facts(self) -> ArticleFacts:
        node = self.article
        reading = self.text(node, f"{PROV}wasGeneratedBy")
        times = {iri: self.time(iri) for iri in sorted({t for s in self.graph for t in self.iris(s, "time")})}
        subjects = sorted(self.graph)
        return ArticleFacts(
            iri=node,
            text=self.body,
            title=self.text(node, f"{SCHEMA}headline"),
            author=self.text(node, f"{SCHEMA}author"),
            publisher=self.text(node, f"{SCHEMA}publisher"),
            published=self.text(node, f"{SCHEMA}datePublished"),
            url=self.text(node, f"{SCHEMA}url"),
            digest=self.kg(node, "digest"),
            reading=reading,
            program=self.kg(reading, "program") if reading else None,
            model=self.kg(reading, "model") if reading else None,
            ontology=self.kg(reading, "ontologyDigest") if reading else None,
            entities=_ordered(self.entity(s) for s in subjects if self.terms(s, f"{SKOS}prefLabel")),
            events=_ordered(self.event(s, times) for s in subjects if self.terms(s, f"{KG}eventType")),
            times=_ordered(times.values()),
            claims=tuple(self.claim(s) for s in subjects if self.terms(s, f"{KG}claims")),
            relations=_ordered(self.relation(s) for s in subjects if self.terms(s, f"{RDF}predicate")),
        )

    def entity(self, node: str) -> EntityFact:
        own, types, iri = self.classes(self.types(node))
        return EntityFact(
            node,
            own,
            types,
            iri,
            self.text(node, f"{SKOS}prefLabel") or "",
            tuple(bare(term) for term in self.terms(node, f"{SKOS}altLabel")),
            self.kg(node, "sourceType"),
            self.spans(node),
        )

    def event(self, node: str, times: dict[str, TimeFact]) -> EventFact:
        own, types, iri = self.classes(self.iris(node, "eventType"))
        if own not in self.ontology.superclasses:  # a class of the user's that was not given: what the graph says
            types = tuple(dict.fromkeys((*types, *map(local_name, self.types(node)))))
        return EventFact(
            node,
            own,
            types,
            iri,
            local_name(self.kg(node, "factuality") or "asserted"),
            self.text(node, f"{RDFS}label") or own,
            self.spans(node),
            tuple(self.roles(node)),
            next((times[t] for t in self.iris(node, "time")), None),
            _ordered(self.count(count, node) for count in self.iris(node, "count")),
        )

    @cached_property
    def role_names(self) -> dict[str, str]:
        return {role.iri: name for name, role in self.ontology.roles.items()}

    def roles(self, node: str) -> Iterable[RoleFact]:
        """Each filler in the most specific of its roles, in the order of the ontology's roles, then of the IRIs."""
        filled: dict[str, set[str]] = {}
        for predicate, terms in self.graph[node].items():
            if predicate in self.role_names:
                for term in terms:
                    filled.setdefault(bare(term), set()).add(self.role_names[predicate])
        order = list(self.ontology.roles)
        found = []
        for filler, names in filled.items():
            above = {up for name in names for up in self.ontology.roles[name].types if up != name}
            found += [(order.index(name), filler, name) for name in names - above]
        for _, filler, name in sorted(found):
            yield self._filler(name, filler)

    def _filler(self, role: str, filler: str) -> RoleFact:
        iri = self.ontology.roles[role].iri
        if self.terms(filler, f"{KG}eventType"):
            return RoleFact(role, iri, filler, "event")
        if self.terms(filler, f"{SKOS}prefLabel"):
            return RoleFact(role, iri, filler, "entity")
        span = self.span(filler)
        return RoleFact(role, iri, filler, "words" if span else "other", span.words if span else "")

    def time(self, node: str) -> TimeFact:
        return TimeFact(
            node,
            self.text(node, f"{RDFS}label") or next((span.words for span in self.spans(node)), ""),
            self.kg(node, "dates"),
            self.kg(node, "grain"),
            self.kg(node, "inferred") in ("true", "1"),
            self.kg(node, "earliestBegin"),
            self.kg(node, "latestBegin") or self.kg(node, "latestEnd"),
            self.kg(node, "earliestEnd") or self.kg(node, "earliestBegin"),
            self.kg(node, "latestEnd"),
            self.spans(node),
        )

    def count(self, node: str, event: str) -> CountFact:
        role = self.kg(node, "countedRole")
        return CountFact(
            node,
            event,
            self.text(node, f"{RDFS}label") or "",
            _number(self.kg(node, "min")),
            _number(self.kg(node, "max")),
            self.kg(node, "approximate") in ("true", "1"),
            self.kg(node, "counted"),
            local_name(role) if role else None,
            role,
            self.spans(node),
        )

    def claim(self, node: str) -> ClaimFact:
        cue = self.kg(node, "cue") or mention_of(node)
        return ClaimFact(
            node,
            self.kg(node, "source"),
            tuple(self.iris(node, "claims")),
            self.span(cue) if cue else None,
            self.kg(node, "medium"),
            self.kg(node, "reportedIn"),
        )

    def relation(self, node: str) -> RelationFact:
        value = next(iter(self.terms(node, f"{RDF}object")), "")
        return RelationFact(
            node,
            self.text(node, f"{RDF}subject") or "",
            self.text(node, f"{RDF}predicate") or "",
            bare(value),
            not is_iri(value),
            self.spans(node),
        )


def _number(text: str | None) -> int | None:
    try:
        return None if text is None else int(text)
    except ValueError:
        return None


def _ordered(facts: Iterable[Fact]) -> tuple[Fact, ...]:
    """By where they begin in the text, then by IRI."""
    return tuple(sorted(facts, key=lambda fact: (fact.mentions[0].begin if fact.mentions else -1, fact.iri)))
