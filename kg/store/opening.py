"""Stores: a folder, memory, or any SPARQL 1.1 endpoint behind one Protocol.

``open_store(location, mode=…)`` gives a ``Store``: ``:memory:``, ``http(s)://…`` (an endpoint) or a folder. Graphs go
in and out as N-Triples, queries see the merge of the graphs. Terms and results are the embedded engine's own, named
here so that nobody else names the engine: results of SELECT are ``QuerySolutions``, of ASK ``QueryBoolean``, of
CONSTRUCT and DESCRIBE ``Triples``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO, Literal, Protocol, Self

from pyoxigraph import (
    BlankNode,
    DefaultGraph,
    NamedNode,
    Quad,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolution,
    QuerySolutions,
    QueryTriples,
    RdfFormat,
    Triple,
    Variable,
    parse,
    parse_query_results,
    serialize,
)
from pyoxigraph import Literal as RdfLiteral
from pyoxigraph import Store as _Database

from kg.core.errors import StoreError
from kg.core.iris import is_address
from kg.store.engine import EngineStore, Results, Term, Triples, checked_base

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from types import TracebackType

__all__ = [
    "BlankNode",
    "DefaultGraph",
    "NamedNode",
    "Quad",
    "QueryBoolean",
    "QueryResultsFormat",
    "QuerySolution",
    "QuerySolutions",
    "QueryTriples",
    "RdfFormat",
    "RdfLiteral",
    "Results",
    "Store",
    "Term",
    "Triple",
    "Triples",
    "Variable",
    "open_store",
    "parse",
    "parse_query_results",
    "serialize",
]


class Store(Protocol):
    """What every store can do; a context manager that closes it. Errors are StoreError and QueryError."""

    location: str
    remote: bool  # whether another program answers, over HTTP: no query can be looked into on its way
    base: str  # IRIs of the data begin with it; remembered by the store

    def replace(self, graph: str, ntriples: bytes) -> None:
        """Put ``ntriples`` in the place of what ``graph`` (an IRI) holds: whole or not at all."""
        ...

    def replace_many(self, graphs: Mapping[str, bytes], *, later: bool = False) -> None:
        """Replace several graphs, each whole or not at all; the cheap way for a batch.

        ``later``: readers of a folder may get to see them with later ones, at the latest by ``settle`` or ``close``.
        """
        ...

    def settle(self) -> None:
        """The end of a load: readers see all of it, and a folder's tables are put in order where much is new."""
        ...

    def bulk(self, nquads: bytes) -> bool:
        """Add quads of new graphs from lines of N-Quads as fast as can be, in no transaction; False where it cannot."""
        ...

    def drop(self, graph: str) -> bool:
        """Drop a graph; False where there was none."""
        ...

    def graphs(self) -> list[str]:
        """The IRIs of the named graphs that hold something, sorted."""
        ...

    def graph_bytes(self, graph: str) -> bytes:
        """One graph as sorted canonical N-Triples; empty where there is no such graph."""
        ...

    def dump(self, output: BinaryIO) -> None:
        """Write the whole dataset as N-Quads, in no order, without holding it in memory."""
        ...

    def query(
        self,
        sparql: str,
        *,
        prefixes: Mapping[str, str] | None = None,
        timeout: float | None = None,
    ) -> Results:
        """Run a query over the merge of the graphs; QueryError where it cannot be parsed.

        ``timeout`` in seconds ends a request to an endpoint; the embedded engine cannot be interrupted.
        """
        ...

    def update(self, sparql: str, *, prefixes: Mapping[str, str] | None = None) -> None:
        """Run a SPARQL update request: one transaction on the embedded engine, one request to an endpoint."""
        ...

    def added_files(self) -> Mapping[str, Mapping[str, str]]:
        """Name and digest of the ontology and shapes files that a person added, for "ontology" and for "shapes".

        Only a store in a folder remembers them, elsewhere there are none.
        """
        ...

    def remember_added(self, added: Mapping[str, Mapping[str, str]]) -> None:
        """Remember these files in the place of those remembered before; nothing where stores remember none."""
        ...

    def changed_by_hand(self, graphs: Iterable[str]) -> set[str]:
        """Those of the graphs that an update has changed since they were read from articles, where that is known."""
        ...

    def unmake(self) -> None:
        """Take back a store that this opening has made and that holds nothing; do nothing to any other."""
        ...

    def copy(self) -> EngineStore:
        """An independent embedded copy that may be changed and thrown away."""
        ...

    def close(self) -> None:
        """Let go of the store."""
        ...

    def __enter__(self) -> Self: ...
    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...


def open_store(
    location: str, *, mode: Literal["read", "write"], base: str | None = None, wait: float = 0, sync: bool = False
) -> Store:
    """Open the store at ``location``: ``:memory:``, an ``http(s)://`` endpoint, or a folder.

    ``read`` sees the last published state of a folder, beside any writer; ``write`` makes a folder that is not there,
    and raises StoreInUseError where another process writes it, after ``wait`` seconds. ``base`` is remembered by a
    new store; StoreError where a store that holds something remembers another. ``sync`` makes each publication of a
    folder wait until it is on the disk. StoreDamagedError where a folder is not whole.
    """
    if location == ":memory:":
        return EngineStore(_Database(), location, checked_base(base))
    if is_address(location):
        from kg.store.endpoint import EndpointStore

        return EndpointStore(location, base)
    if "://" in location:
        raise StoreError(f"{location} is no store: name a folder, :memory: or an endpoint at http:// or https://")
    from kg.store.disk import DiskReader, DiskWriter

    try:
        return DiskReader(location, base) if mode == "read" else DiskWriter(location, base, wait, sync=sync)
    except NotADirectoryError as error:
        raise StoreError(f"{location} is a file, and a store is a folder: name another with --store") from error
    except OSError as error:
        raise StoreError(f"store {location} cannot be opened: {error.strerror or error}") from error
