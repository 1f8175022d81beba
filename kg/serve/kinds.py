"""Classes as pages need them: what stands above each by the shipped ontology, and words for it."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from kg.core.iris import local_name
from kg.core.resources import ontology_files
from kg.core.vocab import ONTOLOGY, OWL, RDFS

if TYPE_CHECKING:
    from kg.ontology.turtle import Statements

_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


@lru_cache(maxsize=1)
def _statements() -> Statements:
    from kg.ontology.turtle import read_statements

    return read_statements(tuple(ontology_files()))  # not the whole ontology, which takes seconds


@lru_cache(maxsize=1)
def _above() -> dict[str, tuple[str, ...]]:
    from kg.ontology.classes import Classes

    return Classes(_statements()).upward


@lru_cache(maxsize=1)
def roles() -> tuple[str, ...]:
    """The IRIs of the roles of events, in the ontology's order."""
    said = _statements()
    found = [term for term in said.values if f"{ONTOLOGY}participant" in said.texts(term, f"{RDFS}subPropertyOf")]
    return tuple(sorted(found, key=lambda role: (said.text(role, f"{ONTOLOGY}order") or "", role)))


def warm() -> None:
    """Read the ontology now, so that no page waits for it."""
    _above()
    roles()


def above(kind: str) -> tuple[str, ...]:
    """A class and all above it; of a class that the shipped ontology does not know, itself."""
    return _above().get(kind, (kind,))


def below(kind: str) -> tuple[str, ...]:
    """A class and all below it, sorted."""
    return tuple(sorted({kind, *(one for one, upward in _above().items() if kind in upward)}))


def words(iri: str) -> str:
    """A class or property in words: ``AirStrike`` as "air strike"."""
    return _CAMEL.sub(" ", local_name(iri)).lower()


def most_specific(kinds: set[str]) -> tuple[str, ...]:
    """Those of the classes of ours above which no other of them stands, sorted."""
    ours = {kind for kind in kinds if kind.startswith(ONTOLOGY)} or kinds
    general = {other for kind in ours for other in above(kind) if other != kind}
    return tuple(sorted(ours - general))


def declared() -> tuple[list[str], list[str]]:
    """The classes and the properties of the shipped ontology."""
    said = _statements()
    properties = {*said.of_type(f"{OWL}ObjectProperty"), *said.of_type(f"{OWL}DatatypeProperty")}
    return sorted(_above()), sorted(term for term in properties if term.startswith(ONTOLOGY))
