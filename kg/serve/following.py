"""The store as its last writer published it: opened once for all readers, opened anew when there is a newer copy."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Hashable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar, cast

from kg.core.iris import is_address
from kg.store.folder import copy_of, current
from kg.store.opening import Store, open_store

_ENDPOINT = 10.0  # seconds for which the state of an endpoint, which publishes nothing, is taken to last
_KEPT = 300  # computed things
_SOON = 1.0  # seconds for which readers wait for a newer copy to be ready, before they go on with the one before
T = TypeVar("T")


@dataclass
class View:
    """One state of the store, with what was computed from it."""

    store: Store
    version: str
    users: int = 0
    old: bool = False
    _known: dict[Hashable, Future[Any]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def once(self, key: Hashable, compute: Callable[[Store], T]) -> T:
        """What ``compute`` gives for this state, computed once: one thread computes, the others wait for it.

        The last few hundred things are kept.
        """
        with self._lock:
            found = self._known.pop(key, None)
            mine = found is None
            future: Future[Any] = Future() if found is None else found
            self._known[key] = future  # as the newest
            if len(self._known) > _KEPT:
                del self._known[next(iter(self._known))]
        if mine:
            try:
                future.set_result(compute(self.store))
            except BaseException as error:
                future.set_exception(error)
                with self._lock:
                    self._known.pop(key, None)
                raise
        return cast("T", future.result())


class _Coming:
    """A copy that is being made ready."""

    def __init__(self, view: View) -> None:
        self.view, self.begun, self.ready = view, time.monotonic(), threading.Event()


class Follower:
    """Gives readers the newest published copy; an older one is let go when its last reader has done with it.

    With ``prepare`` a newer copy is first made ready by it, in a thread of its own, while readers go on with the one
    before: what pages hold of 50,000 events takes seconds to read, and a load publishes again and again.
    """

    def __init__(self, location: str, prepare: Callable[[Store], object] | None = None) -> None:
        self._location = location
        self._prepare = None if is_address(location) else prepare
        self._lock = threading.Lock()
        self._coming: _Coming | None = None
        self._view = self._opened(self._version())

    @property
    def base(self) -> str:
        """The base of the store's IRIs."""
        return self._view.store.base

    @contextmanager
    def reading(self) -> Iterator[View]:
        """The newest state of the store, to be used within the block; StoreError where it cannot be opened."""
        self.look()
        with self._lock:
            view = self._view
            view.users += 1
        try:
            yield view
        finally:
            with self._lock:
                view.users -= 1
                _let_go(view)

    def make_ready(self) -> None:
        """Prepare the copy that is read now; nobody waits for it, and ``close`` ends it early."""
        if self._prepare is not None:
            with suppress(Exception):  # what is wrong with it is told when it is asked
                self._prepare(self._view.store)

    def look(self) -> None:
        """Follow what was published; waits for a copy that is soon ready, so that a small store is never behind."""
        with self._lock:
            coming = self._coming
            if coming is None and (version := self._version()) != self._view.version:
                view = self._opened(version)
                if self._prepare is None:
                    self._take(view)
                else:
                    coming = self._coming = _Coming(view)
                    threading.Thread(target=self._make_ready, args=(coming,), daemon=True).start()
        if coming is not None:
            coming.ready.wait(max(0.0, coming.begun + _SOON - time.monotonic()))

    def hurry(self) -> None:
        """Take what is published now, ready or not: who has just changed the store wants to see it."""
        with self._lock:
            if (version := self._version()) != self._view.version:
                self._coming = None  # its thread lets it go
                self._take(self._opened(version))

    def close(self) -> None:
        """Let go of the store when the last reader has done with it."""
        with self._lock:
            if self._coming is not None:
                self._coming.view.store.close()
                self._coming = None
            self._view.old = True
            _let_go(self._view)

    def _make_ready(self, coming: _Coming) -> None:
        assert self._prepare is not None  # noqa: S101 # asked before
        try:
            with suppress(Exception):  # what is wrong with it is told when it is asked
                self._prepare(coming.view.store)
        finally:
            with self._lock:
                if self._coming is coming:
                    self._coming = None
                    self._take(coming.view)
                else:
                    coming.view.store.close()
            coming.ready.set()

    def _take(self, view: View) -> None:
        before, self._view = self._view, view
        before.old = True
        _let_go(before)

    def _opened(self, version: str) -> View:
        return View(open_store(self._location, mode="read"), version)

    def _version(self) -> str:
        """What changes when something is published."""
        if is_address(self._location):
            return str(int(time.monotonic() / _ENDPOINT))
        folder = Path(self._location)
        number = current(folder)
        if number is None:
            return ""
        try:
            return f"{number}-{copy_of(folder, number).stat().st_ino}"
        except OSError:  # published anew just now
            return str(number)


def _let_go(view: View) -> None:
    if view.old and view.users == 0:
        view.store.close()
