"""Links of things to each other and to other datasets, with what the other side says of itself."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from kg.core.iris import local_name
from kg.serve.asking import iri, iris, rows
from kg.serve.kinds import words
from kg.store.opening import Store

_SHOWN = 30  # statements of the other side


@dataclass(frozen=True, slots=True)
class Linked:
    """One link: its other side, how it stands, and what the other side says (property, value)."""

    target: str
    name: str
    status: str
    score: str
    reason: str
    said: tuple[tuple[str, str], ...] = ()


def links_of(store: Store, thing: str) -> list[Linked]:
    """The links of a thing, in either direction, accepted ones first."""
    node = iri(thing)
    query = (
        "SELECT DISTINCT ?t ?f ?s ?r { "
        f"{{ ?l kg:linkSubject {node} ; kg:linkTarget ?t }} UNION {{ ?l kg:linkTarget {node} ; kg:linkSubject ?t }} "
        "?l kg:linkStatus ?f OPTIONAL { ?l kg:score ?s } OPTIONAL { ?l kg:reason ?r } } ORDER BY ?f ?t"
    )
    found = list(rows(store, query))
    said = _said(store, [row["t"] for row in found])
    return [
        Linked(
            row["t"], _name(said[row["t"]]), local_name(row["f"]), row.get("s", ""), row.get("r", ""),
            tuple(said[row["t"]][:_SHOWN]),
        )
        for row in found
    ]  # fmt: skip


def _name(said: list[tuple[str, str]]) -> str:
    return next((value for prop, value in said if prop in ("pref label", "label", "name")), "")


def _said(store: Store, things: list[str]) -> dict[str, list[tuple[str, str]]]:
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    if not things:
        return found
    query = (
        f"SELECT ?x ?p ?v (MIN(?l) AS ?name) {{ VALUES ?x {{ {iris(sorted(set(things)))} }} ?x ?p ?v "
        "FILTER(?p NOT IN (rdf:type, kg:mention)) FILTER(!isLiteral(?v) || LANG(?v) IN ('', 'en', 'mul')) "
        "OPTIONAL { ?v rdfs:label|skos:prefLabel ?l FILTER(LANG(?l) IN ('', 'en', 'mul')) } } "
        "GROUP BY ?x ?p ?v ORDER BY ?x ?p ?v"
    )
    for row in rows(store, query):
        if "p" in row:
            found[row["x"]].append((words(row["p"]), row.get("name") or row["v"]))
    return found
