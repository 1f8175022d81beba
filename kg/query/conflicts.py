"""What sources disagree on: figures that cannot both hold, what one tells and another denies, who is blamed and denies.

``read_tellings`` asks a store, ``conflicts`` compares, and knows no store. Two tellings meet where nothing keeps them
apart: the same kind of event, a participant they share and none they differ in, places and days that may be the same.
A verdict is *disjoint* (both cannot be so), *compatible* (bounds differ, and both may hold: "at least 12" beside "20")
or *update* (a later report of the same source, or of what nobody had done before).
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from itertools import combinations
from typing import TYPE_CHECKING, Literal, cast

from kg.core.vocab import ONTOLOGY, SCHEMA, SKOS
from kg.query.prepare import find_named, named_queries

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from kg.store.opening import QuerySolutions, Store

Verdict = Literal["disjoint", "compatible", "update"]
Kind = Literal["count", "told and denied", "blamed and denied"]

_NEAR = 0.1  # an approximate figure is the same as one this near
_PREFIXES = {"kg": ONTOLOGY, "schema": SCHEMA, "skos": SKOS, "rdfs": "http://www.w3.org/2000/01/rdf-schema#"}


@dataclass(frozen=True, slots=True, order=True)
class Figure:
    """How many of whom in which role, in the article's words."""

    words: str
    role: str
    what: str
    least: int | None
    most: int | None
    approximate: bool = False
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Telling:
    """One event as one article has it; names in lower case, ``who`` by role, events among them by IRI."""

    iri: str
    type: str
    status: str
    label: str
    article: str
    published: str = ""
    begin: str = ""
    end: str = ""
    kinds: frozenset[str] = frozenset()  # what its figures count
    act: str = ""  # "blame" or "denial"
    who: dict[str, frozenset[str]] = field(default_factory=dict)
    sources: tuple[str, ...] = ()
    figures: tuple[Figure, ...] = ()

    def names(self, role: str) -> frozenset[str]:
        """Who fills a role."""
        return self.who.get(role, frozenset())


@dataclass(frozen=True, slots=True, order=True)
class Conflict:
    """Two statements that disagree, the earlier first: the words, who says so, when it was published, the event."""

    kind: Kind
    verdict: Verdict
    one: str
    by: str
    published: str
    other: str
    other_by: str
    other_published: str
    event: str
    other_event: str


def conflicts(tellings: Iterable[Telling]) -> list[Conflict]:
    """All conflicts, sorted: the same tellings in any order give the same list."""
    known = sorted(tellings, key=lambda telling: (telling.published, telling.iri))
    blamed = list(_blamed(known))
    settled = {(c.event, c.other_event) for c in blamed}
    rest = [c for c in [*_counts(known), *_denied(known)] if (c.event, c.other_event) not in settled]
    return sorted({*blamed, *rest})


def _counts(known: Sequence[Telling]) -> Iterator[Conflict]:
    groups: dict[tuple[str, str, str], list[tuple[Telling, Figure]]] = defaultdict(list)
    for telling in known:
        for figure in sorted(telling.figures):
            for kind in telling.kinds if telling.status == "asserted" else ():
                groups[kind, figure.role, figure.what].append((telling, figure))
    for pairs in groups.values():
        for (first, one), (second, other) in combinations(pairs, 2):
            same = first.iri == second.iri or (_together(first, second) and bool(first.begin and second.begin))
            if same and (one.least, one.most) != (other.least, other.most):
                yield _conflict("count", _verdict(first, one, second, other), first, second, one, other)


def _verdict(first: Telling, one: Figure, second: Telling, other: Figure) -> Verdict:
    low, high = (one, other) if _below(one, other) else (other, one)
    if not _below(low, high):
        return "compatible"
    if (one.approximate or other.approximate) and (low.most or 0) >= (high.least or 0) * (1 - _NEAR):
        return "compatible"
    later = first.published and second.published and first.published < second.published
    said = set(one.sources or first.sources) & set(other.sources or second.sources)
    return "update" if later and said else "disjoint"


def _below(one: Figure, other: Figure) -> bool:
    return one.most is not None and other.least is not None and one.most < other.least


def _denied(known: Sequence[Telling]) -> Iterator[Conflict]:
    by_type: dict[str, list[Telling]] = defaultdict(list)
    for telling in known:
        by_type[telling.type].append(telling)
    for told_and_denied in by_type.values():
        for first, second in combinations(told_and_denied, 2):
            if {first.status, second.status} == {"asserted", "negated"} and _together(first, second):
                open_ended = first.status == "negated" and not first.names("agent")  # "nobody has claimed it" so far
                yield _conflict("told and denied", "update" if open_ended else "disjoint", first, second)


def _blamed(known: Sequence[Telling]) -> Iterator[Conflict]:
    """An accusation, or what somebody is said to have done, beside the denial of whom it is about: one conflict."""
    asserted = [telling for telling in known if telling.status == "asserted"]
    by_iri = {telling.iri: telling for telling in asserted}
    accusations = [telling for telling in asserted if telling.act == "blame"]
    for denial in (telling for telling in asserted if telling.act == "denial"):
        denied, deniers = denial.names("patient"), denial.names("agent")
        acts = [by_iri[iri] for iri in sorted(denied) if iri in by_iri]
        of_them = [a for a in accusations if deniers & (a.names("recipient") | a.names("patient"))]
        meant = [a for a in of_them if a.iri in denied or not acts or not a.names("patient").isdisjoint(denied)]
        for telling in meant or [act for act in acts if not set(act.sources) <= deniers]:
            if telling.iri != denial.iri and (telling.article == denial.article or telling.iri in denied):
                yield _conflict("blamed and denied", "disjoint", telling, denial)


def _together(first: Telling, second: Telling) -> bool:
    """Whether two tellings may be of one happening: nothing keeps them apart, and a participant joins them."""
    shared = False
    for role in ("agent", "patient", "recipient"):
        here, there = first.names(role), second.names(role)
        if here and there and here.isdisjoint(there):
            return False
        shared = shared or not here.isdisjoint(there)
    places = first.names("place"), second.names("place")
    if all(places) and places[0].isdisjoint(places[1]):
        return False
    if first.begin and second.begin and (first.begin > (second.end or "9") or second.begin > (first.end or "9")):
        return False
    return shared


def _conflict(
    kind: Kind,
    verdict: Verdict,
    first: Telling,
    second: Telling,
    one: Figure | None = None,
    other: Figure | None = None,
) -> Conflict:
    sides = []
    for telling, figure in ((first, one), (second, other)):
        sources = figure.sources if figure is not None and figure.sources else telling.sources
        words = telling.label if figure is None else figure.words
        sides.append((telling.published, words, ", ".join(sorted(sources)), telling.iri))
    (published, words, by, event), (other_published, other_words, other_by, other_event) = sorted(sides)
    return Conflict(kind, verdict, words, by, published, other_words, other_by, other_published, event, other_event)


_EVENTS = """SELECT DISTINCT ?e ?t ?f ?l ?a ?published ?begin ?end WHERE {
  ?e kg:eventType ?t ; kg:factuality ?f ; rdfs:label ?l ; kg:mention/kg:article ?a .
  OPTIONAL { ?a schema:datePublished ?published }
  OPTIONAL { ?e kg:time ?time OPTIONAL { ?time kg:earliestBegin ?begin } OPTIONAL { ?time kg:latestEnd ?end } } }"""
_WHO = """SELECT DISTINCT ?e ?role ?x ?name WHERE { VALUES ?role { kg:agent kg:patient kg:recipient kg:place }
  ?e kg:eventType ?t ; ?role ?x . OPTIONAL { ?x skos:prefLabel ?name } }"""
_FIGURES = """SELECT DISTINCT ?e ?c ?l ?role ?what ?min ?max ?approximate WHERE {
  ?e kg:count ?c . ?c rdfs:label ?l ; kg:countedRole ?role ; kg:counted/skos:prefLabel ?what
  OPTIONAL { ?c kg:min ?min } OPTIONAL { ?c kg:max ?max } OPTIONAL { ?c kg:approximate ?approximate } }"""
_SOURCES = """SELECT DISTINCT ?x ?name WHERE { ?claim kg:claims ?x ; kg:source ?s .
  OPTIONAL { ?s skos:prefLabel|schema:publisher ?named } BIND(COALESCE(?named, "the article") AS ?name) }"""


def read_tellings(store: Store) -> list[Telling]:
    """Every event of a store as it was told."""
    sources: dict[str, set[str]] = defaultdict(set)
    for row in _rows(store, _SOURCES):
        sources[row["x"]].add(row["name"])
    who: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for row in _rows(store, _WHO):
        who[row["e"]][_local(row["role"])].add(row["name"].casefold() if "name" in row else row["x"])
    kinds: dict[str, set[str]] = defaultdict(set)
    acts: dict[str, str] = {}
    for row in _rows(store, find_named("compared", named_queries()).text):
        if row["as"] == "count":
            kinds[row["event"]].add(_local(row["kind"]))
        else:
            acts[row["event"]] = row["as"]
    figures: dict[str, list[Figure]] = defaultdict(list)
    for row in _rows(store, _FIGURES):
        least, most = (int(row[key]) if key in row else None for key in ("min", "max"))
        said, what = tuple(sorted(sources[row["c"]])), row["what"].casefold()
        near = row.get("approximate") == "true"
        figures[row["e"]].append(Figure(row["l"], _local(row["role"]), what, least, most, near, said))
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
            who={role: frozenset(names) for role, names in who[row["e"]].items()},
            sources=tuple(sorted(sources[row["e"]])),
            figures=tuple(figures[row["e"]]),
        )
        for row in _rows(store, _EVENTS)
    ]


def _rows(store: Store, query: str) -> Iterator[dict[str, str]]:
    solutions = cast("QuerySolutions", store.query(query, prefixes=_PREFIXES))
    names = [variable.value for variable in solutions.variables]
    for solution in solutions:
        terms = [(name, solution[name]) for name in names]
        yield {name: str(getattr(term, "value", term)) for name, term in terms if term is not None}


def _local(iri: str) -> str:
    return iri.rpartition("#")[2]
