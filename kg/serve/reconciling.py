"""Which entities of the store a name of somebody's table may mean: the matching behind the Reconciliation API.

A score runs from 0 to 100: how the names meet (``kg.linking.names``, then how near they are letter by letter), less
where a type or a property speaks against it. One candidate is a match where its name is the same, nothing speaks
against it, and no other comes near.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

from kg.core.names import fold
from kg.linking.names import Kind, is_acronym, keys_of, meet, nearest
from kg.serve.asking import iri, iris, literal, rows
from kg.serve.known import Everybody, Known
from kg.serve.problems import Problem
from kg.store.opening import Store

_BY_KIND = {Kind.EXACT: 100.0, Kind.SPELLING: 92.0, Kind.ALIKE: 85.0, Kind.ACRONYM: 75.0}
_OTHER_NAME = 4.0  # less for a name that is not the preferred one
_NEAR = 70.0  # of 100: letters alike, below which names are not compared further
_LETTERS = 0.8  # of the nearness of letters counts
_WRONG_TYPE, _WRONG_VALUE, _RIGHT_VALUE = 25.0, 15.0, 5.0
_MATCH, _AHEAD = 90.0, 10.0  # score of a match, and how far the next one must stay behind
_FUZZY = 50  # candidates by letters


@dataclass(frozen=True, slots=True)
class Asked:
    """One question of a table: a name (empty: properties alone), classes, and values of properties (by their IRIs)."""

    name: str
    types: tuple[str, ...] = ()
    strict: bool = False  # whether other types are left out rather than scored down
    properties: tuple[tuple[str, tuple[str, ...]], ...] = ()
    limit: int = 10


@dataclass(frozen=True, slots=True)
class Candidate:
    """One answer, with what its score is made of."""

    entity: Known
    score: float
    match: bool = False
    right_type: bool = True
    right_values: int = 0
    wrong_values: int = 0


def candidates(store: Store, all_of_them: Everybody, asked: Asked) -> list[Candidate]:
    """The candidates for a question, best first; those that are told of more often before others."""
    scored = _by_name(all_of_them, asked.name) if asked.name else _by_values(store, all_of_them, asked)
    known = _values(store, [one.iri for one, _ in scored], [name for name, _ in asked.properties])
    found = []
    for entity, by_name in scored:
        right_type = not asked.types or any(entity.is_a(kind) for kind in asked.types)
        if asked.strict and not right_type:
            continue
        right, wrong = _agreement(entity, asked, known)
        score = by_name - _WRONG_TYPE * (not right_type) - _WRONG_VALUE * wrong + _RIGHT_VALUE * right
        found.append(Candidate(entity, round(min(100.0, max(0.0, score)), 1), False, right_type, right, wrong))
    found.sort(key=lambda one: (-one.score, -one.entity.articles, one.entity.iri))
    return _decided(found, asked)[: asked.limit]


def _by_name(all_of_them: Everybody, name: str) -> list[tuple[Known, float]]:
    best: dict[str, tuple[Known, float]] = {}

    def put(entity: Known, score: float) -> None:
        if entity.iri not in best or best[entity.iri][1] < score:
            best[entity.iri] = (entity, score)

    for key in keys_of(name):
        for entity, theirs in all_of_them.by_key.get(key, ()):
            if meet(key[0], name, theirs):
                put(entity, _BY_KIND[key[0]] - _OTHER_NAME * (theirs != entity.name))
    names = [form for form, _ in all_of_them.folded]
    for place, nearness in nearest(fold(name), names, _NEAR, _FUZZY):
        put(all_of_them.folded[place][1], nearness * _LETTERS)
    return list(best.values())


def _by_values(store: Store, all_of_them: Everybody, asked: Asked) -> list[tuple[Known, float]]:
    """Who has all the values, where no name is asked for."""
    patterns = []
    for number, (name, values) in enumerate(asked.properties):
        terms = " ".join(term for value in values for term in _terms(value))
        patterns.append(f"VALUES ?v{number} {{ {terms} }} ?e {iri(name)} ?v{number} .")
    if not patterns:
        return []
    found = rows(store, f"SELECT DISTINCT ?e {{ {' '.join(patterns)} }} LIMIT 1000")
    return [(all_of_them.by_iri[row["e"]], 80.0) for row in found if row["e"] in all_of_them.by_iri]


def _terms(value: str) -> Iterable[str]:
    yield literal(value)
    if ":" in value and " " not in value:
        with suppress(Problem):
            yield iri(value)


def _values(store: Store, entities: Sequence[str], properties: Sequence[str]) -> Mapping[tuple[str, str], set[str]]:
    """The values and their names, in normal form, of properties of entities."""
    found: dict[tuple[str, str], set[str]] = {}
    if not entities or not properties:
        return found
    query = (
        f"SELECT ?e ?p ?v ?l {{ VALUES ?e {{ {iris(entities)} }} VALUES ?p {{ {iris(properties)} }} ?e ?p ?v "
        "OPTIONAL { ?v skos:prefLabel|rdfs:label ?l } }"
    )
    for row in rows(store, query):
        found.setdefault((row["e"], row["p"]), set()).update({row["v"], fold(row["v"]), fold(row.get("l", row["v"]))})
    return found


def _agreement(entity: Known, asked: Asked, known: Mapping[tuple[str, str], set[str]]) -> tuple[int, int]:
    """How many of the properties asked for have one of the values, and how many have others alone."""
    right = wrong = 0
    for name, values in asked.properties:
        if there := known.get((entity.iri, name)):
            fits = any(value in there or fold(value) in there for value in values)
            right, wrong = right + fits, wrong + (not fits)
    return right, wrong


def _decided(found: list[Candidate], asked: Asked) -> list[Candidate]:
    """The best one as a match, where it is one."""
    if not found or (asked.name and is_acronym(asked.name)):
        return found
    best, second = found[0], found[1].score if len(found) > 1 else 0.0
    sure = best.score >= _MATCH and best.right_type and not best.wrong_values and second <= best.score - _AHEAD
    return [replace(best, match=True), *found[1:]] if sure else found
