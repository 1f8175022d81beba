"""The index of places, as it is asked: by name in some microseconds, by number.

Every ``*.sqlite`` of the folder counts: the packages' (``packages.sqlite``) and those made of a person's dumps. Where
two know one place, what the dump says of it stands, and the names of both.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self

from kg.core.cache import cache_folder
from kg.core.errors import KgError
from kg.linking.places.place import Place, form

PACKAGED = "packages"
VERSION = 1
"""Of the tables below: an index of another version is to be built again."""
SCHEMA = """
CREATE TABLE about (version INTEGER, made_of TEXT);
CREATE TABLE places (number INTEGER PRIMARY KEY, name TEXT, code TEXT, country TEXT, admin1 INTEGER, admin2 INTEGER,
  population INTEGER, lat REAL, lon REAL, seat INTEGER);
CREATE TABLE keys (key TEXT PRIMARY KEY, number INTEGER) WITHOUT ROWID;
CREATE TABLE inside (number INTEGER PRIMARY KEY, area TEXT, district TEXT);
CREATE TABLE found (name TEXT, number INTEGER, main INTEGER);
"""
_MOST = 120  # places of one name that are looked at: "San José" is the name of more


@dataclass(frozen=True, slots=True)
class Candidate:
    """A place that bears a name, as its main name or as one of the others."""

    place: Place
    main: bool


@dataclass(frozen=True, slots=True)
class IndexFile:
    """One index: its name, file, what it was made of, and how many places and names it knows."""

    name: str
    path: Path
    made_of: str
    places: int
    names: int


def folder() -> Path:
    """Where indexes of places are kept."""
    return cache_folder() / "places"


class Gazetteer:
    """Some index files as one; a context manager that closes them."""

    def __init__(self, files: Iterable[Path]) -> None:
        self._databases = [_opened(path) for path in files]
        self._names: dict[str, tuple[Candidate, ...]] = {}
        self._places: dict[int, Place | None] = {}

    @property
    def made_of(self) -> tuple[str, ...]:
        """What each index was made of, in the order of the files."""
        return tuple(database.execute("SELECT made_of FROM about").fetchone()[0] for database in self._databases)

    def named(self, name: str) -> tuple[Candidate, ...]:
        """The places that bear a name, the most populous first; none for a name that no index has."""
        key = form(name)
        if key not in self._names:
            self._names[key] = self._look_up(key)
        return self._names[key]

    def names_of(self, numbers: AbstractSet[int]) -> dict[int, list[str]]:
        """The names of places in the form in which they are looked up, sorted; reads the whole index."""
        found: dict[int, set[str]] = {number: set() for number in numbers}
        for database in self._databases:
            for number, name in database.execute("SELECT number, name FROM names"):
                if number in found:
                    found[number].add(name)
        return {number: sorted(names) for number, names in found.items()}

    def place(self, number: int) -> Place | None:
        """The place of a GeoNames number, None where no index has it."""
        if number not in self._places:
            rows = [row for db in self._databases for row in db.execute(_BY_NUMBER, (number,))]
            self._places[number] = _joined([Place(*row) for row in rows]) if rows else None
        return self._places[number]

    def country(self, code: str) -> Place | None:
        """The country of a code of two letters."""
        for database in self._databases:
            row = database.execute("SELECT number FROM keys WHERE key = ?", (code,)).fetchone()
            if row:
                return self.place(row[0])
        return None

    def _look_up(self, key: str) -> tuple[Candidate, ...]:
        main: dict[int, bool] = {}
        for database in self._databases:
            for number, is_main in database.execute(_BY_NAME, (key, _MOST)):
                main[number] = main.get(number, False) or bool(is_main)
        found = [Candidate(place, main[number]) for number in main if (place := self.place(number))]
        return tuple(sorted(found, key=lambda one: (-one.place.population, one.place.number)))

    def close(self) -> None:
        """Let go of the files."""
        for database in self._databases:
            database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


_BY_NAME = (
    "SELECT number, main FROM names JOIN places USING (number) WHERE names.name = ? "
    "ORDER BY population DESC, number LIMIT ?"
)
_BY_NUMBER = "SELECT * FROM places WHERE number = ?"


def _joined(places: list[Place]) -> Place:
    """One place of what several indexes say: the last has the word, the first what it leaves open."""
    *before, last = places
    for other in reversed(before):
        own = last.lat is not None and last.seat is None
        last = replace(
            last,
            admin1=last.admin1 or other.admin1,
            admin2=last.admin2 or other.admin2,
            population=last.population or other.population,
            lat=last.lat if own else other.lat,
            lon=last.lon if own else other.lon,
            seat=last.seat if own else other.seat,
        )
    return last


def open_gazetteer() -> Gazetteer | None:
    """All indexes of the cache folder, None where there is none; KgError where one cannot be read."""
    files = index_paths()
    return Gazetteer(files) if files else None


def index_paths() -> list[Path]:
    """The index files, the packages' first, then by name."""
    return sorted(folder().glob("*.sqlite"), key=lambda path: (path.stem != PACKAGED, path.name))


def index_files() -> list[IndexFile]:
    """The index files with what is in them; KgError where one cannot be read."""
    found = []
    for path in index_paths():
        with contextlib.closing(_opened(path)) as database:
            made_of = database.execute("SELECT made_of FROM about").fetchone()[0]
            counts = [database.execute(f"SELECT COUNT(*) FROM {t}").fetchone()[0] for t in ("places", "names")]  # noqa: S608
            found.append(IndexFile(path.stem, path, made_of, *counts))
    return found


def _opened(path: Path) -> sqlite3.Connection:
    again = "build it again with `kg places --build`"
    try:
        database = sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True)
        version = database.execute("SELECT version FROM about").fetchone()
    except sqlite3.Error as error:
        raise KgError(f"{path}: no index of places ({error}): {again}, or remove it") from error
    if version is None or version[0] != VERSION:
        database.close()
        raise KgError(f"{path}: an index of places of another version of kg: {again}")
    return database
