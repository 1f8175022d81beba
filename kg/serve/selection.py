"""Events chosen and counted for the pages: from what is held of a published copy, else by SPARQL.

An endpoint publishes nothing that could be held, and may hold more than a memory does: it is asked. Both ways give the
same (tests/serve/test_held.py).
"""

from __future__ import annotations

from collections.abc import Sequence

from kg.serve.asking import literal, rows
from kg.serve.chosen import Choice
from kg.serve.held import held
from kg.store.opening import Store


def latest(store: Store, choice: Choice, limit: int) -> list[str]:
    """IRIs of the chosen events that have a day, the latest first."""
    if (events := held(store)) is not None:
        return events.latest(choice, limit)
    query = (
        f"SELECT DISTINCT ?e ?from {{ {choice.pattern()} ?e kg:time ?time . ?time kg:earliestBegin ?from }} "
        f"ORDER BY DESC(STR(?from)) ?e LIMIT {limit}"
    )
    return [row["e"] for row in rows(store, query)]


def worded(store: Store, choice: Choice, words: Sequence[str], skip: int, limit: int) -> list[str]:
    """IRIs of the chosen events whose label holds all words (in small letters), the newest first."""
    if (events := held(store)) is not None:
        return events.worded(choice, words, skip, limit)
    query = (
        f"SELECT DISTINCT ?e ?b {{ {choice.pattern()} ?e kg:eventType ?t ; rdfs:label ?l {containing(words, '?l')} "
        f"OPTIONAL {{ ?e kg:time/kg:earliestBegin ?b }} }} ORDER BY DESC(STR(?b)) ?e LIMIT {limit} OFFSET {skip}"
    )
    return [row["e"] for row in rows(store, query)]


def containing(words: Sequence[str], variable: str) -> str:
    """Filters: every word, in small letters, stands in the variable."""
    return " ".join(f"FILTER(CONTAINS(LCASE(STR({variable})), {literal(word)}))" for word in words)


def count_of(
    store: Store, role: str, choice: Choice, *, named: bool = False, limit: int | None = None
) -> list[tuple[str, int]]:
    """Who or what fills a role (``place``, ``agent``) in how many of the chosen events, most first.

    ``named`` leaves out those that are known in one article only.
    """
    if (events := held(store)) is not None:
        return events.count_of(role, choice, named=named)[:limit]
    only = 'FILTER(!CONTAINS(STR(?x), "#"))' if named else ""
    count = "COUNT(DISTINCT ?e)" if choice.who else "COUNT(*)"  # who may have two roles
    query = (
        f"SELECT ?x ({count} AS ?n) {{ {choice.pattern()} ?e kg:{role} ?x {only} }} GROUP BY ?x ORDER BY DESC(?n) ?x "
        f"{f'LIMIT {limit}' if limit else ''}"
    )
    return [(row["x"], int(row["n"])) for row in rows(store, query) if "x" in row]


def count_of_kinds(store: Store) -> dict[str, int]:
    """How many events there are of each type."""
    if (events := held(store)) is not None:
        return events.count_of_kinds()
    query = "SELECT ?t (COUNT(*) AS ?n) { ?e kg:eventType ?t } GROUP BY ?t"
    return {row["t"]: int(row["n"]) for row in rows(store, query) if "t" in row}


def count_of_months(store: Store, limit: int) -> list[tuple[str, int]]:
    """How many events begin in each month, the latest months first."""
    if (events := held(store)) is not None:
        return sorted(events.count_of_months().items(), reverse=True)[:limit]
    query = (
        "SELECT ?m (COUNT(*) AS ?n) { ?e kg:eventType ?t ; kg:time/kg:earliestBegin ?d "
        f"BIND(SUBSTR(STR(?d), 1, 7) AS ?m) }} GROUP BY ?m ORDER BY DESC(?m) LIMIT {limit}"
    )
    return [(row["m"], int(row["n"])) for row in rows(store, query) if row.get("m")]


def ties(store: Store, choice: Choice, limit: int, *, unnamed: bool) -> list[tuple[str, str, int, tuple[str, ...]]]:
    """Agent, patient, in how many of the chosen events, of which types; most events first."""
    if (events := held(store)) is not None:
        return events.ties(choice, limit, unnamed=unnamed)
    named = "" if unnamed else 'FILTER(!CONTAINS(STR(?a), "#") && !CONTAINS(STR(?p), "#"))'
    acts = f"{choice.pattern()} ?e kg:agent ?a ; kg:patient ?p . {named} FILTER(?a != ?p)"
    query = f"SELECT ?a ?p (COUNT(DISTINCT ?e) AS ?n) {{ {acts} }} GROUP BY ?a ?p ORDER BY DESC(?n) ?a ?p LIMIT {limit}"
    found = [(row["a"], row["p"], int(row["n"])) for row in rows(store, query) if "a" in row]
    if not found:
        return []
    values = " ".join(f"(<{a}> <{p}>)" for a, p, _ in found)
    kinds: dict[tuple[str, str], set[str]] = {}
    for row in rows(store, f"SELECT DISTINCT ?a ?p ?t {{ VALUES (?a ?p) {{ {values} }} {acts} ?e kg:eventType ?t }}"):
        kinds.setdefault((row["a"], row["p"]), set()).add(row["t"])
    return [(a, p, n, tuple(sorted(kinds.get((a, p), ())))) for a, p, n in found]
