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

# A graph by its name each time: with VALUES in its place the engine looks through all graphs for every article.
_SAID = """SELECT ?thing ?part ?value WHERE { GRAPH <%(graph)s> {
  { ?thing skos:prefLabel ?value BIND("name" AS ?part) }
  UNION { ?thing skos:altLabel ?value BIND("other" AS ?part) }
  UNION { ?thing a ?value BIND("type" AS ?part) }
  UNION { ?thing kg:mention ?value BIND("mention" AS ?part) }
  UNION { ?thing schema:articleBody ?value BIND("text" AS ?part) }
  UNION { ?thing schema:publisher ?value BIND("publisher" AS ?part) }
  UNION { ?thing schema:url ?value BIND("url" AS ?part) } }
  FILTER(?thing = <%(graph)s> || STRSTARTS(STR(?thing), "%(base)splace/")) }"""


def told_places(store: Store, articles: Sequence[str]) -> dict[str, tuple[Source, list[Told]]]:
    """For each of some articles (graph IRIs) its text and publisher, and the places that have an IRI beyond it."""
    ontology = load_ontology()
    return {article: found for article in articles if (found := _told(store, article, ontology)) is not None}


def _told(store: Store, article: str, ontology: Ontology) -> tuple[Source, list[Told]] | None:
    """An article as places are looked for in it; None for a graph that has no text."""
    said: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    query = _SAID % {"graph": article, "base": store.base}
    for thing, part, value in _rows(store, query, "thing", "part", "value"):
        said[thing][part].append(value)
    own = said.pop(article, {})
    if not own.get("text"):
        return None
    places = [
        Told(
            place,
            tuple(dict.fromkeys([*sorted(parts["name"]), *sorted(parts["other"])])),
            _specific((value.removeprefix(ONTOLOGY) for value in parts["type"]), ontology),
            tuple(sorted(span for value in parts["mention"] if (span := span_of(value)))),
        )
        for place, parts in sorted(said.items())
        if parts["name"] or parts["other"]
    ]
    publisher, url = (min(own.get(part, ()), default="") for part in ("publisher", "url"))
    return Source(min(own["text"]), publisher, url), places


def _specific(types: Iterable[str], ontology: Ontology) -> frozenset[str]:
    found = {t for t in types if ontology.is_a(t, "Entity")}
    return frozenset(t for t in found if not any(other != t and ontology.is_a(other, t) for other in found))


def _rows(store: Store, query: str, *variables: str) -> Iterator[tuple[str, ...]]:
    prefixes = {"skos": SKOS, "kg": ONTOLOGY, "schema": SCHEMA}
    for row in cast("QuerySolutions", store.query(query, prefixes=prefixes)):
        yield tuple(getattr(row[variable], "value", "") for variable in variables)
