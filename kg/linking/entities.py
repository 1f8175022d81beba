"""Our entities that are the same in every article, as merging compares them: names, classes, surroundings."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from kg.core.iris import article_of, span_of
from kg.core.vocab import COMMON_PREFIXES, ONTOLOGY, OWL, RDF, SCHEMA, SKOS
from kg.linking.dataset import Names
from kg.linking.names import Key, keys
from kg.linking.stems import stems
from kg.linking.things import Named
from kg.ontology.sentences import sentence_around
from kg.store.opening import NamedNode

if TYPE_CHECKING:
    from kg.store.opening import QuerySolutions, Store

_PATHS = ("organization", "place", "norp", "person")  # of entities that have an IRI of their own beyond one article
_READ, _MENTIONED = 20, 5  # articles of a thing whose sentences are read, and sentences of each
_BATCH = 64  # articles asked for at once
_OFTEN = 10  # what stands in less than one of so many of a thing's articles is not beside it

_NAMES = """SELECT DISTINCT ?thing ?name ?type ?rank WHERE {
  { ?thing skos:prefLabel ?name BIND(0 AS ?rank) } UNION { ?thing skos:altLabel ?name BIND(1 AS ?rank) }
  ?thing a ?type . FILTER(%s) } ORDER BY ?thing ?rank ?name"""

_CALLED = "SELECT DISTINCT ?thing ?name WHERE { ?thing skos:prefLabel|skos:altLabel ?name . FILTER(%s) }"

_PLACES = """SELECT DISTINCT ?thing ?name WHERE {
  ?thing kg:locatedIn+|kg:nationality ?other . ?other skos:prefLabel ?name . FILTER(%s) }"""

_RELATED = """SELECT DISTINCT ?thing ?name WHERE {
  { ?relation rdf:subject ?thing ; rdf:object ?other } UNION { ?relation rdf:subject ?other ; rdf:object ?thing }
  ?other skos:prefLabel ?name . FILTER(%s) }"""

_CALLED_AS = "SELECT DISTINCT ?thing ?name WHERE { ?thing kg:position ?name . FILTER(%s) }"

_YEARS = """SELECT ?thing (MIN(?day) AS ?first) (MAX(?day) AS ?last) WHERE {
  GRAPH ?g { ?thing skos:prefLabel ?name . ?g schema:datePublished ?day } FILTER(%s) } GROUP BY ?thing"""

_MENTIONS = "SELECT ?thing ?m WHERE { ?thing kg:mention ?m . FILTER(%s) }"

# what the places' own dataset says of places that are linked with it
_LINKED = """SELECT ?thing ?target ?code ?lat ?long WHERE {
  GRAPH <%(links)s> { ?thing owl:sameAs ?target }
  GRAPH <%(graph)s> { ?target gn:featureCode ?kind OPTIONAL { ?target gn:countryCode ?code }
    OPTIONAL { ?target wgs84:lat ?lat ; wgs84:long ?long FILTER NOT EXISTS { ?target kg:coordinatesOf ?seat } } }
  FILTER(%%s) }"""

_ARTICLES = "SELECT DISTINCT ?g ?thing ?name WHERE { GRAPH ?g { ?thing skos:prefLabel ?name } FILTER(%s) }"


def entities(
    store: Store, names: Names, wanted: AbstractSet[Key], specific: Callable[[Iterable[str]], frozenset[str]]
) -> list[Named]:
    """The entities of ours that have one of the ``wanted`` keys of names, in the order of their IRIs."""
    own: dict[str, list[str]] = defaultdict(list)
    types: dict[str, set[str]] = defaultdict(set)
    for thing, name, kind in _rows(store, _NAMES, "thing", "name", "type"):
        own[thing].append(name)
        types[thing].add(kind.removeprefix(ONTOLOGY))
    chosen = {thing for thing, called in own.items() if not wanted.isdisjoint(keys(called))}
    if not chosen:
        return []
    places, related = (_about(store, query, names, chosen) for query in (_PLACES, _RELATED))
    beside = _beside(store, names, chosen)
    years, linked = _years(store), _linked(store, chosen)
    called, said = _called(store, chosen), _said(store, chosen)
    found = []
    for thing in sorted(chosen):
        here = {names.place(name) for name in own[thing]} | {""}
        spot = linked.get(thing, _Spot())
        found.append(
            Named(
                thing,
                tuple(dict.fromkeys(own[thing])),
                specific(types[thing]),
                places=frozenset((places[thing] | {names.place(code) for code in spot.countries}) - here),
                related=frozenset(related[thing] - here),
                beside=frozenset(beside[thing] - here),
                called=called[thing] - stems(" ".join(own[thing])),
                said=said[thing],
                years=years.get(thing, (None, None)),
                at=spot.at,
                identifiers=spot.identifiers,
            )
        )
    return found


@dataclass(frozen=True, slots=True)
class _Spot:
    """What the places' own dataset says of a place: its GeoNames IRI, coordinates of its own, country code."""

    identifiers: frozenset[str] = frozenset()
    at: tuple[float, float] | None = None
    countries: frozenset[str] = frozenset()


def _linked(store: Store, chosen: Collection[str]) -> dict[str, _Spot]:
    """The chosen places that are linked with the places' own dataset."""
    graphs = {"links": f"{store.base}graph/links", "graph": f"{store.base}graph/dataset/gazetteer"}
    found: dict[str, _Spot] = {}
    for thing, target, code, lat, long in _rows(store, _LINKED % graphs, "thing", "target", "code", "lat", "long"):
        if thing in chosen:
            at = (float(lat), float(long)) if lat and long else None
            found[thing] = _Spot(frozenset([target]), at, frozenset([code] if code else ()))
    return found


def _years(store: Store) -> dict[str, tuple[int | None, int | None]]:
    """The years of the first and the last article that names each thing."""
    found: dict[str, tuple[int | None, int | None]] = {}
    for thing, first, last in _rows(store, _YEARS, "thing", "first", "last"):
        if first[:4].isdigit() and last[:4].isdigit():
            found[thing] = (int(first[:4]), int(last[:4]))
    return found


def _called(store: Store, chosen: Collection[str]) -> dict[str, frozenset[str]]:
    """The stems of the positions and descriptions that articles give to each of the chosen things."""
    found: dict[str, set[str]] = defaultdict(set)
    for thing, name in _rows(store, _CALLED_AS, "thing", "name"):
        if thing in chosen:
            found[thing] |= stems(name)
    return defaultdict(frozenset, {thing: frozenset(words) for thing, words in found.items()})


def _said(store: Store, chosen: Collection[str]) -> dict[str, frozenset[str]]:
    """The stems of the sentences that name each of the chosen things, in its first articles by IRI."""
    spans: dict[str, dict[str, list[tuple[int, int]]]] = defaultdict(lambda: defaultdict(list))
    for thing, mention in _rows(store, _MENTIONS, "thing", "m"):
        if thing in chosen and (span := span_of(mention)):
            spans[thing][article_of(mention)].append(span)
    first = {thing: sorted(articles)[:_READ] for thing, articles in spans.items()}
    wanted = sorted({article for articles in first.values() for article in articles})
    texts: dict[str, str] = {}
    for start in range(0, len(wanted), _BATCH):
        values = " ".join(str(NamedNode(iri)) for iri in wanted[start : start + _BATCH])
        query = f"SELECT ?a ?t WHERE {{ VALUES ?a {{ {values} }} ?a <{SCHEMA}articleBody> ?t }}"
        texts |= {row["a"].value: row["t"].value for row in cast("QuerySolutions", store.query(query))}
    found: dict[str, set[str]] = defaultdict(set)
    for thing, articles in first.items():
        for article in articles:
            for begin, _ in sorted(spans[thing][article])[:_MENTIONED]:
                found[thing] |= stems(sentence_around(texts.get(article, ""), begin))
    return defaultdict(frozenset, {thing: frozenset(words) for thing, words in found.items()})


def _about(store: Store, query: str, names: Names, chosen: Collection[str]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for thing, name in _rows(store, query, "thing", "name"):
        if thing in chosen:
            found[thing].add(names.place(name))
    return found


def _beside(store: Store, names: Names, chosen: Collection[str]) -> dict[str, set[str]]:
    """The names that stand in the articles of each of the chosen things, but for those in few of many."""
    articles: dict[str, set[str]] = defaultdict(set)
    within: dict[str, set[str]] = defaultdict(set)
    for article, thing, name in _rows(store, _ARTICLES, "g", "thing", "name"):
        within[article].add(names.place(name))
        if thing in chosen:
            articles[thing].add(article)
    found: dict[str, set[str]] = defaultdict(set)
    for thing, its in articles.items():
        counts = Counter(name for article in its for name in within[article])
        found[thing] = {name for name, count in counts.items() if count * _OFTEN >= len(its)}
    return found


def _rows(store: Store, query: str, *variables: str) -> Iterator[tuple[str, ...]]:
    here = " || ".join(f'STRSTARTS(STR(?thing), "{store.base}{path}/")' for path in _PATHS)
    prefixes = {"skos": SKOS, "kg": ONTOLOGY, "rdf": RDF, "schema": SCHEMA, "owl": OWL}
    prefixes |= {prefix: COMMON_PREFIXES[prefix] for prefix in ("gn", "wgs84")}
    for row in cast("QuerySolutions", store.query(query % here, prefixes=prefixes)):
        yield tuple(getattr(row[variable], "value", "") for variable in variables)


def our_names(store: Store) -> list[str]:
    """The names of our entities that have an IRI of their own beyond one article, sorted, each once."""
    return sorted({name for _, name in _rows(store, _CALLED, "thing", "name") if any(map(str.isalpha, name))})
