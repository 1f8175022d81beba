"""Compiling places into an index: one SQLite file a source, written beside and moved into its place when whole.

packages, or a dump → entries → places (by number), names (form → numbers) → FOLDER/NAME.sqlite
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path

from kg.core.errors import KgError
from kg.linking.places import dump, packages
from kg.linking.places.index import PACKAGED, SCHEMA, VERSION, folder
from kg.linking.places.packages import Progress
from kg.linking.places.place import Entry, form

_BATCH = 20_000


def build(source: Path | None, tell: Progress) -> Path:
    """Index the packages' places, or the dump at ``source``; the file of the index, which replaces an older one.

    KgError where the packages are missing, for what is no dump, and where the cache folder cannot be written.
    """
    where = folder()
    name = PACKAGED if source is None else source.name.partition(".")[0]
    if source is not None and name == PACKAGED:
        raise KgError(f"{source}: the packages' index has that name: give the file another")
    target = where / f"{name}.sqlite"
    half = where / f"{name}.{os.getpid()}.half"
    try:
        where.mkdir(parents=True, exist_ok=True)
        half.unlink(missing_ok=True)
        database = sqlite3.connect(half)
        try:
            _fill(database, source, tell)
        finally:
            database.close()
        half.replace(target)
    except (OSError, sqlite3.Error) as error:
        raise KgError(f"no index can be made in {where} ({error}): set KG_CACHE to another folder") from error
    finally:
        half.unlink(missing_ok=True)
    return target


def _fill(database: sqlite3.Connection, source: Path | None, tell: Progress) -> None:
    database.executescript(f"PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; {SCHEMA}")
    if source is None:
        made_of = " ".join(f"{name}/{version}" for name, version in packages.versions().items())
        _write(database, packages.entries(tell))
    else:
        made_of = f"{source.name} {_digest(source)}"
        _write(database, _of_dump(database, source, tell))
        database.executescript(
            "UPDATE places SET admin1 = k.number FROM keys k, inside i WHERE i.number = places.number "
            "AND k.key = i.area;"
            "UPDATE places SET admin2 = k.number FROM keys k, inside i WHERE i.number = places.number "
            "AND k.key = i.district;"
        )
    tell("names", 0, 1)
    database.executescript(
        "CREATE TABLE names (name TEXT, number INTEGER, main INTEGER, PRIMARY KEY (name, number)) WITHOUT ROWID;"
        "INSERT INTO names SELECT name, number, MAX(main) FROM found GROUP BY name, number ORDER BY name, number;"
        "DROP TABLE found; DROP TABLE inside;"
    )
    database.execute("INSERT INTO about VALUES (?, ?)", (VERSION, made_of))
    database.commit()
    database.execute("VACUUM")


def _of_dump(database: sqlite3.Connection, source: Path, tell: Progress) -> Iterator[Entry]:
    """The entries of a dump; where they lie is written down by key, for the areas may come later."""
    total = source.stat().st_size
    for count, (entry, (area, district), read) in enumerate(dump.entries(source)):
        if count % _BATCH == 0:
            tell("places", min(read, total), total)
        database.execute("INSERT OR REPLACE INTO inside VALUES (?, ?, ?)", (entry.place.number, area, district))
        yield entry


def _write(database: sqlite3.Connection, entries: Iterable[Entry]) -> None:
    places: list[tuple[object, ...]] = []
    names: list[tuple[str, int, int]] = []
    keys: list[tuple[str, int]] = []

    def flush() -> None:
        database.executemany("INSERT OR REPLACE INTO places VALUES (?,?,?,?,?,?,?,?,?,?)", places)
        database.executemany("INSERT INTO found VALUES (?,?,?)", names)
        database.executemany("INSERT OR REPLACE INTO keys VALUES (?,?)", keys)
        for rows in (places, names, keys):
            rows.clear()

    for entry in entries:
        place = entry.place
        places.append(
            (
                place.number,
                place.name,
                place.code,
                place.country,
                place.admin1,
                place.admin2,
                place.population,
                place.lat,
                place.lon,
                place.seat,
            )
        )
        names += [(written, place.number, not at) for at, name in enumerate(entry.names) if (written := form(name))]
        keys += [(entry.key, place.number)] if entry.key else []
        if len(places) >= _BATCH:
            flush()
    flush()


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return "sha256:" + hashlib.file_digest(file, "sha256").hexdigest()
