"""Prepared graphs into a store, the fastest way that the store has.

A new store in a folder is filled by the engine's bulk loader beside the place where it is to stand, and takes its name
when it is whole; a large one is filled by a process of its own (``kg.store.patience`` says why). An Oxigraph server
that holds nothing yet gets shards as files. Any other store gets graph after graph, some hundred at a time.
"""

from __future__ import annotations

import os
import shlex
import shutil
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from itertools import islice
from multiprocessing import get_context, parent_process
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

from kg.core.errors import KgError
from kg.core.iris import is_address
from kg.pipeline.shards import Folder, by_graph, live
from kg.store.disk import DiskWriter
from kg.store.opening import open_store
from kg.store.patience import put_off_merging

if TYPE_CHECKING:
    from kg.store.opening import Store

MANY = 1_000_000
"""Quads: a new store of more is filled by a process of its own."""

_BATCH = 256  # graphs that are stored and published together
_AT_ONCE = 125_000  # quads, at least, that the bulk loader gets at a time: it writes a file for each index each time
_BY_SERVER = {
    "virtuoso": (
        "isql 1111 dba dba exec={load}",
        "# the folder must stand in DirsAllowed of virtuoso.ini; Debian calls its isql isql-vt",
    ),
    "qlever": (
        "{unpack} {quoted}/*.nq{ending} | qlever-index -i news -f - -F nq",
        "qlever-server -i news -p 7001",
    ),
    "oxigraph": ('for shard in {quoted}/*.nq{ending}; do {unpack} "$shard" | oxigraph load -l news --format nq; done',),
}
_UNPACK = {".gz": "zcat", ".zst": "zstdcat"}
_AS_GZ = 'for shard in {quoted}/*.nq.zst; do zstdcat "$shard" | gzip > "${{shard%.zst}}.gz"; done'  # for Virtuoso
SERVERS = tuple(_BY_SERVER)


def store_graphs(store: Store, graphs: Iterable[tuple[str, bytes]]) -> int:
    """Put graphs (IRI, sorted N-Triples) in the place of what the store holds of them; how many they were."""
    count, rest = 0, iter(graphs)
    while batch := dict(islice(rest, _BATCH)):
        store.replace_many(batch, later=True)
        count += len(batch)
    store.settle()
    return count


def load_shards_into(folder: Folder, location: str, wait: float) -> int:
    """Put the graphs of a folder of shards into a store; how many quads. KgError where that fails."""
    base = folder.base()
    if base is None:
        raise KgError(f"{folder.location} holds no shards: make some with `kg load --shards`")
    manifests = folder.manifests()
    quads = sum(manifest.quads for manifest in manifests.values())
    if is_address(location) or location == ":memory:":
        with open_store(location, mode="write", base=base, wait=wait) as store:
            if not _posted(folder, store):
                store_graphs(store, _graphs(folder))
        return quads
    target = Path(location)
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        with open_store(location, mode="write", base=base, wait=wait) as store:
            store_graphs(store, _graphs(folder))
        return quads
    partial = target.with_name(f".{target.name}.bulk")
    shutil.rmtree(partial, ignore_errors=True)
    try:
        if quads > MANY:
            _fill_apart(folder, partial, base)
        with DiskWriter(str(partial), base) as store:
            if quads <= MANY:
                _fill(folder, store)
            store.compact()
        if target.exists():
            target.rmdir()  # it is empty
        partial.rename(target)
    except OSError as error:
        raise KgError(f"store {location} cannot be made ({error.strerror or error})") from error
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    return quads


def _fill(folder: Folder, store: DiskWriter) -> None:
    """Put all shards into a new store, several at a time where they are small."""
    waiting: list[bytes] = []
    quads = 0
    for name, gone in live(folder):
        lines = folder.lines(name)
        waiting.append(_without(lines, gone) if gone else lines)
        quads += waiting[-1].count(b"\n")
        if quads >= _AT_ONCE:
            store.bulk(b"".join(waiting))
            waiting, quads = [], 0
    store.bulk(b"".join([*waiting, folder.vocabulary()]))


def _fill_apart(folder: Folder, target: Path, base: str) -> None:
    """Have a process of its own make a new store and fill it; KgError where it cannot, or dies."""
    try:
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
            pool.submit(_fill_patiently, folder.location, str(target), base).result()
    except BrokenProcessPool as error:
        raise KgError("the process that fills the store died, out of memory perhaps") from error


def _fill_patiently(folder: str, target: str, base: str) -> None:
    """That process's work; it ends with the one that started it, however that ends."""
    Thread(target=_end_with_parent, daemon=True).start()
    store = DiskWriter(target, base)
    put_off_merging()
    try:
        _fill(Folder(folder), store)
    finally:
        store.close(publishing=False)  # the engine copies no database whose files wait for being merged


def _end_with_parent() -> None:
    if (parent := parent_process()) is not None:
        parent.join()
        os._exit(1)


def _graphs(folder: Folder) -> Iterator[tuple[str, bytes]]:
    for name, gone in live(folder):
        yield from by_graph(folder.lines(name), gone)
    yield from by_graph(folder.vocabulary(), frozenset())


def _posted(folder: Folder, store: Store) -> bool:
    """Whether the store took the shards as files: a server of Oxigraph that holds nothing under their base."""
    if not store.remote or store.graphs():
        return False
    parts = (_without(folder.lines(name), gone) for name, gone in live(folder))
    return store.bulk(folder.vocabulary()) and all(map(store.bulk, parts))


def _without(lines: bytes, graphs: frozenset[str]) -> bytes:
    """A shard's lines without some graphs."""
    ends = tuple(f" <{graph}> .\n".encode() for graph in graphs)
    return b"".join(line for line in lines.splitlines(keepends=True) if not line.endswith(ends)) if ends else lines


def commands(folder: Folder, server: str) -> list[str]:
    """What to run so that a server loads the shards by itself; KgError where some are outdated by others."""
    if server not in _BY_SERVER:
        raise KgError(f"no server {server!r}: one of {', '.join(SERVERS)}")
    if not folder.manifests():
        raise KgError(f"{folder.location} holds no shards: make some with `kg load --shards`")
    if any(gone for _, gone in live(folder)):
        raise KgError(f"{folder.location} holds articles in several versions: write the shards into a new folder")
    place = folder.location.rstrip("/")
    in_sql = place.replace("'", "''")
    load = shlex.quote(f"ld_dir('{in_sql}', '*.nq.gz', 'urn:none'); rdf_loader_run(); checkpoint;")
    ending, quoted = folder.packing() or ".gz", shlex.quote(place)
    lines = [
        line.format(quoted=quoted, load=load, ending=ending, unpack=_UNPACK[ending]) for line in _BY_SERVER[server]
    ]
    return [_AS_GZ.format(quoted=quoted), *lines] if server == "virtuoso" and ending == ".zst" else lines
