"""What a store's sources disagree on: its events as told, compared by ``kg.query.conflicts``, with sentences."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING, cast

from kg.core.iris import article_of, span_of
from kg.core.vocab import ONTOLOGY, SCHEMA, SKOS
from kg.ontology.sentences import sentence_marked
from kg.ontology.words import words
from kg.query.conflicts import Conflict, Figure, Telling, conflicts
from kg.query.prepare import find_named, named_queries

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from kg.store.opening import QuerySolutions, Store

_PREFIXES = {"kg": ONTOLOGY, "schema": SCHEMA, "skos": SKOS, "rdfs": "http://www.w3.org/2000/01/rdf-schema#"}
_NEAR = 60  # characters before a figure in which "rose to at least" stands


def disagreements(store: Store) -> list[Conflict]:
    """All conflicts of a store, in a fixed order, each side with its sentence; linked events are one happening."""
    return with_sentences(store, conflicts(read_tellings(store), read_happenings(store)))


_EVENTS = """SELECT DISTINCT ?e ?t ?f ?l ?a ?published ?begin ?end WHERE {
  GRAPH ?a { ?e kg:eventType ?t ; kg:factuality ?f ; rdfs:label ?l ; kg:mention ?m }
  OPTIONAL { ?a schema:datePublished ?published }
  OPTIONAL { ?e kg:time ?time OPTIONAL { ?time kg:earliestBegin ?begin } OPTIONAL { ?time kg:latestEnd ?end } } }"""
_WHO = """SELECT DISTINCT ?e ?role ?x ?name WHERE { VALUES ?role { kg:agent kg:patient kg:recipient kg:place }
  ?e kg:eventType ?t ; ?role ?x . OPTIONAL { ?x skos:prefLabel ?name } }"""
_FIGURES = """SELECT DISTINCT ?e ?c ?l ?role ?what ?min ?max ?approximate WHERE {
  ?e kg:count ?c . ?c rdfs:label ?l ; kg:countedRole ?role ; kg:counted/skos:prefLabel ?what
  OPTIONAL { ?c kg:min ?min } OPTIONAL { ?c kg:max ?max } OPTIONAL { ?c kg:approximate ?approximate } }"""
_INSIDE = """SELECT DISTINCT ?e ?name WHERE { ?e kg:eventType ?t ; kg:place/kg:locatedIn+/skos:prefLabel ?name }"""
_LINKED = """SELECT DISTINCT ?e ?x WHERE { ?link kg:linkStatus kg:accepted ; kg:linkSubject ?e ; kg:linkTarget ?x .
  ?e kg:eventType ?t . ?x kg:eventType ?u }"""
_SHOWN = "SELECT DISTINCT ?x ?m WHERE { VALUES ?x { %s } ?x kg:mention ?m }"
_TEXTS = "SELECT ?a ?text WHERE { VALUES ?a { %s } ?a schema:articleBody ?text }"
_SOURCES = """SELECT DISTINCT ?x ?name WHERE { ?claim kg:claims ?x ; kg:source ?s .
  OPTIONAL { ?s skos:prefLabel|schema:publisher ?named } BIND(COALESCE(?named, "the article") AS ?name) }"""


def read_tellings(store: Store) -> list[Telling]:
    """Every event of a store as it was told."""
    sources: dict[str, set[str]] = defaultdict(set)
    for row in _rows(store, _SOURCES):
        sources[row["x"]].add(row["name"])
    who: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    named: dict[str, set[str]] = defaultdict(set)
    for row in _rows(store, _WHO):
        name = row["name"].casefold() if "name" in row else row["x"]
        who[row["e"]][_local(row["role"])].add(name)
        if "#" not in row["x"]:
            named[row["e"]].add(name)
    around: dict[str, set[str]] = defaultdict(set)
    for row in _rows(store, _INSIDE):
        around[row["e"]].add(row["name"].casefold())
    kinds: dict[str, set[str]] = defaultdict(set)
    once: set[str] = set()
    acts: dict[str, str] = {}
    for row in _rows(store, find_named("compared", named_queries()).text):
        if row["as"] == "count":
            kinds[row["event"]].add(_local(row["kind"]))
        elif row["as"] == "once":
            once.add(row["event"])
        else:
            acts[row["event"]] = row["as"]
    figures: dict[str, list[Figure]] = defaultdict(list)
    counts = list(_rows(store, _FIGURES))
    risen = moved(store, [row["c"] for row in counts])
    for row in counts:
        least, most = (int(row[key]) if key in row else None for key in ("min", "max"))
        said, what = tuple(sorted(sources[row["c"]])), row["what"].casefold()
        near = row.get("approximate") == "true"
        figures[row["e"]].append(
            Figure(row["l"], _local(row["role"]), what, least, most, near, said, row["c"], row["c"] in risen)
        )
    return [
        Telling(
            iri=row["e"],
            type=_local(row["t"]),
            status=_local(row["f"]),
            label=row["l"],
            article=row["a"],
            published=row.get("published", ""),
            begin=row.get("begin", ""),
            end=row.get("end", ""),
            kinds=frozenset(kinds[row["e"]]),
            act=acts.get(row["e"], ""),
            once=row["e"] in once,
            named=frozenset(named[row["e"]]),
            around=frozenset(around[row["e"]]),
            who={role: frozenset(names) for role, names in who[row["e"]].items()},
            sources=tuple(sorted(sources[row["e"]])),
            figures=tuple(figures[row["e"]]),
        )
        for row in _rows(store, _EVENTS)
    ]


def read_happenings(store: Store) -> dict[str, int]:
    """A number for each event that an accepted link ties to another: the same for all that are tied together."""
    together: dict[str, set[str]] = {}
    for row in _rows(store, _LINKED):
        both = together.get(row["e"], {row["e"]}) | together.get(row["x"], {row["x"]})
        together.update(dict.fromkeys(both, both))
    firsts = {event: min(others) for event, others in together.items()}
    numbers = {first: number for number, first in enumerate(sorted(set(firsts.values())))}
    return {event: numbers[first] for event, first in firsts.items()}


def with_sentences(store: Store, found: Iterable[Conflict]) -> list[Conflict]:
    """The conflicts with the sentence of each side, its words in square brackets; empty where the store has no text."""
    known = list(found)
    places = _places(store, {iri for c in known for iri in (c.shown, c.other_shown)})
    sentences = {iri: sentence_marked(text, begin, end) for iri, (text, begin, end) in places.items()}
    return [
        replace(c, sentence=sentences.get(c.shown, ""), other_sentence=sentences.get(c.other_shown, "")) for c in known
    ]


def moved(store: Store, counts: Iterable[str]) -> set[str]:
    """The counts that are in the place of an earlier one: "the toll rose to at least 20"."""
    verbs = "|".join(map(re.escape, words("movedTo")))
    before = re.compile(rf"\b(?:{verbs})\b(?:\s[a-z]+){{0,2}}\s*$", re.IGNORECASE)
    places = _places(store, counts)
    return {c for c, (text, begin, _) in places.items() if before.search(text[max(0, begin - _NEAR) : begin])}


def _places(store: Store, things: Iterable[str]) -> dict[str, tuple[str, int, int]]:
    """Where each of some events or counts stands first: the article's text, begin and end."""
    first: dict[str, tuple[int, int, str]] = {}
    of_events = ((row["x"], row["m"]) for row in _about(store, _SHOWN, things))
    for thing, shown in (*of_events, *((thing, thing) for thing in things)):  # a count's own IRI says where
        if span := span_of(shown):
            place = (*span, article_of(shown))
            first[thing] = min(place, first.get(thing, place))
    texts = {row["a"]: row["text"] for row in _about(store, _TEXTS, {article for *_, article in first.values()})}
    return {x: (texts[article], begin, end) for x, (begin, end, article) in first.items() if article in texts}


def _about(store: Store, query: str, things: Iterable[str]) -> Iterator[dict[str, str]]:
    """The rows of a query about some things, asked for a few hundred at a time."""
    every = sorted(things)
    for start in range(0, len(every), 500):
        yield from _rows(store, query % " ".join(f"<{thing}>" for thing in every[start : start + 500]))


def _rows(store: Store, query: str) -> Iterator[dict[str, str]]:
    solutions = cast("QuerySolutions", store.query(query, prefixes=_PREFIXES))
    names = [variable.value for variable in solutions.variables]
    for solution in solutions:
        terms = [(name, solution[name]) for name in names]
        yield {name: str(getattr(term, "value", term)) for name, term in terms if term is not None}


def _local(iri: str) -> str:
    return iri.rpartition("#")[2]
