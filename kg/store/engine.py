"""The embedded SPARQL engine: what the store in memory and the store on disk have in common.

Takes N-Triples and SPARQL, gives N-Triples and the engine's own result objects (re-exported by ``kg.store``), so that
a million rows cost no conversion. Beside its siblings ``kg.store*`` this is the only place that names pyoxigraph.
"""

from __future__ import annotations

import io
from typing import IO, TYPE_CHECKING, BinaryIO, cast

import pyoxigraph as ox

from kg.core.errors import KgError, QueryError, StoreError
from kg.core.vocab import DEFAULT_BASE
from kg.store.folder import damaged
from kg.store.merged import around, kept, merged
from kg.store.plain import PlainStore
from kg.store.quads import triple_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

_BLOCK = 2000  # triples

Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple


class ParsedTriples:
    """Triples read from a stream: what the engine's QueryTriples are, for CONSTRUCT results of an endpoint."""

    def __init__(self, parser: ox.QuadParser) -> None:
        self._parser = parser

    def __iter__(self) -> Iterator[ox.Triple]:
        return self

    def __next__(self) -> ox.Triple:
        try:
            quad: ox.Quad = next(self._parser)
        except (SyntaxError, OSError) as error:
            raise StoreError(f"the endpoint's answer ends or breaks half way ({error}): try again") from error
        return quad.triple

    def serialize(
        self,
        output: BinaryIO | None = None,
        format: ox.RdfFormat | None = None,  # noqa: A002 - the engine's own name
        *,
        prefixes: dict[str, str] | None = None,
        base_iri: str | None = None,
    ) -> bytes | None:
        """Write all triples to ``output``, or return the bytes."""
        return ox.serialize(self, output, format, prefixes=prefixes, base_iri=base_iri)


Triples = ox.QueryTriples | ParsedTriples
Results = ox.QuerySolutions | ox.QueryBoolean | Triples


def checked_base(base: str | None) -> str:
    """The base to mint IRIs under, or StoreError: an absolute IRI that ends in ``/`` and holds no graph's path."""
    base = DEFAULT_BASE if base is None else base
    try:
        ox.NamedNode(base)
    except ValueError as error:
        raise StoreError(f"base {base!r} is not an IRI ({error}): give one like {DEFAULT_BASE}") from error
    if ":" not in base or not base.endswith("/"):
        raise StoreError(f"base {base!r} does not serve: give an absolute IRI that ends in '/', like {DEFAULT_BASE}")
    if "/article/" in base or "/graph/" in base:
        raise StoreError(f"base {base!r} holds '/article/' or '/graph/', which name what lies below a base: shorten it")
    return base


def same_base(where: str, remembered: str, asked: str | None) -> str:
    """The base a store remembers; StoreError where another one is asked for."""
    if asked is not None and asked != remembered:
        raise StoreError(
            f"store {where} holds data under base {remembered}, not {asked}: leave --base out, or use another store"
        )
    return remembered


def graph_name(iri: str) -> ox.NamedNode:
    """The term for a graph's IRI; StoreError where it is none (it is pasted into updates, so nothing else may pass)."""
    try:
        return ox.NamedNode(iri)
    except ValueError as error:
        raise StoreError(f"graph name {iri!r} is not an IRI: {error}") from error


def is_damage(error: BaseException) -> bool:
    """Whether the engine complains of files that are broken or gone (it has no class of its own for that)."""
    words = str(error)
    return "Corruption" in words or ("IO error" in words and "No such file" in words)


def canonical_triples(ntriples: bytes, graph: str) -> bytes:
    """Canonical N-Triples (RDF 1.2 N-Triples §4), sorted and without doubles; StoreError where the input is broken."""
    try:
        triples = {quad.triple for quad in ox.parse(ntriples, ox.RdfFormat.N_TRIPLES)}
    except SyntaxError as error:
        raise _broken(graph, error) from error
    lines = ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES) or b""
    return b"".join(sorted(lines.splitlines(keepends=True)))


def _broken(graph: str, error: SyntaxError) -> StoreError:
    return StoreError(f"graph {graph} was not stored, its N-Triples are broken: {error}")


def replacement(graph: str, ntriples: bytes) -> str:
    r"""One SPARQL update request that puts ``ntriples`` in the place of what ``graph`` holds.

    Canonical N-Triples are SPARQL triples as they stand: their only ``\u`` escapes are of control characters, so
    that SPARQL's early decoding of escapes (SPARQL 1.1 §19.2) cannot end a string. They come in blocks, since
    Virtuoso's parser takes no more than some 5000 triples in one; together they are one operation.
    """
    graph_name(graph)
    lines = canonical_triples(ntriples, graph).decode().splitlines(keepends=True)
    drop = f"DROP SILENT GRAPH <{graph}>"
    blocks = ("".join(lines[start : start + _BLOCK]) for start in range(0, len(lines), _BLOCK))
    body = "".join(f"GRAPH <{graph}> {{\n{block}}}\n" for block in blocks)
    return f"{drop} ;\nINSERT DATA {{ {body}}}" if body else drop


def _complain(sparql: str, prefixes: dict[str, str]) -> None:
    """Raise the engine's complaint about a request that it cannot parse, placed as the request was written."""
    try:
        ox.Store().update(sparql, prefixes=prefixes)
    except (SyntaxError, RuntimeError) as error:
        raise QueryError(str(error)) from error


class _Named(io.RawIOBase):
    """An output that puts a graph's name behind each N-Triples line, none of which has a line end within."""

    def __init__(self, output: BinaryIO, graph: str) -> None:
        self._output = output
        self._end = f" <{graph}> .\n".encode()
        self._rest = b""

    def writable(self) -> bool:
        """Always."""
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override]
        """Pass whole lines on, with the name."""
        lines, end, self._rest = (self._rest + bytes(data)).rpartition(b"\n")
        self._output.write((lines + end).replace(b" .\n", self._end))
        return len(data)


class EngineStore(PlainStore):
    """A dataset in the embedded engine; by itself the store ``:memory:``."""

    remote = False

    def __init__(self, database: ox.Store, location: str, base: str) -> None:
        self._database: ox.Store | None = database
        self.location = location
        self.base = base

    @property
    def database(self) -> ox.Store:
        """The open database; StoreError after ``close``."""
        if self._database is None:
            raise StoreError(f"store {self.location} is closed")
        return self._database

    @property
    def own_graph(self) -> str:
        """The graph of what an update says without GRAPH."""
        return f"{self.base}graph/default"

    def replace(self, graph: str, ntriples: bytes) -> None:
        """Put ``ntriples`` in the place of what ``graph`` holds: whole or not at all."""
        self.replace_many({graph: ntriples})

    def replace_many(self, graphs: Mapping[str, bytes], *, later: bool = False) -> None:  # noqa: ARG002
        """Replace several graphs, each whole or not at all; readers get to see them together."""
        for graph, ntriples in graphs.items():
            if self._holds(graph):
                self._change(graph, canonical_triples(ntriples, graph))
            else:
                self._put_new(graph, ntriples)

    def drop(self, graph: str) -> bool:
        """Drop a graph; False where there was none."""
        there = self._holds(graph)
        self._run(around(f"DROP SILENT GRAPH <{graph}>", [graph]))
        return there

    def graphs(self) -> list[str]:
        """The IRIs of the named graphs that hold something, sorted."""
        query = "SELECT DISTINCT ?g WHERE { GRAPH ?g { } FILTER EXISTS { GRAPH ?g { ?s ?p ?o } } }"
        return sorted(row["g"].value for row in self.database.query(query))  # type: ignore[union-attr]

    def graph_bytes(self, graph: str) -> bytes:
        """One graph as sorted canonical N-Triples; empty where there is no such graph."""
        lines = self.database.dump(format=ox.RdfFormat.N_TRIPLES, from_graph=graph_name(graph)) or b""
        return b"".join(sorted(lines.splitlines(keepends=True)))

    def dump(self, output: BinaryIO) -> None:
        """Write the named graphs as N-Quads, unsorted, without holding them in memory."""
        try:
            for graph in self.graphs():
                quads = _Named(output, graph)
                self.database.dump(cast("IO[bytes]", quads), ox.RdfFormat.N_TRIPLES, from_graph=ox.NamedNode(graph))
        except OSError as error:
            raise StoreError(f"store {self.location} could not be written out: {error}") from error

    def query(
        self,
        sparql: str,
        *,
        prefixes: Mapping[str, str] | None = None,
        timeout: float | None = None,  # noqa: ARG002 - the engine cannot be interrupted
    ) -> Results:
        """Run a query over the merge of the graphs.

        ``prefixes`` are known without declaring. The engine cannot be interrupted: ``timeout`` (seconds) is for
        endpoints, a caller who must stop runs this in a process that may be killed. QueryError for a query that
        cannot be parsed (its cause is the engine's SyntaxError), StoreError for a store that cannot be read. Results
        hold the store open until they are used up or gone.
        """
        try:
            return self.database.query(sparql, prefixes=dict(prefixes or {}))
        except (SyntaxError, RuntimeError, OSError, ValueError) as error:
            raise self.failure(error) from error

    def failure(self, error: Exception) -> KgError:
        """What the engine could not do, as an error of ours."""
        if is_damage(error):
            return damaged(self.location, " ".join(str(error).split())[:200])
        if isinstance(error, OSError):
            return StoreError(f"store {self.location} could not be read: {error}")
        if isinstance(error, UnicodeEncodeError):
            return QueryError("half a surrogate pair or bytes that are no UTF-8 in the query: write it in UTF-8")
        return QueryError(str(error))

    def update(self, sparql: str, *, prefixes: Mapping[str, str] | None = None) -> None:
        """Run a SPARQL update request as one transaction: all of it or nothing.

        What it says of the default graph holds for the graph ``BASE graph/default``.
        """
        prefixes = dict(prefixes or {})
        try:
            self._run(kept(sparql, self.own_graph, prefixes), prefixes)
        except QueryError as error:
            if isinstance(error.__cause__, SyntaxError):
                _complain(sparql, prefixes)
            raise

    def fill(self, quads: Iterable[ox.Quad]) -> None:
        """Put quads into an empty store, fast and not in a transaction."""
        self.database.bulk_extend(merged(quads, self.own_graph))

    def bulk(self, nquads: bytes) -> bool:
        """Add the quads of lines of N-Quads of new graphs by the engine's bulk loader, and to the merge; always True.

        Not a transaction: for a store that is thrown away where this fails.
        """
        try:
            # In one go: each sorts its quads and writes the strings in them.
            both = b"".join(line + triple_line(line) for line in nquads.splitlines(keepends=True))
            self.database.bulk_load(both, ox.RdfFormat.N_QUADS)
        except SyntaxError as error:
            raise StoreError(f"store {self.location}: broken N-Quads: {error}") from error
        except (OSError, RuntimeError) as error:
            raise self._unwritten(error) from error
        return True

    def compact(self) -> None:
        """Put the files of the database in order: what was loaded in many parts is found as fast as if in one."""
        try:
            self.database.optimize()
        except (OSError, RuntimeError) as error:
            raise self._unwritten(error) from error

    def copy(self) -> EngineStore:
        """An independent copy that may be changed and thrown away."""
        copy = ox.Store()
        copy.bulk_extend(iter(self.database))
        return EngineStore(copy, f"a copy of {self.location}", self.base)

    def close(self) -> None:
        """Let go of the database; closing twice is fine."""
        self._database = None  # pyoxigraph closes a store when its last reference goes

    def _holds(self, graph: str) -> bool:
        return next(self.database.quads_for_pattern(None, None, None, graph_name(graph)), None) is not None

    def _change(self, graph: str, ntriples: bytes) -> None:
        """Turn a graph into another, in one transaction that writes only what differs."""
        old, new = (set(lines.splitlines(keepends=True)) for lines in (self.graph_bytes(graph), ntriples))
        gone, come = b"".join(old - new), b"".join(sorted(new - old)).decode()
        if not new or b"_:" in gone:  # an empty graph is none; and a blank node has no name to delete it by
            self._run(around(replacement(graph, ntriples), [graph]))
        elif old != new:
            only_here = [quad.triple for quad in ox.parse(gone, ox.RdfFormat.N_TRIPLES) if self._only_in(graph, quad)]
            lines = (ox.serialize(only_here, format=ox.RdfFormat.N_TRIPLES) or b"").decode()
            self._run(
                f"DELETE DATA {{ {lines} GRAPH <{graph}> {{ {gone.decode()} }} }} ;\n"
                f"INSERT DATA {{ {come} GRAPH <{graph}> {{ {come} }} }}"
            )

    def _only_in(self, graph: str, quad: ox.Quad) -> bool:
        """Whether no other graph holds a quad's triple; the merge is none."""
        found = self.database.quads_for_pattern(quad.subject, quad.predicate, quad.object, None)
        return all(q.graph_name == ox.DefaultGraph() or q.graph_name == ox.NamedNode(graph) for q in found)

    def _put_new(self, graph: str, ntriples: bytes) -> None:
        """Put triples into an empty graph, in one transaction: in half the time of an update, which is parsed twice."""
        name = graph_name(graph)
        try:
            quads = [
                ox.Quad(q.subject, q.predicate, q.object, name) for q in ox.parse(ntriples, ox.RdfFormat.N_TRIPLES)
            ]
            self.database.extend(merged(quads, self.own_graph))
        except SyntaxError as error:
            raise _broken(graph, error) from error
        except (OSError, RuntimeError) as error:
            raise self._unwritten(error) from error

    def _run(self, sparql: str, prefixes: Mapping[str, str] | None = None) -> None:
        try:
            self.database.update(sparql, prefixes=dict(prefixes or {}))
        except OSError as error:
            raise self._unwritten(error) from error
        except (SyntaxError, RuntimeError, ValueError) as error:  # RuntimeError: what fails, such as CREATE twice
            raise self.failure(error) from error

    def _unwritten(self, error: Exception) -> StoreError:
        if is_damage(error):
            return damaged(self.location, " ".join(str(error).split())[:200])
        return StoreError(f"store {self.location} could not be written, nothing was changed: {error}")
