"""The folder of a store on disk: what lies in it, and whether it is whole.

    FOLDER/kg-store.json       what the store remembers: layout, base, which database is its own, files of a person
    FOLDER/primary/            the writer's database (kg.store.rewritten: when it is made anew)
    FOLDER/published/N/        copies for readers; ``kg-files`` in each lists its files with size and checksum
    FOLDER/current             the number of the copy that readers open, replaced by rename

``kg-store.json`` is written last when a store is made. So where it is, all else must be, and what is missing was lost:
nothing is then answered or published, since an empty database would pass for a store that holds nothing.
Files and folders of any other name are left alone.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import stat
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kg.core.errors import StoreDamagedError, StoreError

LAYOUT = 4  # 1 had no merge in its default graph, 2 and 3 said things twice (docs/decisions/lean-graph.md)
_LIST = "kg-files"
OURS = "kg-database"
"""In databases beside the writer's that are to take its place, or have left it: by this file they are known as ours."""
_ENGINES_OWN = re.compile(
    r"(?:\d+\.(?:sst|log|dbtmp)|MANIFEST-\d+|OPTIONS-\d+(?:\.dbtmp)?|CURRENT|IDENTITY|LOCK|LOG(?:\.old.*)?|kg-files|kg-database)"
)
_COPY = re.compile(r"([0-9]{1,18})(\.half|\.half\.tmp|\.gone)?")
_NUMBER = re.compile(r"[0-9]{1,18}")


@dataclass(frozen=True, slots=True)
class Record:
    """What a store remembers: the base, the identity of the writer's database, and files that a person added.

    ``added`` holds for "ontology" and "shapes" the name and digest of each file; ``changed`` the articles' graphs that
    a person's update has changed since they were read. ``name`` is the store's as long as it lives: one
    made in its place has another.
    """

    base: str
    database: str | None = None  # unknown in stores of earlier versions
    added: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    changed: tuple[str, ...] = ()
    loose: int = 0  # graphs written since the writer's database was last made anew
    name: str = ""


def read_record(folder: Path) -> Record | None:
    """What the store remembers, None where there is no such file; StoreError where it cannot be read."""
    file = folder / "kg-store.json"
    try:
        values = _as_written(json.loads(_small(file)))
        layout, base = int(values["layout"]), str(values["base"])
        database, added, changed = values.get("database"), values.get("added", {}), values.get("changed", ())
        files_added = {kind: dict(files) for kind, files in added.items()}
        loose, name = int(values.get("loose", 0)), str(values.get("name", ""))
        record = Record(base, database, files_added, tuple(changed), loose, name)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except PermissionError as error:
        raise StoreError(f"{file} cannot be read: {error.strerror}") from error
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise damaged(folder, f"kg-store.json cannot be read ({error})") from error
    check_layout(f"store {folder}", layout)
    return record


def check_layout(what: str, layout: object) -> None:
    """StoreError where a store, or what one is filled from, has graphs that say things otherwise than today's.

    ``layout`` is the number that stands there; what is none was written before it was told.
    """
    if not isinstance(layout, int) or layout < LAYOUT:
        raise StoreError(f"{what} was made by an earlier kg: load its articles again, into a new folder")
    if layout != LAYOUT:
        raise StoreError(f"{what} has layout {layout}, this version of kg knows {LAYOUT}: use a newer kg")


def name_of(folder: Path) -> str:
    """The name of the store in a folder, "" where there is none; StoreError where that cannot be read."""
    record = read_record(folder)
    return record.name if record is not None else ""


def write_record(folder: Path, record: Record) -> None:
    """Replace what the store remembers."""
    values: dict[str, object] = {"layout": LAYOUT, "base": record.base}
    if record.database:
        values["database"] = record.database
    if any(record.added.values()):
        values["added"] = record.added
    if record.changed:
        values["changed"] = record.changed
    if record.loose:
        values["loose"] = record.loose
    if record.name:
        values["name"] = record.name
    values["checksum"] = _checksum_of(values)
    write_whole(folder / "kg-store.json", json.dumps(values, ensure_ascii=False) + "\n")


def _as_written(values: dict[str, Any]) -> dict[str, Any]:
    """The values of a record; ValueError where they are not what was written: another base would answer nothing."""
    checksum = values.pop("checksum", None)  # not in stores of earlier versions
    if checksum is not None and checksum != _checksum_of(values):
        raise ValueError("it is not what was written")
    return values


def _checksum_of(values: Mapping[str, object]) -> int:
    return zlib.crc32(json.dumps(values, sort_keys=True).encode())


def damaged(folder: Path | str, what: str) -> StoreDamagedError:
    """The error for a folder that is not whole: what is wrong, and what can be done."""
    mend = f"kg stats --repair --store {shlex.quote(str(folder))}"
    message = f"store {folder} is damaged: {what}; nothing was changed; `{mend}` mends what can be mended"
    return StoreDamagedError(message, what)


def begun(folder: Path) -> bool:
    """Whether a folder without ``kg-store.json`` holds parts of a store: one being made, or one that lost it."""
    return any((folder / name).exists() for name in ("primary", "published", "current"))


def current(folder: Path) -> int | None:
    """The number of the copy that readers open, None where there is no such file; StoreDamagedError for any other."""
    try:
        words = _small(folder / "current").strip()
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise damaged(folder, f"its file `current` cannot be read ({error})") from error
    if not _NUMBER.fullmatch(words):
        raise damaged(folder, "its file `current` holds no number")
    return int(words)


def pointed_to(folder: Path) -> int:
    """The number of the copy that readers open; StoreDamagedError where nothing points to one."""
    number = current(folder)
    if number is None:
        raise damaged(folder, "its file `current` is missing")
    return number


def copy_of(folder: Path, number: int) -> Path:
    """The folder of a published copy."""
    return folder / "published" / str(number)


def copies(folder: Path) -> list[tuple[int, str, Path]]:
    """The published copies, whole or not, as number, ending and path; what bears another name is not ours."""
    published = folder / "published"
    return [
        (int(match[1]), match[2] or "", path)
        for path in (sorted(published.iterdir()) if published.is_dir() else ())
        if (match := _COPY.fullmatch(path.name)) and path.is_dir() and not path.is_symlink()
    ]


def remove_copy(copy: Path) -> None:
    """Remove the engine's files and ours of a copy; a folder with anything else in it stays with that."""
    for path in copy.iterdir():
        if _ENGINES_OWN.fullmatch(path.name) and not path.is_dir():
            path.unlink(missing_ok=True)
    if not any(copy.iterdir()):
        copy.rmdir()


# ------------------------------------------------------------------------------------------------ lists of files


def list_files(copy: Path, before: Path | None) -> None:
    """Write the list of a copy's files; what is the same file in the copy ``before`` is not read again.

    StoreDamagedError, told of the store, where a file that should be the same as before is not.
    """
    known = _listed(before) if before is not None else {}
    lines = []
    for path in sorted(copy.iterdir()):
        size = path.stat().st_size
        old = known.get(path.name)
        if old is not None and before is not None and path.suffix == ".sst":
            other = before / path.name
            if other.exists() and path.samefile(other):
                lines.append(f"{old[1]:08x} {size} {path.name}\n")
                continue
            if old != (size, checksum(path)):  # the name says that it is the same
                raise damaged(copy.parent.parent, f"primary/{path.name} is not what it was")
        lines.append(f"{checksum(path):08x} {size} {path.name}\n")
    text = "".join(lines)
    (copy / _LIST).write_text(f"{text}{zlib.crc32(text.encode()):08x}\n", encoding="utf-8")


def wrong_in(copy: Path, *, thorough: bool = False) -> str | None:
    """What is wrong with a published copy, in words; None where nothing is.

    All files are looked for, the small ones read; ``thorough`` reads them all.
    """
    try:
        if copy.is_dir() and not os.path.lexists(copy / _LIST):
            return f"published/{copy.name}/{_LIST} is missing"
        for name, (size, crc) in _listed(copy).items():
            path = copy / name
            if not path.is_file():
                return f"published/{copy.name}/{name} is missing"
            if path.stat().st_size != size:
                return f"published/{copy.name}/{name} has {path.stat().st_size} bytes, not {size}"
            if (thorough or path.suffix != ".sst") and checksum(path) != crc:
                return f"published/{copy.name}/{name} is not what was written"
    except ValueError:
        return f"published/{copy.name}/{_LIST} is not what was written"
    except OSError as error:
        return f"published/{copy.name} cannot be read ({error.strerror})"
    if not (copy / "CURRENT").is_file():
        return f"published/{copy.name} holds no database"
    return None


def wrong_in_primary(folder: Path, record: Record, *, thorough: bool = False) -> str | None:
    """What is wrong with the writer's database before it is opened, in words; None where nothing is to be seen.

    ``thorough`` reads the files that it has in common with the published copy.
    """
    primary = folder / "primary"
    if not primary.is_dir():
        return "the writer's database (primary/) is missing"
    if not (primary / "CURRENT").is_file():
        return "the writer's database (primary/) is empty or lacks its file CURRENT"
    if record.database is not None and identity(folder) != record.database:
        return "the database in primary/ is another than the store's own"
    return _wrong_table(folder) if thorough else None


def _wrong_table(folder: Path) -> str | None:
    """The first of the writer's tables that is not what the published copy's list says, where that can be read."""
    if ours_beside(folder, "old").exists():  # made anew, not published yet
        return None
    try:
        number = current(folder)
        listed = _listed(copy_of(folder, number)) if number is not None else {}
    except (OSError, ValueError, StoreError):
        return None
    try:
        for name, written in listed.items():
            path = folder / "primary" / name
            if path.suffix == ".sst" and path.exists() and (path.stat().st_size, checksum(path)) != written:
                return f"primary/{name} is not what was written"
    except OSError as error:
        return f"primary/ cannot be read ({error})"
    return None


def ours_beside(folder: Path, ending: str) -> Path:
    """Where a database of ours lies, or may lie, beside the writer's: another's ``primary.old`` is left alone."""
    path = folder / f"primary.{ending}"
    while os.path.lexists(path) and not (path / OURS).is_file():
        path = path.with_name(f"{path.name}.{ending}")
    return path


def identity(folder: Path) -> str | None:
    """The engine's name for the writer's database, which it gives to each when it makes it."""
    try:
        return (folder / "primary" / "IDENTITY").read_text(encoding="ascii").strip() or None
    except (FileNotFoundError, NotADirectoryError, ValueError):
        return None


def _listed(copy: Path) -> dict[str, tuple[int, int]]:
    """Size and checksum of each file of a copy; nothing where there is no list. ValueError for a broken list."""
    try:
        text, _, crc = _small(copy / _LIST).strip("\n").rpartition("\n")
    except (FileNotFoundError, NotADirectoryError):
        return {}
    text += "\n"
    if zlib.crc32(text.encode()) != int(crc, 16):
        raise ValueError(_LIST)
    lines = (line.split(" ", 2) for line in text.splitlines())
    return {name: (int(size), int(checked, 16)) for checked, size, name in lines}


def checksum(path: Path) -> int:
    """CRC-32 of a file."""
    crc = 0
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            crc = zlib.crc32(block, crc)
    return crc


# ------------------------------------------------------------------------------------------------ small files, syncing


def _small(file: Path) -> str:
    """The text of a small file; OSError for what is no file: a pipe would be waited for."""
    if not stat.S_ISREG(file.stat().st_mode):
        raise OSError(f"{file.name} is no file")
    return file.read_text(encoding="utf-8")


def write_whole(file: Path, text: str) -> None:
    """Write a small file so that it is seen whole or not at all."""
    half = file.with_name(f"{file.name}.half")
    while os.path.lexists(half) and not half.is_file():
        half = half.with_name(f"{half.name}.half")  # somebody's folder
    half.write_text(text, encoding="utf-8")
    half.replace(file)


def sync(folder: Path, number: int) -> None:
    """Have what a publication wrote on the disk before going on: its copy, the pointer to it, and their folders."""
    copy = copy_of(folder, number)
    small = (folder / "current", folder / "kg-store.json")
    for path in (*copy.iterdir(), copy, copy.parent, *small, folder / "primary", folder, folder.resolve().parent):
        if path.exists():
            descriptor = os.open(path, os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
