"""Events as several pages list them, with their bounds and places; and what a form offers to choose from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from kg.core.iris import local_name
from kg.serve.asking import Row, iris, kept, rows
from kg.serve.chosen import Choice
from kg.serve.kinds import above, words
from kg.serve.selection import count_of, count_of_kinds, latest
from kg.store.opening import Store

_BOUNDS = ("earliestBegin", "latestBegin", "earliestEnd", "latestEnd")
_PLACES = 200  # that a form offers


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


def dated(store: Store, chosen: Choice, limit: int) -> list[Happening]:
    """The chosen events that have a day, the latest ``limit`` of them, in the order of time."""
    found = described(store, latest(store, chosen, limit))
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
    for type_, number in count_of_kinds(store).items():
        for kind in above(type_):
            counts[kind] += number
    found = count_of(store, "place", Choice(), limit=_PLACES)
    called = names(store, [place for place, _ in found])
    return Offered(
        tuple((kind, words(kind), counts[kind]) for kind in sorted(counts, key=words)),
        tuple((place, called.get(place, place), number) for place, number in found),
    )
