"""Classes as pages need them: what stands above each by the shipped ontology, and words for it."""

from __future__ import annotations

import re
from functools import lru_cache

from kg.core.iris import local_name
from kg.core.vocab import ONTOLOGY

_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


@lru_cache(maxsize=1)
def _above() -> dict[str, tuple[str, ...]]:
    from kg.ontology.load import load_ontology

    ontology = load_ontology()
    return {
        ontology.iris[name]: tuple(ontology.iris[above] for above in upward if above in ontology.iris)
        for name, upward in ontology.superclasses.items()
        if name in ontology.iris
    }


@lru_cache(maxsize=1)
def roles() -> tuple[str, ...]:
    """The IRIs of the roles of events, as the ontology names them."""
    from kg.ontology.load import load_ontology

    ontology = load_ontology()
    return tuple(dict.fromkeys(ontology.iris[name] for name in ontology.roles))


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
