"""``sh:sparql``: constraints that are a query, run by the store's engine over the same data.

The place of this package that names pyoxigraph.
"""

from __future__ import annotations

import itertools
import re
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import pyoxigraph as ox

from kg.graph.shacl.paths import NotCompiledError
from kg.graph.shacl.terms import FALSE, RDF, RDFS, SH, TRUE, UnsureError, is_blank, is_iri, is_literal, parts, text_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.graph.shacl.data import Data

_NOT_HERE = re.compile(
    r"[$?](?:PATH|shapesGraph|currentShape|failure)\b|\b(?:MINUS|VALUES|SERVICE|GRAPH|FROM)\b", re.IGNORECASE
)
_RENEWED = 50  # graphs after which the engine's store is made anew
_STANDARD = {"rdf": RDF, "rdfs": RDFS, "owl": "http://www.w3.org/2002/07/owl#"}


class Engine:
    """The store's engine with what goes beside all data; a graph that is checked is in it while it is asked about."""

    def __init__(self, beside: bytes = b"") -> None:
        self._beside, self._numbers = beside, itertools.count()
        self._store = self._fresh()

    def _fresh(self) -> ox.Store:
        store = ox.Store()
        store.load(self._beside, ox.RdfFormat.N_TRIPLES)
        return store

    @contextmanager
    def holding(self, ntriples: bytes) -> Iterator[Database]:
        """The data for queries; they are read when the first query is asked, and gone afterwards."""
        number = next(self._numbers)
        if number % _RENEWED == _RENEWED - 1:  # what is removed from a store in memory leaves something behind
            self._store = self._fresh()
        database = Database(self._store, ntriples, ox.NamedNode(f"urn:checked:{number}"))
        try:
            yield database
        finally:
            database.store.remove_graph(database.graph)


@dataclass(slots=True)
class Database:
    """The data once more, in a graph of the engine."""

    store: ox.Store
    ntriples: bytes
    graph: ox.NamedNode
    loaded: bool = False

    def ask(self, text: str, prefixes: dict[str, str], focus: str) -> ox.QuerySolutions:
        """The solutions with ``$this`` bound to the focus node; UnsureError for a blank one."""
        if not self.loaded:
            self.loaded = True
            self.store.load(self.ntriples, ox.RdfFormat.N_TRIPLES, to_graph=self.graph)
        this: dict[ox.Variable, ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple] = {
            ox.Variable("this"): _term(focus)
        }
        both: list[ox.NamedNode | ox.BlankNode | ox.DefaultGraph] = [ox.DefaultGraph(), self.graph]
        answer = self.store.query(text, prefixes=prefixes, substitutions=this, default_graph=both)
        return cast("ox.QuerySolutions", answer)


@dataclass(frozen=True, slots=True)
class Found:
    """A solution: what it says of focus, path and value, and the messages with its values in them."""

    this: str | None
    path: str | None
    value: str | None
    messages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Query:
    """A constraint's query with its prefixes and messages."""

    text: str
    prefixes: dict[str, str]
    messages: tuple[str, ...]

    def solutions(self, focus: str, database: Database) -> Iterator[Found]:
        """What the query finds with ``$this`` bound to the focus node; UnsureError for a blank one."""
        answer = database.ask(self.text, self.prefixes, focus)
        names = [variable.value for variable in answer.variables]
        seen = set()
        for solution in answer:
            row = {name: str(solution[name]) for name in names if solution[name] is not None}
            found = Found(row.get("this"), row.get("path"), row.get("value"), self._told(row))
            if found not in seen and (found.this or found.path or found.value):
                seen.add(found)
                yield found

    def _told(self, row: dict[str, str]) -> tuple[str, ...]:
        """The messages, ``{?x}`` and ``{$x}`` as what x is bound to."""
        told = []
        for message in self.messages:
            text = message
            for name, term in row.items():
                shown = text_of(term).replace("\\", "\\\\")  # re.sub reads escapes in it
                text = re.sub(r"\{[?$]" + re.escape(name) + r"\}", shown, text)
            told.append(text)
        return tuple(told)


def compiled_query(shapes: Data, constraint: str) -> Query | None:
    """The query of a ``sh:SPARQLConstraint``, None for one put out of action; NotCompiledError for what is odd."""
    (deactivated, *more) = shapes.objects(constraint, SH.deactivated) or [FALSE]
    if more or deactivated not in (TRUE, FALSE):
        raise NotCompiledError("sh:deactivated of a query")
    selects, messages = shapes.objects(constraint, SH.select), shapes.objects(constraint, SH.message)
    if len(selects) != 1 or not all(map(is_literal, [*selects, *messages])):
        raise NotCompiledError("sh:sparql without one sh:select")
    text = text_of(selects[0])
    if _NOT_HERE.search(text) or len(re.findall(r"\bSELECT\b", text, re.IGNORECASE)) != 1:
        raise NotCompiledError("a query with PATH, VALUES, MINUS, SERVICE, GRAPH, FROM or a query inside")
    query = Query(text, _prefixes(shapes, constraint), tuple(sorted(map(text_of, messages))))
    try:
        with Engine().holding(b"") as database:
            database.ask(query.text, query.prefixes, "<urn:x>")
    except (SyntaxError, ValueError, RuntimeError) as error:
        raise NotCompiledError(f"a query that is none: {error}") from error
    return query


def _prefixes(shapes: Data, constraint: str) -> dict[str, str]:
    prefixes = dict(_STANDARD)
    for owner in shapes.objects(constraint, SH.prefixes):
        for declared in shapes.objects(owner, SH.declare):
            names, namespaces = shapes.objects(declared, SH.prefix), shapes.objects(declared, SH.namespace)
            if len(names) != 1 or len(namespaces) != 1 or not is_literal(names[0]) or not is_literal(namespaces[0]):
                raise NotCompiledError("an odd sh:declare")
            prefixes[text_of(names[0])] = text_of(namespaces[0])
    return prefixes


def _term(term: str) -> ox.NamedNode | ox.Literal:
    if is_blank(term):
        raise UnsureError("a query about a blank node")
    if is_iri(term):
        return ox.NamedNode(term[1:-1])
    lexical, datatype, language = parts(term)
    return ox.Literal(lexical, language=language) if language else ox.Literal(lexical, datatype=ox.NamedNode(datatype))
