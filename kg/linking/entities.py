"""Our entities that are the same in every article, as merging compares them: names, classes, surroundings."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from collections.abc import Set as AbstractSet
from typing import TYPE_CHECKING, cast

from kg.core.vocab import ONTOLOGY, RDF, SKOS
from kg.linking.dataset import Names
from kg.linking.match import Named
from kg.linking.names import Key, keys

if TYPE_CHECKING:
    from kg.store.opening import QuerySolutions, Store

_PATHS = ("organization", "place", "norp", "person")  # of entities that have an IRI of their own beyond one article
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
    found = []
    for thing in sorted(chosen):
        here = {names.place(name) for name in own[thing]} | {""}
        found.append(
            Named(
                thing,
                tuple(dict.fromkeys(own[thing])),
                specific(types[thing]),
                places=frozenset(places[thing] - here),
                related=frozenset(related[thing] - here),
                beside=frozenset(beside[thing] - here),
            )
        )
    return found


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
    prefixes = {"skos": SKOS, "kg": ONTOLOGY, "rdf": RDF}
    for row in cast("QuerySolutions", store.query(query % here, prefixes=prefixes)):
        yield tuple(row[variable].value for variable in variables)


def our_names(store: Store) -> list[str]:
    """The names of our entities that have an IRI of their own beyond one article, sorted, each once."""
    return sorted({name for _, name in _rows(store, _CALLED, "thing", "name") if any(map(str.isalpha, name))})
