"""The ontology and shapes files that a person added: which they are, and whether a store remembers others.

A store that was read with somebody's event types would lose their events without a word if it were read again without
them; so it remembers names and digests, and ``load`` says what is missing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from kg.core.errors import StoreError

if TYPE_CHECKING:
    from kg.store.opening import Store


def digests(ontology: Sequence[Path], shapes: Sequence[Path]) -> dict[str, dict[str, str]]:
    """Name and digest of each file, folders as the Turtle files in them; StoreError for one that cannot be read."""
    return {kind: _digests(paths) for kind, paths in (("ontology", ontology), ("shapes", shapes)) if paths}


def _digests(paths: Sequence[Path]) -> dict[str, str]:
    found: dict[str, str] = {}
    for path in (file for given in paths for file in (sorted(given.glob("*.ttl")) if given.is_dir() else [given])):
        name = path.name if path.name not in found else f"{path.absolute().parent.name}/{path.name}"
        try:
            found[name] = hashlib.sha256(path.read_bytes()).hexdigest()[:16]
        except OSError as error:
            raise StoreError(f"{path} cannot be read: {error.strerror}") from error
    return found


def missing(store: Store, given: Mapping[str, Mapping[str, str]]) -> list[str]:
    """The files that a store remembers and that are not given, by name or content, as ``--ontology NAME``."""
    lost = []
    for kind, files in store.added_files().items():
        here = given.get(kind, {})
        contents = set(here.values())
        lost += [f"--{kind} {name}" for name, digest in files.items() if name not in here and digest not in contents]
    return sorted(lost)


def check_given(store: Store, given: Mapping[str, Mapping[str, str]]) -> None:
    """StoreError where a store was read with files that are not given now."""
    if lost := missing(store, given):
        raise StoreError(
            f"store {store.location} was read with {', '.join(lost)}: what they found would be lost without a word; "
            "give them again, or say --forget-added"
        )
