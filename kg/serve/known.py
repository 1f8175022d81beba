"""The entities that articles meet in, held in memory for one state of the store: names, classes, how often told of."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property

from kg.core.names import fold
from kg.linking.names import Key, keys_of
from kg.serve.asking import kept, rows
from kg.serve.kinds import above, most_specific
from kg.store.opening import Store


@dataclass(frozen=True, slots=True)
class Known:
    """One entity: its names, the preferred one first, its most specific classes, and in how many articles it is."""

    iri: str
    names: tuple[str, ...]
    types: tuple[str, ...]
    articles: int

    @property
    def name(self) -> str:
        """The preferred name."""
        return self.names[0]

    def is_a(self, kind: str) -> bool:
        """Whether it is of a class or one below it."""
        return any(kind in above(own) for own in self.types)


@dataclass(frozen=True)
class Everybody:
    """All of them, in the order of their IRIs."""

    entities: tuple[Known, ...]

    @cached_property
    def by_iri(self) -> dict[str, Known]:
        """Each by its IRI."""
        return {one.iri: one for one in self.entities}

    @cached_property
    def by_key(self) -> dict[Key, list[tuple[Known, str]]]:
        """Entities and names by the keys by which names meet."""
        found: dict[Key, list[tuple[Known, str]]] = defaultdict(list)
        for one in self.entities:
            for name in one.names:
                for key in keys_of(name):
                    found[key].append((one, name))
        return dict(found)

    @cached_property
    def folded(self) -> list[tuple[str, Known]]:
        """Every name in its normal form, with whose it is."""
        return [(fold(name), one) for one in self.entities for name in one.names]


@kept
def everybody(store: Store) -> Everybody:
    """The entities of a store that have an IRI beyond one article."""
    ours = f'FILTER(STRSTARTS(STR(?e), "{store.base}") && !CONTAINS(STR(?e), "/article/"))'
    names: dict[str, dict[str, None]] = defaultdict(dict)
    for path in ("skos:prefLabel", "skos:altLabel"):
        for row in rows(store, f"SELECT DISTINCT ?e ?n {{ ?e {path} ?n {ours} }} ORDER BY ?e ?n"):
            names[row["e"]][row["n"]] = None
    types: dict[str, set[str]] = defaultdict(set)
    for row in rows(store, f"SELECT DISTINCT ?e ?t {{ ?e skos:prefLabel ?n ; a ?t {ours} }}"):
        types[row["e"]].add(row["t"])
    counts = rows(
        store, f"SELECT ?e (COUNT(DISTINCT ?g) AS ?n) {{ GRAPH ?g {{ ?e skos:prefLabel ?l }} {ours} }} GROUP BY ?e"
    )
    articles = {row["e"]: int(row["n"]) for row in counts}
    return Everybody(
        tuple(
            Known(iri, tuple(called), most_specific(types[iri]), articles.get(iri, 0))
            for iri, called in sorted(names.items())
        )
    )
