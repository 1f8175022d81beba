"""Holding a published copy while it is read, and removing those that nobody holds (``kg.store.disk``)."""

from __future__ import annotations

import fcntl
import os
from typing import TYPE_CHECKING

from kg.store.folder import copies, copy_of, current, damaged, pointed_to, remove_copy

if TYPE_CHECKING:
    from pathlib import Path


def hold_current(folder: Path) -> tuple[int, Path]:
    """A shared lock on the current copy's folder, and that folder; StoreDamagedError where there is none."""
    while True:
        number = pointed_to(folder)
        copy = copy_of(folder, number)
        try:
            lock = os.open(copy, os.O_RDONLY)
        except (FileNotFoundError, NotADirectoryError):
            if number == current(folder):
                raise damaged(folder, f"its published copy {number} is missing") from None
            continue  # published anew and removed between the two steps: read the pointer again
        fcntl.flock(lock, fcntl.LOCK_SH)
        if copy.is_dir() and os.path.samestat(os.fstat(lock), copy.stat()):
            return lock, copy
        os.close(lock)
        if copy.exists() and not copy.is_dir():
            raise damaged(folder, f"its published copy {number} is no folder")


def remove_unused(folder: Path, number: int | None) -> None:
    """Remove the copies that no reader holds, and what a killed writer left half done."""
    for other, ending, copy in copies(folder):
        whole = not ending
        if other == number and whole:
            continue
        if whole and (not (copy / "CURRENT").is_file() or number is None or other > number + 1):
            continue  # not ours
        lock = os.open(copy, os.O_RDONLY)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            # Renamed first: a late reader must find no folder rather than a half-empty one.
            gone = copy if ending else copy.rename(copy.with_name(f"{other}.gone"))
            remove_copy(gone)
        except OSError:
            pass  # a reader holds it, or something is in the way: the next publication tries again
        finally:
            os.close(lock)
