"""What the pages ask of a store: rows of plain values, terms put into queries by the engine's own writer."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import wraps
from threading import Lock
from typing import TypeVar, cast
from weakref import WeakKeyDictionary

from kg.core.vocab import COMMON_PREFIXES, ONTOLOGY, PROJECT_PREFIXES
from kg.serve.problems import Problem
from kg.store.disk import DiskReader
from kg.store.opening import NamedNode, QuerySolutions, RdfLiteral, Store

_PREFIXES = {**COMMON_PREFIXES, **PROJECT_PREFIXES}

T = TypeVar("T")
Row = dict[str, str]
"""One solution: the text of each bound variable, whether IRI or literal."""


def kept(function: Callable[[Store], T]) -> Callable[[Store], T]:
    """The same function, asked once of each published copy, which never changes; who comes meanwhile waits for it."""
    known: WeakKeyDictionary[DiskReader, T] = WeakKeyDictionary()
    lock = Lock()

    @wraps(function)
    def asked(store: Store) -> T:
        if not isinstance(store, DiskReader):
            return function(store)
        with lock:
            if store not in known:
                known[store] = function(store)
            return known[store]

    return asked


def pairs(store: Store, query: str) -> Iterator[tuple[str, str]]:
    """The solutions of a SELECT of two variables that are always bound, quicker than ``rows``."""
    for first, second in cast("QuerySolutions", store.query(query, prefixes=_PREFIXES)):
        yield cast("NamedNode", first).value, cast("NamedNode", second).value


def rows(store: Store, query: str) -> Iterator[Row]:
    """The solutions of a SELECT; prefixes are known."""
    results = cast("QuerySolutions", store.query(query, prefixes=_PREFIXES))
    names = [variable.value for variable in results.variables]
    for solution in results:
        values = ((name, solution[name]) for name in names)
        yield {name: cast("NamedNode | RdfLiteral", term).value for name, term in values if term is not None}


def iri(text: str) -> str:
    """An IRI as SPARQL has it; Problem for what is none."""
    try:
        return str(NamedNode(text))
    except ValueError as error:
        raise Problem("bad-request", f"{text[:200]!r} is no IRI ({error})") from error


def iris(texts: Iterable[str]) -> str:
    """IRIs for a VALUES block."""
    return " ".join(iri(text) for text in texts)


def literal(text: str) -> str:
    """A plain string as SPARQL has it."""
    return str(RdfLiteral(text))


def kind_of(store: Store, thing: str) -> str:
    """The page that shows a thing: "article", "event" or "entity"; Problem where the store knows nothing of it."""
    node = iri(thing)
    if not any(True for _ in rows(store, f"SELECT ?p {{ {node} ?p ?o }} LIMIT 1")):
        raise Problem("not-found", f"the store says nothing about {thing[:200]}")
    for kind, pattern in (("article", "a kg:Article"), ("event", "kg:eventType ?t")):
        if store.query(f"ASK {{ {node} {pattern} }}", prefixes={"kg": ONTOLOGY}):
            return kind
    return "entity"
