"""The ontology as the extraction needs it: event types, entity types, roles, and the words that show them.

``load_ontology`` reads Turtle and gives one frozen ``Ontology``; ``kg.ontology.reader`` does the reading and says what
is wrong in which file. The format is documented in ``ontology/README.md`` and, term by term, in ``ontology/forms.ttl``.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from kg.core import resources
from kg.ontology.reader import read_ontology
from kg.ontology.turtle import read_statements

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kg.ontology.values import Ontology


def load_ontology(paths: Sequence[Path] | None = None) -> Ontology:
    """Read the ontology from Turtle files and folders of them; the shipped one when ``paths`` is None.

    A list replaces the shipped files: to add to them, pass ``[*resources.ontology_files(), mine]``. Raises
    OntologyError, naming file and term, for a file that is missing or no Turtle and for every mistake in it.
    """
    files: list[Path] = []
    for path in resources.ontology_files() if paths is None else paths:
        files += sorted(path.glob("*.ttl")) if path.is_dir() else [path]
    return _load(tuple(dict.fromkeys(files)), tuple(_stamp(path) for path in files))


def declared_terms() -> frozenset[str]:
    """The IRIs of everything that the shipped ontology says something about: classes, properties, concepts."""
    said = read_statements(tuple(resources.ontology_files())).values
    return frozenset(subject for subject in said if not subject.startswith("_:"))


@lru_cache(maxsize=4)
def _load(files: tuple[Path, ...], stamps: tuple[tuple[int, int], ...]) -> Ontology:  # noqa: ARG001  the stamps are the key
    return read_ontology(files)


def _stamp(path: Path) -> tuple[int, int]:
    """Tell one state of a file from another: its modification time and size; zeros where it is missing."""
    try:
        found = path.stat()
    except OSError:
        return (0, 0)
    return (found.st_mtime_ns, found.st_size)
