"""The classes that an ontology's statements declare, and what stands above each."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from kg.core.errors import OntologyError
from kg.core.vocab import ONTOLOGY, OWL, RDFS
from kg.ontology.turtle import local_name, shown

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kg.ontology.turtle import Statements, Term

_SUBCLASS, _LABEL = f"{RDFS}subClassOf", f"{RDFS}label"
_CLASS = f"{OWL}Class"


class Classes:
    """The hierarchy of classes; OntologyError for the first mistake in it."""

    def __init__(self, statements: Statements) -> None:
        self.said = statements

    @cached_property
    def upward(self) -> dict[str, tuple[str, ...]]:
        """Every class with its superclasses, nearest first, itself first of all."""
        classes = sorted(self.said.of_type(_CLASS))
        named = [c for c in classes if not c.startswith("_:")]
        names: dict[str, str] = {}
        for iri in named:
            other = names.setdefault(local_name(iri), iri)
            if other != iri:
                self.said.fail(iri, f"has the same local name as <{other}>: rename one of them")
            if not self.said.text(iri, _LABEL):
                self.said.fail(iri, 'has no label: add rdfs:label "…"@en')
        return {iri: self.walk(iri, _SUBCLASS, frozenset(named)) for iri in named}

    def walk(self, start: str, relation: str, known: frozenset[str]) -> tuple[str, ...]:
        """``start`` and what is above it in ``known``, nearest first; a cycle is a mistake."""
        order: list[str] = []

        def visit(term: str, path: tuple[str, ...]) -> None:
            if term in path:
                self.said.fail(term, f"is above itself: break the cycle of rdfs:{local_name(relation)}")
            if term not in order:
                for parent in sorted(self.said.texts(term, relation), reverse=True):
                    if parent in known:
                        visit(parent, (*path, term))
                order.append(term)

        visit(start, ())
        return tuple(reversed(order))

    @cached_property
    def class_names(self) -> frozenset[str]:
        """The local names of all classes."""
        return frozenset(map(local_name, self.upward))

    def below(self, root: str) -> list[str]:
        """The classes below a root of the vocabulary, itself among them; OntologyError where it is not there."""
        iri = ONTOLOGY + root
        if iri not in self.upward:
            raise OntologyError(f"the ontology has no kg:{root}: is core.ttl among the files?")
        return [c for c, up in self.upward.items() if iri in up]

    def chain(self, iri: str, root: str) -> tuple[str, ...]:
        """Local names from a class upward to a root of the vocabulary, what lies above the root left out."""
        inside = self.below(root)
        return tuple(local_name(c) for c in self.upward[iri] if c in inside)

    def named(self, subject: str, terms: Iterable[Term]) -> tuple[str, ...]:
        """The local names of classes that a subject names; OntologyError for what is none."""
        found = []
        for term in terms:
            if term.text not in self.upward:
                self.said.fail(subject, f"{shown(term.text)} is no class here")
            found.append(local_name(term.text))
        return tuple(found)
