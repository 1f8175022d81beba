"""What a watch remembers over restarts: which articles of which source it has taken, and how each feed stands.

One SQLite file. Something is marked as taken only when it is stored: a watch that dies between the two takes it again,
and an unchanged article is not read again, so that nothing is lost and nothing is there twice.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from kg.core.errors import KgError

_TABLES = """
CREATE TABLE IF NOT EXISTS taken (source TEXT, key TEXT, state TEXT, PRIMARY KEY (source, key)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS keys ON taken (key);
CREATE TABLE IF NOT EXISTS store (name TEXT);
CREATE TABLE IF NOT EXISTS feeds (source TEXT PRIMARY KEY, etag TEXT, modified TEXT, failures INTEGER, due REAL);
"""


@dataclass(frozen=True, slots=True)
class Feed:
    """How a feed stands: what its server called the last version, failures in a row, when it may be asked again."""

    etag: str = ""
    modified: str = ""
    failures: int = 0
    due: float = 0  # seconds since 1970


class Memory:
    """The file; a context manager that closes it. KgError where it cannot be opened."""

    def __init__(self, path: Path) -> None:
        try:
            self._base = sqlite3.connect(path, isolation_level=None, timeout=1)
            self._base.execute("PRAGMA locking_mode = EXCLUSIVE")  # from the first writing on: one watch at a time
            self._base.executescript(f"BEGIN IMMEDIATE; {_TABLES} COMMIT;")
        except sqlite3.Error as error:
            if "locked" in str(error):
                raise KgError(f"{path} is in use: another watch remembers in it what it took") from error
            raise KgError(
                f"{path} cannot serve as the memory of a watch ({error}): name another with --state"
            ) from error

    def state(self, source: str, key: str) -> str | None:
        """In which state something was taken; None where it never was."""
        row = self._base.execute("SELECT state FROM taken WHERE source = ? AND key = ?", (source, key)).fetchone()
        return None if row is None else str(row[0])

    def has(self, key: str) -> bool:
        """Whether something was taken from any source."""
        return self._base.execute("SELECT 1 FROM taken WHERE key = ? LIMIT 1", (key,)).fetchone() is not None

    def mark(self, source: str, taken: Iterable[tuple[str, str]]) -> None:
        """Remember these (key, state) as taken."""
        with self._base:
            self._base.execute("BEGIN")
            self._base.executemany(
                "INSERT OR REPLACE INTO taken VALUES (?, ?, ?)", ((source, key, state) for key, state in taken)
            )

    def is_of(self, store: str) -> bool:
        """Whether what is remembered was taken into the store of this name ("": none); any, where nothing is."""
        row = self._base.execute("SELECT name FROM store").fetchone()
        if row is not None:
            return bool(row[0] == store)
        return bool(store) or self._base.execute("SELECT 1 FROM taken LIMIT 1").fetchone() is None

    def set_store(self, store: str) -> None:
        """Remember into which store it is taken."""
        with self._base:
            self._base.execute("BEGIN")
            self._base.execute("DELETE FROM store")
            self._base.execute("INSERT INTO store VALUES (?)", (store,))

    def forget(self) -> None:
        """Forget all that was taken; when servers may be asked again is kept."""
        with self._base:
            self._base.execute("BEGIN")
            self._base.execute("DELETE FROM taken")
            self._base.execute("DELETE FROM store")
            self._base.execute("UPDATE feeds SET etag = '', modified = ''")

    def feed(self, source: str) -> Feed:
        """How a feed stands."""
        row = self._base.execute("SELECT etag, modified, failures, due FROM feeds WHERE source = ?", (source,))
        found = row.fetchone()
        return Feed() if found is None else Feed(*found)

    def set_feed(self, source: str, feed: Feed) -> None:
        """Remember how a feed stands."""
        values = (source, feed.etag, feed.modified, feed.failures, feed.due)
        self._base.execute("INSERT OR REPLACE INTO feeds VALUES (?, ?, ?, ?, ?)", values)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._base.close()
