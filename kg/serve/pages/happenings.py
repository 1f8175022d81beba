"""Events as several pages list them: chosen by type, place, participant and time, with their bounds and places."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from kg.core.iris import local_name
from kg.serve.asking import Row, iri, iris, kept, rows
from kg.serve.kinds import above, below, roles, words
from kg.serve.page import Params
from kg.serve.problems import Problem
from kg.store.opening import Store

_DAY = re.compile(r"\d{4}(-\d\d(-\d\d)?)?")
_BOUNDS = ("earliestBegin", "latestBegin", "earliestEnd", "latestEnd")
_PLACES = 200  # that a form offers
STATUSES = ("asserted", "negated", "possible", "planned")


@dataclass(frozen=True, slots=True)
class Named:
    """Something with its name."""

    iri: str
    name: str


@dataclass(frozen=True, slots=True)
class Happening:
    """One event of one article: what, how certain, when (days, empty where open), where."""

    iri: str
    label: str
    kind: str
    status: str
    dates: str = ""
    earliest_begin: str = ""
    latest_begin: str = ""
    earliest_end: str = ""
    latest_end: str = ""
    places: tuple[Named, ...] = ()

    @property
    def article(self) -> str:
        """The IRI of the article that tells of it."""
        return self.iri.partition("#")[0]

    @property
    def kind_words(self) -> str:
        """Its type in words."""
        return words(self.kind)


@dataclass(frozen=True, slots=True)
class Choice:
    """Which events: of a type or below it, in a place, with a participant, in a time, of a status; empty: any."""

    kind: str = ""
    place: str = ""
    who: str = ""
    since: str = ""
    until: str = ""
    status: str = ""
    article: str = ""

    def pattern(self, event: str = "?e") -> str:
        """The part of a query that chooses; the time's node is ``?time`` where days are asked for."""
        parts = []
        if self.kind:
            parts.append(f"VALUES ?kind {{ {iris(below(self.kind))} }} {event} kg:eventType ?kind .")
        if self.place:
            parts.append(f"{event} kg:place {iri(self.place)} .")
        if self.who:
            parts.append(f"VALUES ?role {{ {iris(roles())} }} {event} ?role {iri(self.who)} .")
        if self.status:
            parts.append(f"{event} kg:factuality kg:{self.status} .")
        if self.article:
            parts.append(f'FILTER(STRSTARTS(STR({event}), "{iri(self.article)[1:-1]}#"))')
        if self.since:
            parts.append(f'{event} kg:time/kg:latestEnd ?chosenEnd FILTER(STR(?chosenEnd) >= "{self.since}")')
        if self.until:
            parts.append(f'{event} kg:time/kg:earliestBegin ?chosenBegin FILTER(STR(?chosenBegin) <= "{self.until}~")')
        return " ".join(parts)


def choice(params: Params) -> Choice:
    """The choice that an address makes; Problem for a day or status that is none."""
    for name in ("since", "until"):
        if (day := params.get(name, "")) and not _DAY.fullmatch(day):
            raise Problem("bad-request", f"{name}={day[:40]}: write year, month and day, as in 2024-03-04")
    if (status := params.get("status", "")) and status not in STATUSES:
        raise Problem("bad-request", f"status={status[:40]}: one of {', '.join(STATUSES)}")
    names = {"kind": "type", "place": "place", "who": "who", "since": "since", "until": "until", "status": "status"}
    chosen = Choice(**{field: params.get(name, "").strip() for field, name in names.items()})
    for value in (chosen.kind, chosen.place, chosen.who):
        if value:
            iri(value)
    return chosen


def dated(store: Store, chosen: Choice, limit: int) -> list[Happening]:
    """The chosen events that have a day, the latest ``limit`` of them, in the order of time."""
    query = (
        f"SELECT ?e ?from {{ {chosen.pattern()} ?e kg:time ?time . ?time kg:earliestBegin ?from }} "
        f"ORDER BY DESC(?from) ?e LIMIT {limit}"
    )
    found = described(store, [row["e"] for row in rows(store, query)])
    return sorted(found, key=lambda event: (event.earliest_begin, event.latest_end, event.iri))


def described(store: Store, events: Sequence[str]) -> list[Happening]:
    """Events with all that a list shows of them, in the order given."""
    unique = list(dict.fromkeys(events))
    if not unique:
        return []
    values = f"VALUES ?e {{ {iris(unique)} }}"
    bounds = " ".join(f"OPTIONAL {{ ?time kg:{name} ?{name} }}" for name in (*_BOUNDS, "dates"))
    query = (
        f"SELECT * {{ {values} ?e kg:eventType ?t ; kg:factuality ?f . OPTIONAL {{ ?e rdfs:label ?l }} "
        f"OPTIONAL {{ ?e kg:time ?time . {bounds} }} }}"
    )
    said: dict[str, Row] = {}
    for row in rows(store, query):
        said.setdefault(row["e"], row)
    places = _places(store, values)
    return [_happening(said[event], tuple(places[event])) for event in unique if event in said]


def _places(store: Store, values: str) -> dict[str, list[Named]]:
    found: dict[str, list[Named]] = defaultdict(list)
    query = f"SELECT DISTINCT ?e ?p ?n {{ {values} ?e kg:place ?p . ?p skos:prefLabel ?n }} ORDER BY ?e ?n ?p"
    for row in rows(store, query):
        if all(one.iri != row["p"] for one in found[row["e"]]):
            found[row["e"]].append(Named(row["p"], row["n"]))
    return found


def _happening(row: Row, places: tuple[Named, ...]) -> Happening:
    begin, begin_by, end_from, end = (row.get(name, "") for name in _BOUNDS)
    label = row.get("l") or words(row["t"])
    return Happening(
        row["e"], label, row["t"], local_name(row["f"]), row.get("dates", ""), begin, begin_by, end_from, end, places
    )


def names(store: Store, things: Sequence[str]) -> dict[str, str]:
    """The names of things; of those that have none, nothing. Asked for afterwards: a join with all names is slow."""
    if not things:
        return {}
    query = (
        f"SELECT ?x (MIN(?l) AS ?name) {{ VALUES ?x {{ {iris(things)} }} ?x skos:prefLabel|rdfs:label ?l }} GROUP BY ?x"
    )
    return {row["x"]: row["name"] for row in rows(store, query) if "name" in row}


@dataclass(frozen=True, slots=True)
class Offered:
    """What a form offers to choose from: types with how many events each, places with how many."""

    kinds: tuple[tuple[str, str, int], ...]  # IRI, words, events
    places: tuple[tuple[str, str, int], ...]


@kept
def offered(store: Store) -> Offered:
    """The types that there are (with those above them, added up) and the most frequent places."""
    counts: dict[str, int] = defaultdict(int)
    for row in rows(store, "SELECT ?t (COUNT(*) AS ?n) { ?e kg:eventType ?t } GROUP BY ?t"):
        for kind in above(row["t"]):
            counts[kind] += int(row["n"])
    query = f"SELECT ?p (COUNT(*) AS ?n) {{ ?e kg:place ?p }} GROUP BY ?p ORDER BY DESC(?n) ?p LIMIT {_PLACES}"
    found = [(row["p"], int(row["n"])) for row in rows(store, query) if "p" in row]
    called = names(store, [place for place, _ in found])
    return Offered(
        tuple((kind, words(kind), counts[kind]) for kind in sorted(counts, key=words)),
        tuple((place, called.get(place, place), number) for place, number in found),
    )
