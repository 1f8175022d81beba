"""Checking a store's folder to the last byte, and mending it from what is whole.

The writer's database and the published copy say the same in two places, of which each can replace the other. What was
broken is put aside under another name and never deleted.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

import pyoxigraph as ox

from kg.core.errors import StoreDamagedError, StoreError, StoreInUseError
from kg.store.disk import DiskWriter, open_database
from kg.store.engine import checked_base
from kg.store.folder import (
    OURS,
    Record,
    begun,
    copies,
    copy_of,
    current,
    damaged,
    identity,
    list_files,
    ours_beside,
    read_record,
    write_record,
    write_whole,
    wrong_in,
    wrong_in_primary,
)

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Health:
    """What was found: one line for each thing that is wrong, and what is whole."""

    wrong: tuple[str, ...]
    record: Record | None
    primary: bool  # the writer's database is whole
    copy: int | None  # the newest published copy that is whole


def check(location: str) -> Health:
    """Read everything in a store's folder and tell what is wrong; changes nothing.

    StoreError where there is no store, StoreInUseError while another process writes it.
    """
    folder = Path(location)
    if not folder.is_dir() or not (begun(folder) or (folder / "kg-store.json").exists()):
        raise StoreError(f"no store in a folder at {location}: only those can be checked")
    with _alone(folder, to_write=False):
        return _examined(folder)


def repair(location: str, base: str | None = None) -> tuple[Health, list[str]]:
    """Mend a store: what was found wrong, and what was done, in words; nothing where nothing was wrong.

    ``base`` serves where the store has lost it and no article tells it. StoreDamagedError where neither the writer's
    database nor a published copy is whole.
    """
    folder = Path(location)
    check(location)
    done = []
    with _alone(folder, to_write=True):
        health = _examined(folder)
        if not health.wrong:
            return health, []
        if not health.primary and health.copy is None:
            raise StoreDamagedError(
                f"store {location} cannot be mended, neither its database nor a copy is whole: "
                f"{'; '.join(health.wrong)}; "
                "restore it from a backup, or load its articles into a new one"
            )
        if not health.primary and health.copy is not None:
            done.append(_rebuild(folder, health.copy))
        if health.record is None or not health.primary:
            if (file := folder / "kg-store.json").exists() and not file.is_file():
                done.append(_put_aside(file))
            before = health.record or Record(_base_of(folder, base))
            write_record(folder, replace(before, database=identity(folder)))
            done += ["wrote kg-store.json anew"] if health.record is None else []
        if health.copy is not None:
            write_whole(folder / "current", str(health.copy))
        else:  # whatever is published is broken: a writer publishes what the database holds
            done.append(_put_aside(folder / "published"))
            if os.path.lexists(folder / "current") and not (folder / "current").is_file():
                done.append(_put_aside(folder / "current"))
    if health.copy is None:
        _publish_anew(folder)
        done.append("published the writer's database anew")
    DiskWriter(location).close()
    return health, done


@contextlib.contextmanager
def _alone(folder: Path, *, to_write: bool) -> Iterator[None]:
    """Keep writers out for the block, by the engine's own lock; a person who may only read shares it with others."""
    file = folder / "primary" / "LOCK"
    try:
        lock = file.open("ab" if to_write else "rb") if file.is_file() else contextlib.nullcontext()
    except PermissionError as error:
        do = "mended" if to_write else "checked"
        what = f"{file} may not be {'written' if to_write else 'read'} by you"
        raise StoreError(f"store {folder} cannot be {do}: {what}; do it as the user who owns the store") from error
    with lock as opened:
        try:
            if opened is not None:
                fcntl.lockf(opened, (fcntl.LOCK_EX if to_write else fcntl.LOCK_SH) | fcntl.LOCK_NB)
        except OSError as error:
            raise StoreInUseError(
                f"store {folder} is in use: another process is writing it; try again later"
            ) from error
        yield


def _examined(folder: Path) -> Health:
    record, no_record = _read(read_record, folder, "kg-store.json")
    number, no_number = _read(current, folder, "current")
    wrong = [problem for problem in (no_record, no_number) if problem]
    whole = None
    if number is not None:
        problem = _wrong_in_copy(copy_of(folder, number))
        wrong += [problem] if problem else []
        whole = None if problem else number
    problem = wrong_in_primary(folder, record or Record(""), thorough=number is not None) or _unreadable(
        folder / "primary"
    )
    if (
        problem is None
        and (record is None or record.database is None)
        and whole is not None
        and _is_empty(folder / "primary")
    ):  # of an unknown name
        problem = None if _is_empty(copy_of(folder, whole)) else "the writer's database (primary/) is empty"
    wrong += [problem] if problem else []
    if problem and whole is None and number is None:  # the pointer is gone: the newest copy that is whole serves
        found = [n for n, ending, copy in copies(folder) if not ending and _wrong_in_copy(copy) is None]
        whole = max(found, default=None)
    return Health(tuple(wrong), record, problem is None, whole)


def _read(read: Callable[[Path], T | None], folder: Path, name: str) -> tuple[T | None, str | None]:
    """What a small file of the folder says, and what is wrong with the file, in words; one of the two is None."""
    try:
        value = read(folder)
    except StoreDamagedError as error:
        return None, error.what
    return value, f"{name} is missing" if value is None else None


def _wrong_in_copy(copy: Path) -> str | None:
    if not copy.is_dir():
        return f"published/{copy.name} is missing"
    return wrong_in(copy, thorough=True) or _unreadable(copy)


def _unreadable(folder: Path) -> str | None:
    """What the engine says where it cannot read a database to its end; opened as a copy that is never written."""
    try:
        for _ in ox.Store.read_only(str(folder)):
            pass
    except (OSError, RuntimeError) as error:
        return f"{folder.parent.name}/{folder.name} cannot be read ({' '.join(str(error).split())[:150]})"
    return None


def _is_empty(database: Path) -> bool:
    return next(iter(ox.Store.read_only(str(database))), None) is None


def _rebuild(folder: Path, number: int) -> str:
    """Put a new writer's database in the place of the broken one, made of a published copy."""
    made = ours_beside(folder, "half")
    shutil.rmtree(made, ignore_errors=True)
    made.mkdir()
    (made / OURS).touch()
    shutil.copytree(copy_of(folder, number), made, ignore=shutil.ignore_patterns("kg-files"), dirs_exist_ok=True)
    said = _put_aside(folder / "primary") if os.path.lexists(folder / "primary") else "primary/ was missing"
    made.rename(folder / "primary")
    (folder / "primary" / OURS).unlink()
    open_database(folder / "primary")  # gives it an identity
    return f"{said}; made the writer's database anew from published/{number}"


def _put_aside(path: Path) -> str:
    number = 1
    while os.path.lexists(aside := path.with_name(f"{path.name}.damaged-{number}")):
        number += 1
    if os.path.lexists(path):
        path.rename(aside)
    return f"put {path.name} aside as {aside.name}"


def _base_of(folder: Path, asked: str | None) -> str:
    """The base of the articles that the database holds, else the one asked for."""
    for name in ox.Store.read_only(str(folder / "primary")).named_graphs():
        head, found, _ = str(getattr(name, "value", "")).partition("/article/")
        if found:
            return checked_base(f"{head}/")
    if asked is None:
        raise damaged(folder, "its base is lost, and no article tells it: give it with --base")
    return checked_base(asked)


def _publish_anew(folder: Path) -> None:
    """Publish what the writer's database holds, where nothing is published."""
    database = open_database(folder / "primary")
    (folder / "published").mkdir(exist_ok=True)
    database.backup(copy_of(folder, 1))
    list_files(copy_of(folder, 1), None)
    write_whole(folder / "current", "1")
