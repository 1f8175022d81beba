"""A store in a folder: one writer works on its own database, readers on published copies of it.

The engine calls opening a database read-only undefined while another process writes it. So nobody does that here:

    FOLDER/kg-store.json    the layout's version and the base the store remembers
    FOLDER/primary/         the writer's database; the engine's own lock admits one process
    FOLDER/published/N/     copies that are never written: the engine's backup, hard links to immutable files
    FOLDER/current          the number of the copy that readers open, replaced by rename

A writer publishes after each batch (``replace_many``, ``drop``, ``update``) and when it closes. A reader holds a
shared lock on its copy's folder; the writer removes older copies that nobody holds. Readers and writer never wait for
each other, and a kill at any point leaves the last published copy as it was. See docs/decisions/concurrency.md.
"""

from __future__ import annotations

import fcntl
import json
import os
import shlex
import shutil
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox

from kg.core.errors import StoreError, StoreInUseError
from kg.store.engine import EngineStore, checked_base, same_base

if TYPE_CHECKING:
    from collections.abc import Mapping

_LAYOUT = 2  # 1 had no merge in its default graph
_POLL = 0.05  # seconds between two tries for the writer's lock


class DiskReader(EngineStore):
    """The last published copy of a store, as it was when opened; never blocks a writer and never waits for one."""

    def __init__(self, location: str, base: str | None = None) -> None:
        folder = Path(location)
        remembered = _remembered_base(folder)
        if remembered is None:
            if folder.is_file():
                raise NotADirectoryError
            load = f"kg load --store {shlex.quote(location)} FILE…"
            raise StoreError(f"no store at {location}: make one with `{load}`, or name another")
        base = same_base(location, remembered, base)
        self._lock, copy = _hold_current(folder)
        try:
            # Without a copy the first writer has not finished its first batch: there is nothing to see yet.
            database = ox.Store() if copy is None else ox.Store.read_only(str(copy))
        except OSError as error:
            raise StoreError(f"store {location} cannot be read: {error}") from error
        super().__init__(database, location, base)

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
    """The one writer of a store; makes the store where there is none, publishes after each batch."""

    def __init__(self, location: str, base: str | None = None, wait: float = 0) -> None:
        folder = Path(location)
        known = _remembered_base(folder) is not None or (folder / "primary").is_dir()  # a first writer just began
        if not known and folder.exists() and any(folder.iterdir()):
            raise StoreError(f"{location} is no kg store and not empty: name a new or empty folder with --store")
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError(f"no store can be made at {location}: {error.strerror}") from error
        database = _open_primary(folder, wait)
        # Only the holder of the lock decides on the base: two first writers cannot remember two.
        remembered = _remembered_base(folder)
        if remembered is None:
            remembered = checked_base(base)
            _write_whole(folder / "kg-store.json", json.dumps({"layout": _LAYOUT, "base": remembered}) + "\n")
        super().__init__(database, location, same_base(location, remembered, base))
        self._folder = folder

    def replace_many(self, graphs: Mapping[str, bytes]) -> None:
        """Replace several graphs, each whole or not at all, then publish them together."""
        try:
            super().replace_many(graphs)
        finally:
            self._publish()

    def drop(self, graph: str) -> bool:
        """Drop a graph and publish; False where there was none."""
        there = super().drop(graph)
        self._publish()
        return there

    def update(self, sparql: str, *, prefixes: Mapping[str, str] | None = None) -> None:
        """Run a SPARQL update request as one transaction and publish."""
        super().update(sparql, prefixes=prefixes)
        self._publish()

    def copy(self) -> EngineStore:
        """An independent copy beside the store (hard links, so cheap); removed when it is closed."""
        folder = Path(tempfile.mkdtemp(prefix="copy-", dir=self._folder))
        self.database.backup(folder / "database")
        return _ThrowAway(folder, self.base)

    def close(self) -> None:
        """Publish what a killed writer before this one may have left unpublished, and let the next writer in."""
        if self._database is not None:
            try:
                self._publish()
            finally:
                super().close()

    def _publish(self) -> None:
        published = self._folder / "published"
        try:
            published.mkdir(exist_ok=True)
            current = _current(self._folder)
            _remove_unused(published, current)
            name = str(1 + (int(current) if current else 0))
            half = published / f"{name}.half"
            self.database.backup(half)
            half.rename(published / name)
            _write_whole(self._folder / "current", name)
            _remove_unused(published, name)
        except OSError as error:
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


def _open_primary(folder: Path, wait: float) -> ox.Store:
    """The writer's database; waits up to ``wait`` seconds for another writer to end."""
    until = time.monotonic() + wait
    while True:
        try:
            return ox.Store(folder / "primary")
        except OSError as error:
            if "LOCK" not in str(error):
                raise StoreError(f"store {folder} cannot be opened: {error}") from error
            if time.monotonic() >= until:
                raise StoreInUseError(
                    f"store {folder} is in use: another process is writing it; try again when it has ended, "
                    "or wait for it with --wait SECONDS"
                ) from error
        time.sleep(_POLL)


def _remembered_base(folder: Path) -> str | None:
    file = folder / "kg-store.json"
    try:
        record = json.loads(file.read_text(encoding="utf-8"))
        layout, base = record["layout"], str(record["base"])
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise StoreError(f"{file} cannot be read ({error}): restore it from a backup") from error
    if layout == 1:
        raise StoreError(f"store {folder} was made by an earlier kg: load its articles into a new folder")
    if layout != _LAYOUT:
        raise StoreError(f"store {folder} has layout {layout}, this version of kg knows {_LAYOUT}: use a newer kg")
    return base


def _current(folder: Path) -> str | None:
    try:
        return (folder / "current").read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        return None


def _hold_current(folder: Path) -> tuple[int | None, Path | None]:
    """A shared lock on the current copy's folder, and that folder; (None, None) before the first publication."""
    while True:
        name = _current(folder)
        if name is None:
            return None, None
        copy = folder / "published" / name
        try:
            lock = os.open(copy, os.O_RDONLY)
        except FileNotFoundError:
            if name == _current(folder):
                raise StoreError(f"store {folder} lacks its published copy {name}: run any writing command") from None
            continue  # published anew and removed between the two steps: read the pointer again
        fcntl.flock(lock, fcntl.LOCK_SH)
        if copy.is_dir() and os.path.samestat(os.fstat(lock), copy.stat()):
            return lock, copy
        os.close(lock)


def _remove_unused(published: Path, current: str | None) -> None:
    """Remove the copies that no reader holds, and what a killed writer left half done."""
    for copy in published.iterdir():
        if copy.name == current:
            continue
        lock = os.open(copy, os.O_RDONLY)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            # Renamed first: a late reader must find no folder rather than a half-empty one.
            gone = copy if copy.suffix else copy.rename(copy.with_suffix(".gone"))
            shutil.rmtree(gone)
        except BlockingIOError:
            pass  # a reader holds it: the next publication tries again
        finally:
            os.close(lock)


def _write_whole(file: Path, text: str) -> None:
    """Write a small file so that it is seen whole or not at all."""
    half = file.with_suffix(".half")
    half.write_text(text, encoding="utf-8")
    half.replace(file)
