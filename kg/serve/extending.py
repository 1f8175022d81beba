"""What the store and linked datasets say of entities, by property: the Reconciliation API's data extension."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from typing import Any, cast

from kg.core.vocab import COMMON_PREFIXES, ONTOLOGY, PROJECT_PREFIXES, RDF, XSD
from kg.serve.asking import iri, rows
from kg.serve.kinds import below
from kg.serve.problems import Problem
from kg.store.opening import NamedNode, QuerySolutions, RdfLiteral, Store

_PREFIXES = {**COMMON_PREFIXES, **PROJECT_PREFIXES}
_INTEGERS = {XSD + name for name in ("integer", "int", "long", "nonNegativeInteger")}
_NUMBERS = {XSD + name for name in ("decimal", "double", "float")}
_INTERNAL = (RDF + "type", ONTOLOGY + "mention")
_SAMPLE = 500  # entities whose properties are looked at


def properties_of(store: Store, kind: str) -> list[str]:
    """The properties that entities of a class have, here or in a linked dataset, the most frequent first."""
    kinds = " ".join(iri(one) for one in below(kind))
    some = (
        f"{{ SELECT DISTINCT ?e {{ VALUES ?k {{ {kinds} }} ?e a ?k ; skos:prefLabel ?n "
        f'FILTER(!CONTAINS(STR(?e), "/article/")) }} LIMIT {_SAMPLE} }}'
    )
    found = rows(
        store,
        f"SELECT ?p (COUNT(DISTINCT ?e) AS ?n) {{ {some} {{ ?e ?p ?v }} UNION {{ ?e owl:sameAs ?o . ?o ?p ?v }} }} "
        "GROUP BY ?p ORDER BY DESC(?n) ?p",
    )
    return [row["p"] for row in found if row["p"] not in _INTERNAL]


def extended(store: Store, things: Sequence[str], properties: Iterable[str]) -> dict[tuple[str, str], list[Any]]:
    """The values of properties of things, as the API writes them; what is no IRI has none."""
    known = []
    for thing in things:
        with suppress(Problem):
            known.append(iri(thing))
    wanted = " ".join(iri(name) for name in dict.fromkeys(properties))
    query = (
        f"SELECT DISTINCT ?e ?p ?v ?l {{ VALUES ?e {{ {' '.join(known)} }} VALUES ?p {{ {wanted} }} "
        "{ ?e ?p ?v } UNION { ?e owl:sameAs ?o . ?o ?p ?v } "
        "OPTIONAL { ?v skos:prefLabel|rdfs:label ?l FILTER(LANG(?l) IN ('', 'en')) } } ORDER BY ?e ?p ?v ?l"
    )
    found: dict[tuple[str, str], list[Any]] = {}
    for solution in cast("QuerySolutions", store.query(query, prefixes=_PREFIXES)):
        value = solution["v"]
        written = _written(value, solution["l"])
        values = found.setdefault((solution["e"].value, solution["p"].value), [])
        if written is not None and all(one.get("id", written) != written.get("id") for one in values):
            values.append(written)
    return found


def _written(value: object, label: object) -> dict[str, Any] | None:
    if isinstance(value, NamedNode):
        name = label.value if isinstance(label, RdfLiteral) else value.value
        return {"id": value.value, "name": name}
    if not isinstance(value, RdfLiteral):
        return None
    kind = value.datatype.value
    with suppress(ValueError, OverflowError):
        if kind in _INTEGERS:
            return {"int": int(value.value)}
        if kind in _NUMBERS and abs(number := float(value.value)) < float("inf"):
            return {"float": number}
    if kind == XSD + "date" and len(value.value) == len("2024-03-04"):
        return {"date": f"{value.value}T00:00:00Z"}
    return {"str": value.value}
