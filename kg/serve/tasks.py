"""What the processes behind the server do: answer SPARQL, change the store. Each task is a name and plain values.

Runs in a worker of ``workers``: what it writes goes to a file that the server sends when all of it is there, so that a
mistake is told with its status, and a slow reader keeps nobody busy.
"""

from __future__ import annotations

import os
import resource
import tempfile
from collections.abc import Callable, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, BinaryIO, Literal, cast

from kg.core.budgets import SERVE_ANSWER_BYTES, SERVE_MEGABYTES
from kg.core.errors import KgError, StoreError
from kg.serve.dataset import asked_of, changed_in
from kg.serve.negotiate import GRAPHS, SOLUTIONS, chosen
from kg.serve.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.serve.following import Follower
    from kg.store.opening import Store
    from kg.store.sparql.federation import ServicePolicy

_MEGABYTE = 2**20


@dataclass(frozen=True, slots=True)
class Reply:
    """What a task gives: a media type and how many bytes its file holds (nothing: a status alone), or plain values."""

    media: str = ""
    size: int = 0
    status: int = 200
    values: Any = None


@dataclass(frozen=True, slots=True)
class Desk:
    """What a worker has at hand."""

    location: str
    follower: Follower
    policy: ServicePolicy
    queries: tuple[Path, ...] = ()


def limit_memory(*, lifted: bool = False) -> None:
    """Bound this process's memory, where the system can, so that one question does not take the machine."""
    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_DATA, (hard if lifted else SERVE_MEGABYTES.value * _MEGABYTE, hard))


def query(desk: Desk, output: BinaryIO, asked: Mapping[str, Any]) -> Reply:
    """Answer a query: ``text``, ``default`` and ``named`` graphs, ``accept`` and ``format``."""
    from kg.query.prepare import (
        answered,
        check_bindings,
        find_named,
        known_prefixes,
        named_queries,
        parse_bindings,
        prepare,
    )
    from kg.query.results import write_results
    from kg.store.sparql.request import Sparql

    text = asked["text"]
    if Sparql(text).form == "UPDATE":
        raise Problem(
            "bad-query", "this is an update, not a query: send it as update=… (and start the server with --write)"
        )
    with desk.follower.reading() as view:
        prefixes = known_prefixes(view.store.base)
        bindings = parse_bindings(asked.get("bindings", ()), prefixes)
        if asked.get("named_query") and bindings:
            check_bindings(find_named(asked["named_query"], named_queries(desk.queries)), bindings)
        prepared = prepare(asked_of(text, asked["default"], asked["named"]), prefixes=prefixes, bindings=bindings)
        graph = prepared.written.form in ("CONSTRUCT", "DESCRIBE")
        offer = chosen(asked["accept"], GRAPHS if graph else SOLUTIONS, asked["format"])
        with answered(view.store, prepared, policy=desk.policy, timeout=asked["timeout"]) as results:
            write_results(results, output, offer.name, prefixes=prepared.prefixes)
    return Reply(offer.media, output.tell())


def update(desk: Desk, output: BinaryIO, asked: Mapping[str, Any]) -> Reply:  # noqa: ARG001 - every task takes the same
    """Run an update: ``text``, and the ``default`` and ``named`` graphs that its patterns see."""
    from kg.query.update import prepare_update
    from kg.query.update import update as run

    with _writing(desk) as store:
        run(store, prepare_update(store, changed_in(asked["text"], asked["default"], asked["named"])), desk.policy)
    return Reply(status=204)


def read_graph(desk: Desk, output: BinaryIO, asked: Mapping[str, Any]) -> Reply:
    """Write one graph (``graph``; none: the merge of all) out; a status alone where there is none."""
    from kg.query.prepare import known_prefixes
    from kg.query.results import write_results

    graph = asked["graph"]
    pattern = f"GRAPH <{graph}> {{ ?s ?p ?o }}" if graph else "?s ?p ?o"
    offer = chosen(asked["accept"], GRAPHS, asked["format"])
    with desk.follower.reading() as view:
        results = view.store.query(f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ {pattern} }}", timeout=asked["timeout"])
        written = write_results(results, output, offer.name, prefixes=known_prefixes(view.store.base))
    if graph and not written.found:
        raise Problem(
            "not-found", f"no graph {graph} in the store: `SELECT DISTINCT ?g {{ GRAPH ?g {{}} }}` lists them"
        )
    return Reply(offer.media, output.tell())


def write_graph(desk: Desk, output: BinaryIO, asked: Mapping[str, Any]) -> Reply:  # noqa: ARG001
    """Put RDF (``parts``: format and content each) in the place of a graph, or beside what it holds (``add``)."""
    graph = asked["graph"] or f"{desk.follower.base}graph/default"
    limit_memory(lifted=True)  # the process that parses has limits of its own
    try:
        triples = b"".join(_parsed(body, form, graph) for form, body in asked["parts"])
    except KgError as error:
        raise Problem("bad-data", str(error)) from error
    finally:
        limit_memory()
    with _writing(desk) as store:
        before = store.graph_bytes(graph)
        store.replace(graph, before + triples if asked["add"] else triples)
    return Reply(status=204 if before else 201)


def _parsed(body: bytes, form: str, graph: str) -> bytes:
    """RDF as N-Triples."""
    from kg.store.apart import apart

    with tempfile.TemporaryFile() as file:
        file.write(body)
        file.seek(0)
        with apart(cast("BinaryIO", file), form, graph, canonical=True) as quads:
            return _without_graphs(quads)


def drop_graph(desk: Desk, output: BinaryIO, asked: Mapping[str, Any]) -> Reply:  # noqa: ARG001
    """Drop a graph; Problem where there is none."""
    with _writing(desk) as store:
        if not store.drop(asked["graph"] or f"{store.base}graph/default"):
            raise Problem("not-found", f"no graph {asked['graph'] or 'default'} in the store")
    return Reply(status=204)


def decide(desk: Desk, output: BinaryIO, asked: Mapping[str, Any]) -> Reply:  # noqa: ARG001
    """Accept, reject or undecide (``decision``) a link (``link``); ``both`` as for ``kg links --both``."""
    from kg.linking import links

    with _writing(desk) as store:
        try:
            if asked["decision"] == "undecide":
                links.undecide(store, [asked["link"]])
            else:
                status: Literal["accepted", "rejected"] = "accepted" if asked["decision"] == "accept" else "rejected"
                links.decide(store, [asked["link"]], status, both=asked["both"])
        except StoreError:
            raise
        except KgError as error:
            raise Problem("bad-request", str(error)) from error
    return Reply(status=204)


def trace(desk: Desk, output: BinaryIO, asked: Mapping[str, Any]) -> Reply:
    """Write why a thing (``iri``) is in the graph: its articles are read again."""
    from kg.core.table import plain
    from kg.pipeline.prepared import Reader, Settings
    from kg.pipeline.retrace import with_reasons
    from kg.query.evidence import as_text
    from kg.query.explain import Explainer
    from kg.query.prepare import known_prefixes
    from kg.query.results import Namer

    with desk.follower.reading() as view:
        prefixes = known_prefixes(view.store.base)
        explainer = Explainer(view.store, prefixes)
        found = with_reasons(explainer.explain(asked["iri"]), explainer.article, Reader(Settings("default", ())))
        output.writelines(plain(line).encode() + b"\n" for line in as_text(found, Namer(prefixes)))
    return Reply("text/plain", output.tell())


TASKS: Mapping[str, Callable[[Desk, BinaryIO, Mapping[str, Any]], Reply]] = {
    "query": query,
    "update": update,
    "read_graph": read_graph,
    "write_graph": write_graph,
    "drop_graph": drop_graph,
    "decide": decide,
    "trace": trace,
}
WRITING = frozenset({"update", "write_graph", "drop_graph", "decide"})
"""The tasks of which one is done at a time."""


class Bounded:
    """A file that holds no more bytes than an answer may have."""

    def __init__(self, file: IO[bytes], most: int) -> None:
        self._file, self._most, self._written = file, most, 0

    def write(self, data: bytes) -> int:
        """Write, or raise Problem where it would be too much."""
        self._written += len(data)
        if self._written > self._most:
            raise Problem("answer-too-large", f"more than {self._most:,} bytes: add LIMIT; {SERVE_ANSWER_BYTES.hint()}")
        return self._file.write(data)

    def writelines(self, lines: Any) -> None:  # noqa: ANN401 - as files have it
        """Write each."""
        for line in lines:
            self.write(line)

    def tell(self) -> int:
        """How many bytes were written."""
        return self._written

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - as files have it
        return getattr(self._file, name)


@contextmanager
def _writing(desk: Desk) -> Iterator[Store]:
    from kg.store.opening import open_store

    open_store(desk.location, mode="read").close()  # a store that is gone is not made anew
    with open_store(desk.location, mode="write", wait=5) as store:
        yield store


def _without_graphs(quads: BinaryIO) -> bytes:
    """N-Quads as N-Triples: what a quad's graph was called is not asked."""
    from kg.store.opening import RdfFormat, parse, serialize

    triples = (quad.triple for quad in parse(quads, RdfFormat.N_QUADS))
    return serialize(triples, format=RdfFormat.N_TRIPLES) or b""


def run(desk: Desk, name: str, path: str, asked: Mapping[str, Any]) -> Reply:
    """Do a task, its output in the file at ``path``."""
    with Path(path).open("wb") as file:
        reply = TASKS[name](desk, cast("BinaryIO", Bounded(file, SERVE_ANSWER_BYTES.value)), asked)
        file.flush()
        return reply if not reply.media else Reply(reply.media, os.fstat(file.fileno()).st_size, reply.status)
