"""The places that articles in a store tell of, as resolving takes them: names, classes, where they are mentioned."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, cast

from kg.core.iris import span_of
from kg.core.vocab import ONTOLOGY, SCHEMA, SKOS
from kg.linking.places.resolve import Told
from kg.linking.places.surroundings import Source
from kg.ontology.load import load_ontology

if TYPE_CHECKING:
    from kg.ontology.values import Ontology
    from kg.store.opening import QuerySolutions, Store

_SOURCES = """SELECT ?g ?text ?publisher ?url WHERE { VALUES ?g { %s } GRAPH ?g {
  ?g schema:articleBody ?text OPTIONAL { ?g schema:publisher ?publisher } OPTIONAL { ?g schema:url ?url } } }"""
_PLACES = """SELECT ?g ?place ?part ?value WHERE { VALUES ?g { %s } GRAPH ?g {
  { ?place skos:prefLabel ?value BIND("name" AS ?part) }
  UNION { ?place skos:altLabel ?value BIND("other" AS ?part) }
  UNION { ?place a ?value BIND("type" AS ?part) } } FILTER(STRSTARTS(STR(?place), "%splace/")) }"""
_MENTIONS = """SELECT ?g ?place ?m WHERE { VALUES ?g { %s } GRAPH ?g {
  ?place kg:mention ?m } FILTER(STRSTARTS(STR(?place), "%splace/")) }"""


def told_places(store: Store, articles: Sequence[str]) -> dict[str, tuple[Source, list[Told]]]:
    """For each of some articles (graph IRIs) its text and publisher, and the places that have an IRI beyond it."""
    graphs = " ".join(f"<{article}>" for article in articles)
    found: dict[str, tuple[Source, list[Told]]] = {}
    if not graphs:
        return found
    names: dict[tuple[str, str], list[tuple[str, str]]] = defaultdict(list)
    types: dict[tuple[str, str], set[str]] = defaultdict(set)
    mentions: dict[tuple[str, str], list[tuple[int, int]]] = defaultdict(list)
    for article, place, part, value in _rows(store, _PLACES % (graphs, store.base), "g", "place", "part", "value"):
        if part == "type":
            types[article, place].add(value.removeprefix(ONTOLOGY))
        else:
            names[article, place].append((part, value))
    for article, place, mention in _rows(store, _MENTIONS % (graphs, store.base), "g", "place", "m"):
        if span := span_of(mention):
            mentions[article, place].append(span)
    ontology = load_ontology()
    by_article: dict[str, list[Told]] = defaultdict(list)
    for article, place in sorted(names):
        its = names[article, place]
        by_article[article].append(
            Told(
                place,
                tuple(dict.fromkeys(value for _, value in sorted(its))),
                _specific(types[article, place], ontology),
                tuple(sorted(mentions[article, place])),
            )
        )
    for article, text, publisher, url in _rows(store, _SOURCES % graphs, "g", "text", "publisher", "url"):
        found[article] = (Source(text, publisher, url), by_article[article])
    return found


def _specific(types: Iterable[str], ontology: Ontology) -> frozenset[str]:
    found = {t for t in types if ontology.is_a(t, "Entity")}
    return frozenset(t for t in found if not any(other != t and ontology.is_a(other, t) for other in found))


def _rows(store: Store, query: str, *variables: str) -> Iterator[tuple[str, ...]]:
    prefixes = {"skos": SKOS, "kg": ONTOLOGY, "schema": SCHEMA}
    for row in cast("QuerySolutions", store.query(query, prefixes=prefixes)):
        yield tuple(getattr(row[variable], "value", "") for variable in variables)
