"""GeoNames' own dumps (``DZ.txt``, ``allCountries.txt``, or the ``.zip`` of one): a line a place, read as a stream.

The columns are those of https://download.geonames.org/export/dump/readme.txt.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from kg.core.errors import KgError
from kg.linking.places.place import Entry, Place, is_a_name

_COLUMNS = 19
_BLOCK = 20_000  # lines between two words on how far it is


def entries(path: Path) -> Iterator[tuple[Entry, tuple[str, str], int]]:
    """The places of a dump, each with the keys of the areas it lies in (first and second order) and the bytes read.

    KgError, with the line, for what is no such dump.
    """
    read = 0
    with _lines(path) as file:
        for number, line in enumerate(file, start=1):
            read += len(line)
            if line.strip():
                yield (*_entry(line, f"{path}: line {number}"), read)
    if not read:
        raise KgError(f"{path}: nothing in it; nothing was built")


@contextmanager
def _lines(path: Path) -> Iterator[IO[bytes]]:
    try:
        if path.suffix.lower() != ".zip":
            with path.open("rb") as file:
                yield file
            return
        with zipfile.ZipFile(path) as archive:
            inside = [name for name in archive.namelist() if name.endswith(".txt") and name != "readme.txt"]
            if len(inside) != 1:
                raise KgError(
                    f"{path}: {len(inside)} text files in it: give GeoNames' archive of one country, or of all"
                )
            with archive.open(inside[0]) as file:
                yield file
    except zipfile.BadZipFile as error:
        raise KgError(f"{path}: not a zip archive: {error}") from error
    except OSError as error:
        raise KgError(f"{path}: cannot be read ({error.strerror or error})") from error


def _entry(line: bytes, where: str) -> tuple[Entry, tuple[str, str]]:
    try:
        parts = line.decode("utf-8").rstrip("\r\n").split("\t")
    except UnicodeDecodeError as error:
        raise KgError(f"{where}: not UTF-8; nothing was built") from error
    if len(parts) != _COLUMNS:
        raise KgError(
            f"{where}: {len(parts)} columns, and a dump of GeoNames has {_COLUMNS}: give DZ.txt or allCountries.txt "
            "from https://download.geonames.org/export/dump/"
        )
    number, name, ascii_name, alternates, lat, lon, letter, code, country, _, first, second, _, _, people, *_ = parts
    try:
        place = Place(
            int(number),
            name,
            f"{letter}.{code}" if code else letter,
            country,
            population=int(people or 0),
            lat=float(lat),
            lon=float(lon),
        )
    except ValueError as error:
        raise KgError(f"{where}: {error}; nothing was built") from error
    area = f"{country}.{first}" if first and first != "00" else ""
    district = f"{area}.{second}" if area and second else ""
    own = {"A.PCLI": country, "A.ADM1": area, "A.ADM2": district}.get(place.code, "")
    names = dict.fromkeys([name, *(n for n in (ascii_name, *alternates.split(",")) if n and is_a_name(n))])
    return Entry(place, tuple(names), own), (area if own != area else "", district if own != district else "")
