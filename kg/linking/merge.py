"""Linked data into a graph of its own, and links between its things and ours into the graph of links.

    file → triples → graph/dataset/NAME
                   → things with names and types ─ link → graph/links

Merging again replaces the dataset's graph and renews its links, except those that a person decided. An accepted link
has an ``owl:sameAs`` beside it; nothing else of ours or theirs is touched.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, cast
from urllib.parse import quote

from kg.core import resources
from kg.core.errors import KgError
from kg.core.vocab import COMMON_PREFIXES, ONTOLOGY, OWL, RDF, RDFS, SCHEMA, SKOS, XSD
from kg.linking.match import Link, LinkStatus, Named, find_links
from kg.ontology.load import load_ontology
from kg.ontology.values import Ontology
from kg.store.files import from_ntriples, parse_triples, read_triples, to_ntriples
from kg.store.opening import NamedNode, RdfLiteral, Triple

if TYPE_CHECKING:
    from kg.store.opening import QuerySolutions, Store

DECIDED = "decision"
"""The method of a link that a person decided: it outlives every merge."""

_PREFERRED = (RDFS + "label", SKOS + "prefLabel", SCHEMA + "name", COMMON_PREFIXES["gn"] + "name")
_NAMES = (
    *_PREFERRED,
    "http://schema.org/name",
    COMMON_PREFIXES["foaf"] + "name",
    SKOS + "altLabel",
    SCHEMA + "alternateName",
    "http://schema.org/alternateName",
    COMMON_PREFIXES["gn"] + "alternateName",
    COMMON_PREFIXES["gn"] + "officialName",
)
_TYPES = (RDF + "type", COMMON_PREFIXES["wdt"] + "P31", COMMON_PREFIXES["gn"] + "featureCode")
_BROADER = (RDFS + "subClassOf", COMMON_PREFIXES["wdt"] + "P279", SKOS + "broader")
_ALIGNED = (RDFS + "subClassOf", OWL + "equivalentClass", SKOS + "closeMatch", SKOS + "exactMatch")
_NAMED_HERE = ("organization", "place", "norp", "person")  # paths of entities that are the same in every article


@dataclass(frozen=True, slots=True)
class Merged:
    """What a merge did: the dataset's graph, its triples, and its links by status."""

    graph: str
    triples: int
    links: Mapping[LinkStatus, int]


def merge(path: Path, store: Store, name: str | None = None) -> Merged:
    """Put an RDF file into ``graph/dataset/NAME`` (default: the file's stem) and link its things to ours.

    KgError for a file that is no RDF or holds nothing; the store is then as it was.
    """
    graph = f"{store.base}graph/dataset/{quote(name or path.stem, safe='')}"
    triples = read_triples(path, graph)
    if not triples:
        raise KgError(f"{path}: no triples in it; nothing was merged")
    ontology = load_ontology()
    theirs = _things(triples, _aligned_types())
    kept = _kept(read_links(store), {_iri(t.subject) for t in from_ntriples(store.graph_bytes(graph))}, theirs)
    decided = {(link.subject, link.target) for link in kept}
    found = [
        link
        for link in find_links(_ours(store, ontology), theirs.values(), ontology.is_a)
        if (link.subject, link.target) not in decided
    ]
    links = sorted([*kept, *found], key=lambda link: (link.subject, link.target))
    store.replace_many({graph: to_ntriples(triples), links_graph(store): _links_ntriples(links, store)})
    return Merged(graph, len(triples), Counter(link.status for link in links if link.target in theirs))


def decide(store: Store, chosen: Iterable[str], status: LinkStatus) -> list[Link]:
    """Accept or reject the links with these IRIs, or with these targets; the decision outlives every merge.

    Gives the links decided. KgError for an IRI that is no link's and no link's target.
    """
    links = read_links(store)
    wanted = set(chosen)
    hits = {key for key, link in links.items() if wanted & {key, link.target}}
    unknown = wanted - hits - {links[key].target for key in hits}
    if unknown:
        raise KgError(f"no link {min(unknown)} in the store: `kg links` lists them")
    decided = {key: replace(links[key], status=status, method=DECIDED) for key in sorted(hits)}
    store.replace(links_graph(store), _links_ntriples((links | decided).values(), store))
    return list(decided.values())


def links_graph(store: Store) -> str:
    """The IRI of the graph that holds all links."""
    return f"{store.base}graph/links"


def read_links(store: Store) -> dict[str, Link]:
    """Every link in the store by its IRI, in the order of IRIs."""
    found: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for triple in from_ntriples(store.graph_bytes(links_graph(store))):
        value = getattr(triple.object, "value", "")
        found[_iri(triple.subject)][triple.predicate.value.removeprefix(ONTOLOGY)].append(value)
    return {
        iri: Link(
            subject=values["linkSubject"][0],
            target=values["linkTarget"][0],
            method=values["linkMethod"][0],
            score=Decimal(values["score"][0]),
            status=cast("LinkStatus", values["linkStatus"][0].removeprefix(ONTOLOGY)),
            reasons=tuple(values["reason"][0].split("; ")),
        )
        for iri, values in sorted(found.items())
        if "linkSubject" in values
    }


def _kept(links: Mapping[str, Link], old_things: set[str], theirs: Mapping[str, Named]) -> list[Link]:
    """The links that a new merge leaves as they are: other datasets' and decided ones."""
    own = old_things | theirs.keys()
    return [link for link in links.values() if link.method == DECIDED or link.target not in own]


def _things(triples: Iterable[Triple], aligned: Mapping[str, frozenset[str]]) -> dict[str, Named]:
    """The dataset's things that have a name, with the classes of ours that theirs are aligned with."""
    names: dict[str, list[tuple[int, str]]] = defaultdict(list)
    types: dict[str, set[str]] = defaultdict(set)
    broader: dict[str, set[str]] = defaultdict(set)
    for triple in triples:
        subject, predicate = _iri(triple.subject), triple.predicate.value
        if predicate in _NAMES and isinstance(triple.object, RdfLiteral):
            english = 0 if triple.object.language in (None, "en", "mul") else 1
            names[subject].append((english + 2 * (predicate not in _PREFERRED), triple.object.value))
        elif isinstance(triple.object, NamedNode):
            if predicate in _TYPES:
                types[subject].add(triple.object.value)
            elif predicate in _BROADER:
                broader[subject].add(triple.object.value)
    return {
        iri: Named(
            iri,
            tuple(dict.fromkeys(name for _, name in sorted(found))),
            frozenset(ours for t in _closure(types[iri], broader) for ours in aligned.get(t, ())),
        )
        for iri, found in sorted(names.items())
    }


def _iri(term: object) -> str:
    """The IRI of a term that is one: blank nodes were named before; a literal or triple gives no IRI of a class."""
    return term.value if isinstance(term, NamedNode) else ""


def _closure(start: set[str], broader: Mapping[str, set[str]]) -> set[str]:
    reached, rest = set(start), list(start)
    while rest:
        new = broader.get(rest.pop(), set()) - reached
        reached |= new
        rest += new
    return reached


def _aligned_types() -> dict[str, frozenset[str]]:
    """Classes of other vocabularies with those of ours that the ontology files align with them."""
    aligned: dict[str, set[str]] = defaultdict(set)
    for path in resources.ontology_files():
        for triple in parse_triples(path, ONTOLOGY):
            subject, target = _iri(triple.subject), _iri(triple.object)
            if triple.predicate.value in _ALIGNED and subject.startswith(ONTOLOGY) and not target.startswith(ONTOLOGY):
                aligned[target].add(subject.removeprefix(ONTOLOGY))
    return {target: frozenset(classes) for target, classes in aligned.items()}


_OURS = """SELECT ?thing ?name ?type ?rank WHERE {
  { ?thing skos:prefLabel ?name BIND(0 AS ?rank) } UNION { ?thing skos:altLabel ?name BIND(1 AS ?rank) }
  ?thing a ?type . FILTER(%s) } ORDER BY ?thing ?rank ?name"""


def _ours(store: Store, ontology: Ontology) -> list[Named]:
    """The entities of ours that have an IRI of their own beyond one article."""
    here = " || ".join(f'STRSTARTS(STR(?thing), "{store.base}{path}/")' for path in _NAMED_HERE)
    rows = cast("QuerySolutions", store.query(_OURS % here, prefixes={"skos": SKOS}))
    names: dict[str, list[str]] = defaultdict(list)
    types: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        iri = row["thing"].value
        names[iri].append(row["name"].value)
        types[iri].add(row["type"].value.removeprefix(ONTOLOGY))
    return [Named(iri, tuple(dict.fromkeys(names[iri])), _most_specific(types[iri], ontology)) for iri in names]


def _most_specific(types: set[str], ontology: Ontology) -> frozenset[str]:
    return frozenset(t for t in types if not any(other != t and ontology.is_a(other, t) for other in types))


def _links_ntriples(links: Iterable[Link], store: Store) -> bytes:
    return to_ntriples(triple for link in links for triple in _link_triples(link, store))


def link_iri(link: Link, store: Store) -> str:
    """The IRI of a link: the ends of both sides' IRIs, and a digest that keeps equal ends apart."""
    ends = (re.sub(r"[^\w.-]+", "-", re.split(r"[/#]", iri.rstrip("/#"))[-1]) for iri in (link.subject, link.target))
    digest = hashlib.sha256(f"{link.subject} {link.target}".encode()).hexdigest()[:8]
    return f"{links_graph(store)}#{'-'.join(ends)}-{digest}"


def _link_triples(link: Link, store: Store) -> Iterable[Triple]:
    node = NamedNode(link_iri(link, store))
    subject, target = NamedNode(link.subject), NamedNode(link.target)
    if link.status == "accepted":
        yield Triple(subject, NamedNode(OWL + "sameAs"), target)
    yield Triple(node, NamedNode(RDF + "type"), NamedNode(ONTOLOGY + "Link"))
    for local_name, value in (
        ("linkSubject", subject),
        ("linkTarget", target),
        ("linkMethod", RdfLiteral(link.method)),
        ("score", RdfLiteral(str(link.score), datatype=NamedNode(XSD + "decimal"))),
        ("linkStatus", NamedNode(ONTOLOGY + link.status)),
        ("reason", RdfLiteral("; ".join(link.reasons))),
    ):
        yield Triple(node, NamedNode(ONTOLOGY + local_name), value)
