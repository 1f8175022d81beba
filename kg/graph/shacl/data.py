"""Triples, indexed for checking: by predicate and subject, by predicate and object, with the hierarchy of classes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.core.errors import KgError
from kg.graph.shacl.terms import FIRST, NIL, REST, SUBCLASS, TYPE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    Triple = tuple[str, str, str]
    Index = dict[str, dict[str, list[str]]]


class Data:
    """A graph: terms are N-Triples text (``kg.graph.shacl.terms``), and each triple is in it once."""

    def __init__(self, triples: Iterable[Triple] = (), beside: Data | None = None) -> None:
        """Index triples, none given twice; those of ``beside`` are in it too, and shared where that can be."""
        self._out: Index = {}
        self._in: Index = {}
        self._above: dict[str, frozenset[str]] = {}
        out = self._out
        for s, p, o in triples:
            of_predicate = out.get(p)
            if of_predicate is None:
                out[p] = {s: [o]}
            elif s in of_predicate:
                of_predicate[s].append(o)
            else:
                of_predicate[s] = [o]
        if beside is not None:
            self._join(beside)

    @classmethod
    def of(cls, ntriples: bytes, beside: Data | None = None) -> Data:
        """The triples of canonical N-Triples, one a line; KgError for triples as terms of triples (RDF 1.2)."""
        if b"<<(" in ntriples:
            what = "triples as terms of triples (RDF 1.2)"
            raise KgError(f"shapes cannot be checked on {what}: take them out of the graph")
        lines = dict.fromkeys(ntriples.decode().split("\n"))
        lines.pop("", None)
        return cls((_triple(line) for line in lines), beside)

    def _join(self, beside: Data) -> None:
        own_classes = SUBCLASS in self._out
        for predicate, by_subject in beside._out.items():
            if predicate not in self._out:
                self._out[predicate] = by_subject
                self._in[predicate] = beside._inverse(predicate)
            else:
                own = self._out[predicate]
                for subject, objects in by_subject.items():
                    own[subject] = list(dict.fromkeys([*own.get(subject, ()), *objects]))
        if not own_classes:
            self._above = beside._above

    def triples(self) -> Iterator[Triple]:
        """Every triple, in no order."""
        for p, by_subject in self._out.items():
            for s, objects in by_subject.items():
                for o in objects:
                    yield s, p, o

    def objects(self, subject: str, predicate: str) -> Sequence[str]:
        """The objects of a subject's predicate."""
        of_predicate = self._out.get(predicate)
        return of_predicate.get(subject, ()) if of_predicate else ()

    def object(self, subject: str, predicate: str) -> str | None:
        """One object of a subject's predicate, the first in order of text; None where there is none."""
        return min(self.objects(subject, predicate), default=None)

    def subjects(self, predicate: str, object_: str) -> Sequence[str]:
        """The subjects of which a predicate has an object."""
        return self._inverse(predicate).get(object_, ())

    def having(self, predicate: str) -> Iterable[str]:
        """The subjects that have a predicate."""
        return self._out.get(predicate, {})

    def values_of(self, predicate: str) -> Iterable[str]:
        """The objects that a predicate has anywhere."""
        return self._inverse(predicate)

    def about(self, subject: str) -> Iterator[tuple[str, str]]:
        """Predicate and object of each triple of a subject."""
        for predicate, by_subject in self._out.items():
            for o in by_subject.get(subject, ()):
                yield predicate, o

    def uses(self, predicate: str) -> bool:
        """Whether any triple has a predicate."""
        return predicate in self._out

    def items(self, head: str) -> list[str] | None:
        """The members of an RDF list; None for what is none."""
        found: list[str] = []
        seen = set()
        while head != NIL:
            first, rest = self.objects(head, FIRST), self.objects(head, REST)
            if len(first) != 1 or len(rest) != 1 or head in seen:
                return None
            seen.add(head)
            found += first
            (head,) = rest
        return found

    def above(self, class_: str) -> frozenset[str]:
        """A class and its superclasses, at any distance."""
        known = self._above.get(class_)
        if known is None:
            known = self._above[class_] = frozenset(self._reached(class_, self.objects))
        return known

    def instances(self, class_: str) -> Iterator[str]:
        """The instances of a class and of its subclasses, possibly more than once."""
        for below in self._reached(class_, lambda class_, predicate: self.subjects(predicate, class_)):
            yield from self.subjects(TYPE, below)

    def is_a(self, node: str, class_: str) -> bool:
        """Whether a node is an instance of a class or of one below it."""
        return any(class_ in self.above(own) for own in self.objects(node, TYPE))

    def _reached(self, start: str, following: Callable[[str, str], Sequence[str]]) -> set[str]:
        found, todo = {start}, [start]
        while todo:
            for other in following(todo.pop(), SUBCLASS):
                if other not in found:
                    found.add(other)
                    todo.append(other)
        return found

    def _inverse(self, predicate: str) -> dict[str, list[str]]:
        known = self._in.get(predicate)
        if known is None:
            known = self._in[predicate] = {}
            for s, objects in self._out.get(predicate, {}).items():
                for o in objects:
                    known.setdefault(o, []).append(s)
        return known


def _triple(line: str) -> tuple[str, str, str]:
    s, p, o = line.split(" ", 2)
    return s, p, o.removesuffix(" .")
