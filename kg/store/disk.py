"""A store in a folder: one writer works on its own database, readers on published copies of it.

The engine calls opening a database read-only undefined while another process writes it. So nobody does that here: the
writer's database is ``primary/``, locked by the engine for one process; what readers open are the engine's backups
under ``published/``, hard links to immutable files that are never written. ``kg.store.folder`` has the parts.

A writer publishes after each batch (``replace_many``, ``drop``, ``update``) and when it closes; within a load as often
as readers need: when a third is new, or a minute has gone by. A reader holds a shared lock on its copy's folder; the
writer removes older copies that nobody holds. Readers and writer never wait for each other, and a kill at any point
leaves the last published copy as it was. See docs/decisions/concurrency.md.
"""

from __future__ import annotations

import os
import shlex
import shutil
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import IO, TYPE_CHECKING

import pyoxigraph as ox

from kg.core.errors import StoreDamagedError, StoreError, StoreInUseError
from kg.store.copies import hold_current, remove_unused
from kg.store.engine import EngineStore, checked_base, is_damage, same_base
from kg.store.folder import (
    Record,
    begun,
    copies,
    copy_of,
    current,
    damaged,
    identity,
    list_files,
    read_record,
    remove_copy,
    sync,
    write_record,
    write_whole,
    wrong_in,
    wrong_in_primary,
)
from kg.store.merged import written_graphs
from kg.store.rewritten import LOOSE, is_being_rewritten, is_worth_it, made_anew, old_of, put_in_place

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

_POLL = 0.05  # seconds between two tries for the writer's lock
_SHARE = 3  # of so many graphs one is new before readers get to see it
_MINUTE, _WORTH = 60.0, 8  # seconds; or when so many times what publishing takes has gone by


class DiskReader(EngineStore):
    """The last published copy of a store, as it was when opened; never blocks a writer and never waits for one."""

    def __init__(self, location: str, base: str | None = None) -> None:
        folder = Path(location)
        record = read_record(folder)
        if record is None:
            if folder.is_file():
                raise NotADirectoryError
            if begun(folder):
                raise damaged(folder, "its file kg-store.json is missing (or another process is just making the store)")
            load = f"kg load --store {shlex.quote(location)} FILE…"
            raise StoreError(f"no store at {location}: make one with `{load}`, or name another")
        base = same_base(location, record.base, base)
        self._lock: int | None
        self._lock, copy = hold_current(folder)
        try:
            if wrong := wrong_in(copy):
                raise damaged(folder, wrong)
            database = ox.Store.read_only(str(copy))
        except (OSError, RuntimeError) as error:
            os.close(self._lock)
            if is_damage(error):
                raise damaged(folder, f"published/{copy.name} cannot be opened ({error})") from error
            raise StoreError(f"store {location} cannot be read: {error}") from error
        except StoreError:
            os.close(self._lock)
            raise
        super().__init__(database, location, base)
        self._record = record

    def added_files(self) -> Mapping[str, Mapping[str, str]]:
        """Name and digest of each ontology and shapes file that a person added."""
        return self._record.added

    def changed_by_hand(self, graphs: Iterable[str]) -> set[str]:
        """Those of the graphs that an update has changed since they were read from articles."""
        return set(self._record.changed).intersection(graphs)

    def _run(self, sparql: str, prefixes: Mapping[str, str] | None = None) -> None:  # noqa: ARG002
        raise self._for_reading()

    def _put_new(self, graph: str, ntriples: bytes) -> None:  # noqa: ARG002
        raise self._for_reading()

    def _for_reading(self) -> StoreError:
        return StoreError(f"store {self.location} is open for reading only")

    def close(self) -> None:
        """Let go of the copy, so that a writer may remove it."""
        super().close()
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None


class DiskWriter(EngineStore):
    """The one writer of a store; makes the store where there is none, publishes after each batch.

    ``sync`` waits until each publication is on the disk: it then outlives a power cut, not only a kill.
    """

    def __init__(self, location: str, base: str | None = None, wait: float = 0, *, sync: bool = False) -> None:
        folder = Path(location)
        record = read_record(folder)
        if record is None and folder.exists() and any(folder.iterdir()) and not begun(folder):
            raise StoreError(f"{location} is no kg store and not empty: name a new or empty folder with --store")
        made_folder = not folder.exists()
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError(f"no store can be made at {location}: {error.strerror}") from error
        database, record = _open_primary(folder, wait)
        self._folder, self._sync = folder, sync
        self._waiting = self._new = self._published = 0  # graphs: unpublished, of this writer, published
        self._published_at, self._publishing = 0.0, 0.0  # when, and how many seconds it took
        self._locks: list[IO[bytes]] = []
        super().__init__(database, location, checked_base(base) if record is None else record.base)
        try:
            # Only the holder of the lock decides on the base: two first writers cannot remember two.
            self.is_new, self._made_folder = record is None, made_folder
            if record is None:
                self._begin()
            else:
                self._continue(record, base)
        except BaseException:
            self._database = None
            raise

    def _begin(self) -> None:
        """Make what a store consists of: an empty copy for readers first, what it remembers last."""
        if next(iter(self.database), None) is not None:
            raise damaged(self._folder, "its file kg-store.json is missing")
        self._publish()
        own = identity(self._folder)
        self._record = Record(self.base, own, name=own or "")
        write_record(self._folder, self._record)

    def _continue(self, record: Record, base: str | None) -> None:
        self._record = record
        if base not in (None, record.base) and next(iter(self.database), None) is None:
            self.base = checked_base(base)  # nothing was minted under the old one
            self._remember(replace(record, base=self.base))
        else:
            same_base(self.location, record.base, base)
        if record.database is None:  # a store of an earlier version
            if next(iter(self.database), None) is None and _holds_anything(
                copy_of(self._folder, current(self._folder) or 0)
            ):
                raise damaged(self._folder, "the writer's database (primary/) is empty")
            self._remember(replace(self._record, database=identity(self._folder)))

    def replace_many(self, graphs: Mapping[str, bytes], *, later: bool = False) -> None:
        """Replace several graphs, each whole or not at all, then publish them together, or ``later`` with others."""
        self._waiting += len(graphs)
        self._new += len(graphs)
        try:
            super().replace_many(graphs)
        except StoreDamagedError:
            raise
        except BaseException:
            self._publish()  # what was replaced before
            raise
        if not later or self._sync or self._is_due():
            self._publish()
        self._forget_changes(graphs)

    def settle(self) -> None:
        """Publish what waits; where half of all is new since that was last done, put the writer's database in order."""
        loose, number = self._record.loose + self._new, sum(1 for _ in self.database.named_graphs())
        self._new = 0
        if loose >= max(LOOSE, number // 2):
            if is_worth_it(self.database):
                self._rewrite()
            else:
                self._put_in_order()
            return
        self._remember(replace(self._record, loose=loose))
        if self._waiting:
            self._publish()

    def _put_in_order(self) -> None:
        """Have the engine compact its files before they are published: else readers would hold the old ones too."""
        self.compact()
        self._remember(replace(self._record, loose=0))
        self._publish()

    def _is_due(self) -> bool:
        """Whether readers should get to see what waits: much of what there is, or long since the last time."""
        since = time.monotonic() - self._published_at
        return self._waiting * _SHARE >= self._published or since > max(_MINUTE, _WORTH * self._publishing)

    def _rewrite(self) -> None:
        try:
            made_anew(self.database, self._folder)
            self._database = None  # closed: the engine writes to a database until it is
            if locks := put_in_place(self._folder):
                self._database = open_database(self._folder / "primary")
                locks[0].close()
                self._locks.append(locks[1])
        except (OSError, RuntimeError) as error:
            what = f"could not be put in order ({error}): is the disk full?"
            raise StoreError(f"store {self.location}: what was written is safe, but {what}") from error
        if self._database is None:  # another writer was faster: it has published, and may put it in order
            self._database, record = _open_primary(self._folder, _MINUTE)
            self._record = record or self._record
            return
        self._remember(replace(self._record, database=identity(self._folder), loose=0))
        self._publish()

    def drop(self, graph: str) -> bool:
        """Drop a graph and publish; False where there was none."""
        there = super().drop(graph)
        self._publish()
        self._forget_changes([graph])
        return there

    def update(self, sparql: str, *, prefixes: Mapping[str, str] | None = None) -> None:
        """Run a SPARQL update request as one transaction and publish; which articles it changed is remembered."""
        graphs = written_graphs(sparql, self.own_graph, prefixes or {})
        articles = f"{self.base}article/"
        watched = [
            graph for graph in (self.graphs() if graphs is None else sorted(graphs)) if graph.startswith(articles)
        ]
        before = {graph: hash(self.graph_bytes(graph)) for graph in watched}
        super().update(sparql, prefixes=prefixes)
        changed = {graph for graph in watched if hash(self.graph_bytes(graph)) != before[graph]}
        if changed:
            self._remember(replace(self._record, changed=tuple(sorted(changed.union(self._record.changed)))))
        self._publish()

    def added_files(self) -> Mapping[str, Mapping[str, str]]:
        """Name and digest of each ontology and shapes file that a person added."""
        return self._record.added

    def remember_added(self, added: Mapping[str, Mapping[str, str]]) -> None:
        """Remember the ontology and shapes files that a person added, in place of what was remembered."""
        if added != self._record.added:
            self._remember(replace(self._record, added=added))

    def changed_by_hand(self, graphs: Iterable[str]) -> set[str]:
        """Those of the graphs that an update has changed since they were read from articles."""
        return set(self._record.changed).intersection(graphs)

    def _forget_changes(self, graphs: Collection[str]) -> None:
        if self.changed_by_hand(graphs):
            left = tuple(graph for graph in self._record.changed if graph not in graphs)
            self._remember(replace(self._record, changed=left))

    def _remember(self, record: Record) -> None:
        try:
            write_record(self._folder, record)
        except OSError as error:
            raise StoreError(f"store {self.location}: kg-store.json cannot be written ({error})") from error
        self._record = record

    def copy(self) -> EngineStore:
        """An independent copy beside the store (hard links, so cheap); removed when it is closed."""
        folder = Path(tempfile.mkdtemp(prefix="copy-", dir=self._folder))
        self.database.backup(folder / "database")
        return _ThrowAway(folder, self.base)

    def close(self, *, publishing: bool = True) -> None:
        """Publish what a killed writer before this one may have left unpublished, and let the next writer in.

        Without ``publishing`` that is left to the next one, who puts the files in order first.
        """
        if self._database is not None:
            try:
                if publishing:
                    self._publish()
            finally:
                super().close()
                for lock in self._locks:
                    lock.close()

    def unmake(self) -> None:
        """Take back a store that this writer has made and that holds nothing; do nothing to any other; close it."""
        if self._database is None or not self.is_new or next(iter(self.database), None) is not None:
            return
        (self._folder / "kg-store.json").unlink(missing_ok=True)
        (self._folder / "current").unlink(missing_ok=True)
        for _, _, copy in copies(self._folder):
            remove_copy(copy)
        # Removed while its lock is held: a writer that waits for it makes a database of its own.
        remove_copy(self._folder / "primary")
        super().close()
        for folder in (self._folder / "published", self._folder if self._made_folder else None):
            if folder is not None and folder.is_dir() and not any(folder.iterdir()):
                folder.rmdir()

    def _publish(self) -> None:
        published, old = self._folder / "published", old_of(self._folder)
        begun = time.monotonic()
        try:
            published.mkdir(exist_ok=True)
            before = current(self._folder)
            remove_unused(self._folder, before)
            number = 1 + (before or 0)
            while any(os.path.lexists(published / f"{number}{ending}") for ending in ("", ".half")):
                number += 1  # not ours
            half = published / f"{number}.half"
            self.database.backup(half)
            same = before is not None and not old.exists()  # a database made anew has other files of the same names
            list_files(half, copy_of(self._folder, before or 0) if same else None)
            half.rename(copy_of(self._folder, number))
            write_whole(self._folder / "current", str(number))
            if self._sync:
                sync(self._folder, number)
            remove_unused(self._folder, number)
            shutil.rmtree(old, ignore_errors=True)
            self._published, self._waiting = self._published + self._waiting, 0
            self._published_at, self._publishing = time.monotonic(), time.monotonic() - begun
        except (OSError, RuntimeError) as error:
            if is_damage(error):
                raise damaged(self._folder, f"primary/ cannot be read ({error})") from error
            raise StoreError(
                f"store {self.location}: what was written is safe, but could not be published to readers ({error}); "
                "the next writing command will"
            ) from error


class _ThrowAway(EngineStore):
    def __init__(self, folder: Path, base: str) -> None:
        super().__init__(ox.Store(folder / "database"), str(folder), base)
        self._folder = folder

    def close(self) -> None:
        super().close()
        shutil.rmtree(self._folder, ignore_errors=True)


def _open_primary(folder: Path, wait: float) -> tuple[ox.Store, Record | None]:
    """The writer's database with what the store remembers; waits up to ``wait`` seconds for another writer to end."""
    until = time.monotonic() + wait
    while True:
        try:
            if not is_being_rewritten(folder, read_record(folder)):
                _refuse_damaged(folder)
                database = ox.Store(folder / "primary")
                return database, read_record(folder)
        except (OSError, RuntimeError) as error:
            if is_damage(error):
                raise damaged(folder, f"primary/ cannot be opened ({error})") from error
            if "lock" not in str(error).lower() or "ermission denied" in str(error) or "ead-only" in str(error):
                raise StoreError(f"store {folder} cannot be opened for writing: {error}") from error
        if time.monotonic() >= until:
            raise StoreInUseError(
                f"store {folder} is in use: another process is writing it; try again when it has ended, "
                "or wait for it with --wait SECONDS"
            )
        time.sleep(_POLL)


def open_database(folder: Path) -> ox.Store:
    """The engine's database in a folder, for writing."""
    return ox.Store(folder)


def _refuse_damaged(folder: Path) -> None:
    """StoreDamagedError for a folder that is not whole, before anything in it is opened for writing."""
    while True:
        record = read_record(folder)
        number = current(folder)
        if record is not None:
            wrong = wrong_in_primary(folder, record)
            if wrong is None:
                wrong = "its file `current` is missing" if number is None else wrong_in(copy_of(folder, number))
        else:  # a first writer that was killed may have left an empty copy
            filled = any(not ending and _holds_anything(copy) for _, ending, copy in copies(folder))
            wrong = "its file kg-store.json is missing" if filled else None
        if wrong is None:
            return
        if (record, number) == (read_record(folder), current(folder)):  # no other writer meanwhile
            raise damaged(folder, wrong)


def _holds_anything(copy: Path) -> bool:
    try:
        return next(iter(ox.Store.read_only(str(copy))), None) is not None
    except (OSError, RuntimeError):
        return True
