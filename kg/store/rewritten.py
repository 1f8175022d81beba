"""The writer's database made anew: in the engine's own order and compressed, a third of the size it has after a load.

What is written batch by batch lies about uncompressed (levels 0 and 1 of RocksDB) with its logs beside it; what is put
in at once is sorted and compressed. So a load that brought much ends with a new database in the place of the old one:

    primary.half   the new one while it is made
    primary.old    the old one, from the moment the new one takes its place until readers have got it

The engine sorts a million quads at a time, and merges from the third such run on, without compressing: a larger
database gains nothing by being made anew, and is compacted as it is.

Both hold the file ``kg-database``; what has these names without it is somebody else's and left alone.
Whoever finds ``primary.old`` and nobody holding its lock finishes what a killed writer began, or undoes it.
"""

from __future__ import annotations

import fcntl
import shutil
from dataclasses import replace
from typing import IO, TYPE_CHECKING

import pyoxigraph as ox

from kg.store.folder import OURS, Record, identity, ours_beside, write_record

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LOOSE = 64
"""Graphs: fewer are not worth a new database."""
MOST = 2_000_000
"""Quads, those of the merge counted too: more are put in order where they are."""


def old_of(folder: Path) -> Path:
    """Where the old database lies while the new one takes its place."""
    return ours_beside(folder, "old")


def is_worth_it(database: ox.Store) -> bool:
    """Whether a new database would be smaller; its quads are counted, not read."""
    return len(database) <= MOST


def made_anew(database: ox.Store, folder: Path) -> None:
    """Make a new database with the same quads beside the writer's; OSError or RuntimeError where it cannot be made."""
    half = ours_beside(folder, "half")
    shutil.rmtree(half, ignore_errors=True)
    half.mkdir()
    (half / OURS).touch()
    new = ox.Store(half)
    new.bulk_extend(_by_graph(database))
    new.flush()


def _by_graph(database: ox.Store) -> Iterator[ox.Quad]:
    """Every graph's quads, each with its triple in the merge (``kg.store.merged``).

    The engine takes a million at a time and writes the strings of each million: with the merge first, all of the
    store's strings would be written twice.
    """
    for graph in database.named_graphs():
        for quad in database.quads_for_pattern(None, None, None, graph):
            yield quad
            yield ox.Quad(quad.subject, quad.predicate, quad.object)


def put_in_place(folder: Path) -> list[IO[bytes]] | None:
    """Put the new database in the place of the writer's, which has to be closed; None where another writer has that.

    What is returned locks both, so that who waits for the store opens neither: the second is the new one's, to be
    closed after it.
    """
    half, primary, old = ours_beside(folder, "half"), folder / "primary", old_of(folder)
    locks: list[IO[bytes]] = []
    for database in (primary, half):
        lock = (database / "LOCK").open("ab")
        try:
            fcntl.lockf(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            lock.close()
            return None
        locks.append(lock)
    (primary / OURS).touch()
    primary.rename(old)
    half.rename(primary)
    (primary / OURS).unlink()
    return locks


def is_being_rewritten(folder: Path, record: Record | None) -> bool:
    """Whether another writer is just putting a new database in place; what a killed one left is put right first."""
    old, primary = old_of(folder), folder / "primary"
    if not old.exists():
        return False
    with (old / "LOCK").open("ab") as lock:
        try:
            fcntl.lockf(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return True
        if not primary.exists():
            old.rename(primary)
        elif record is not None and record.database != identity(folder):
            write_record(folder, replace(record, database=identity(folder)))
    return False
