"""How our terms stand to those of another vocabulary, by ``alignments.ttl``: what exporters to it go by."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path

from kg.core import resources
from kg.core.vocab import ONTOLOGY, RDFS, SKOS
from kg.ontology.turtle import read_statements

_ABOVE = (f"{RDFS}subClassOf", f"{RDFS}subPropertyOf", f"{SKOS}closeMatch")


@lru_cache(maxsize=8)
def aligned(namespace: str) -> Mapping[str, str]:
    """Local name of ours → the term of the namespace that stands above it (or is close to it); the first of several."""
    files = tuple(path for path in resources.ontology_files() if path.name == "alignments.ttl")
    return _read(files, namespace)


def table(path: Path, namespace: str) -> Mapping[str, str]:
    """The same from a table of an exporter's own."""
    return _read((path,), namespace)


def _read(files: tuple[Path, ...], namespace: str) -> Mapping[str, str]:
    said = read_statements(files)
    found: dict[str, str] = {}
    for subject in sorted(said.values):
        if subject.startswith(ONTOLOGY):
            terms = [term for predicate in _ABOVE for term in said.texts(subject, predicate)]
            for term in terms:
                if term.startswith(namespace):
                    found.setdefault(subject.removeprefix(ONTOLOGY), term)
    return found


def nearest(types: Iterable[str], known: Mapping[str, str], otherwise: str = "") -> str:
    """The term for the most specific of these types (from its own upward) that has one."""
    return next((known[name] for name in types if name in known), otherwise)
