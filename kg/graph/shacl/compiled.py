"""Shapes compiled: a shapes graph in, functions out that find what SHACL finds.

Core is compiled whole, ``sh:sparql`` is run by the store's engine (``queries``). What pySHACL reads in its own
way, and what is no SHACL, raises NotCompiledError: then pySHACL judges, and nobody gives a third answer.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kg.graph.shacl.constraints import NAMES, OF_VALUES, ONCE, listed, made, whole
from kg.graph.shacl.paths import NotCompiledError, compiled_path
from kg.graph.shacl.queries import compiled_query
from kg.graph.shacl.results import Result
from kg.graph.shacl.terms import CLASS, FALSE, SH, SUBCLASS, TRUE, TYPE, is_blank, is_iri, is_literal, text_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from kg.graph.shacl.constraints import Find
    from kg.graph.shacl.data import Data
    from kg.graph.shacl.paths import Path
    from kg.graph.shacl.queries import Database

_DEPTH = 8  # shapes within shapes; pySHACL gives up at fourteen
_OWL_CLASS = "<http://www.w3.org/2002/07/owl#Class>"
_TARGETS = (SH.targetClass, SH.targetNode, SH.targetSubjectsOf, SH.targetObjectsOf)
_QUALIFIED = ("qualifiedMinCount", "qualifiedMaxCount", "qualifiedValueShapesDisjoint")
_SHAPES = ("property", "node", "not", "and", "or", "xone", "qualifiedValueShape", *_QUALIFIED)
_SILENT = (
    "path targetClass targetNode targetSubjectsOf targetObjectsOf deactivated severity message name description order "
    "group defaultValue flags ignoredProperties declare"
).split()
_KNOWN = {*NAMES, *_SHAPES, *_SILENT, "closed", "sparql"}
_SH = SH.iri
UNTOLD = "does not hold"
"""How the message of a shape without a message ends."""


@dataclass(slots=True)
class Shape:
    """A shape: how to reach its value nodes, and what it demands of them."""

    node: str
    path: str | None
    values: Path
    severity: str
    messages: tuple[str, ...]
    plain: list[tuple[str, Find]] = field(default_factory=list)  # name of the component, values at fault
    others: list[Callable[[Data, str, Sequence[str], Database], Iterable[Result]]] = field(default_factory=list)
    active: bool = True
    of_values: bool = False  # it demands something of each value, and nothing where there is none
    told: dict[str, str] = field(default_factory=dict)  # name of a component: what it demands, for want of a message

    def check(self, data: Data, focus: str, database: Database, found: list[Result]) -> None:
        """Add what is wrong with a focus node."""
        if not self.active:
            return
        values = self.values(data, focus)
        if not values and self.of_values:
            return
        for name, find in self.plain:
            if at_fault := find(data, focus, values):
                found.extend(self.result(name, focus, value) for value in at_fault)
        for more in self.others:
            found.extend(more(data, focus, values, database))

    def holds(self, data: Data, node: str, database: Database) -> bool:
        """Whether a node conforms."""
        found: list[Result] = []
        self.check(data, node, database, found)
        return not found

    def result(self, name: str, focus: str, value: str | None, path: str | None = None) -> Result:
        """A result of one of its components."""
        messages = self.messages or (f"sh:{name}{self.told.get(name, '')} {UNTOLD}",)
        return Result(focus, path or self.path, value, self.node, self.severity, messages)


@dataclass(frozen=True, slots=True)
class Program:
    """All shapes that have targets, ready to run."""

    shapes: tuple[tuple[Shape, tuple[Callable[[Data], Iterable[str]], ...]], ...]

    def run(self, data: Data, database: Database) -> list[Result]:
        """Every result, in no order; UnsureError where a value is judged by the letter of pySHACL."""
        found: list[Result] = []
        focuses: dict[Callable[[Data], Iterable[str]], Iterable[str]] = {}
        for shape, targets in self.shapes:
            for target in targets:
                if target not in focuses:
                    focuses[target] = tuple(dict.fromkeys(target(data)))
            nodes = focuses[targets[0]] if len(targets) == 1 else {n: None for t in targets for n in focuses[t]}
            for node in nodes:
                shape.check(data, node, database, found)
        return found


def compiled(shapes: Data) -> Program:
    """The program of a shapes graph; NotCompiledError, with the reason, where pySHACL has to judge."""
    return _Compiler(shapes).program()


class _Compiler:
    def __init__(self, shapes: Data) -> None:
        self.graph = shapes
        self._made: dict[str, Shape] = {}
        self._targets: dict[tuple[str, str], Callable[[Data], Iterable[str]]] = {}

    def program(self) -> Program:
        for predicate in ("parameter", "target", "rule", "entailment", "js", "expression"):
            if self.graph.uses(SH[predicate]):
                raise NotCompiledError(f"sh:{predicate}")
        classes = {CLASS, _OWL_CLASS, *self.graph.subjects(SUBCLASS, CLASS)}
        shapes = {s for predicate in _TARGETS for s in self.graph.having(predicate)}
        implicit = {
            s
            for s in [
                *self.graph.subjects(TYPE, SH.NodeShape),
                *self.graph.subjects(TYPE, SH.PropertyShape),
                *self.graph.having(SH.property),
                *self.graph.having(SH.node),
            ]
            if not classes.isdisjoint(self.graph.objects(s, TYPE))
        }
        program = []
        for node in sorted(shapes | implicit):
            shape = self.shape(node, ())
            targets = [self._target(p, o) for p in _TARGETS for o in self.graph.objects(node, p)]
            targets += [self._target(SH.targetClass, node)] if node in implicit else []
            program.append((shape, tuple(targets)))
        for kind in (SH.NodeShape, SH.PropertyShape):  # what is wrong with the others is found too
            for node in self.graph.subjects(TYPE, kind):
                self.shape(node, ())
        return Program(tuple(program))

    def _target(self, predicate: str, value: str) -> Callable[[Data], Iterable[str]]:
        """Focus nodes; the same function for the same target, so that they are looked up once."""

        def target(data: Data) -> Iterable[str]:
            if predicate == SH.targetNode:
                return (value,)
            if predicate == SH.targetClass:
                return data.instances(value)
            return data.having(value) if predicate == SH.targetSubjectsOf else data.values_of(value)

        return self._targets.setdefault((predicate, value), target)

    def shape(self, node: str, outer: tuple[str, ...]) -> Shape:
        if node in self._made:
            return self._made[node]
        if node in outer or len(outer) > _DEPTH or is_literal(node):
            raise NotCompiledError(f"the shape {node}, which is recursive, nested deeply, or none")
        facts: dict[str, list[str]] = {}
        for predicate, value in self.graph.about(node):
            if predicate[1:].startswith(_SH):
                facts.setdefault(predicate[1 + len(_SH) : -1], []).append(value)
        for name, values in facts.items():
            if name not in _KNOWN or (name in {*ONCE, "path", "deactivated", "severity", "closed"} and len(values) > 1):
                raise NotCompiledError(f"sh:{name} on {node}")
        shape = self._framed(node, facts)
        inner = (*outer, node)
        for name in sorted(facts):
            shape.told[name] = "".join(f" {_short(value)}" for value in facts[name] if not is_blank(value))
            if name in NAMES:
                finds = made(self.graph, node, name, facts[name], property_shape=shape.path is not None)
                shape.plain += [(name, find) for find in finds]
            elif name in _SHAPES:
                shape.others += [self._of_shapes(shape, name, value, inner, facts) for value in facts[name]]
            elif name == "sparql":
                shape.others += [self._sparql(shape, value) for value in facts[name]]
            elif name == "closed":
                shape.others.append(self._closed(shape, facts))
        shape.of_values = not shape.others and all(name in OF_VALUES for name, _ in shape.plain)
        self._made[node] = shape
        return shape

    def _framed(self, node: str, facts: dict[str, list[str]]) -> Shape:
        """The shape without its constraints."""
        types = self.graph.objects(node, TYPE)
        path = facts.get("path", [None])[0]
        if (SH.NodeShape in types and path) or (SH.PropertyShape in types and (not path or SH.NodeShape in types)):
            raise NotCompiledError(f"the kind of {node}")
        (deactivated,), (severity,) = facts.get("deactivated", [FALSE]), facts.get("severity", [SH.Violation])
        if deactivated not in (TRUE, FALSE) or not is_iri(severity):
            raise NotCompiledError(f"sh:deactivated or sh:severity of {node}")
        messages = facts.get("message", [])
        if not all(map(is_literal, messages)):
            raise NotCompiledError(f"sh:message of {node}")
        values: Path = compiled_path(self.graph, path) if path else (lambda _data, focus: (focus,))
        return Shape(node, path, values, severity, tuple(map(text_of, messages)), active=deactivated == FALSE)

    def _of_shapes(
        self, shape: Shape, name: str, value: str, outer: tuple[str, ...], facts: dict[str, list[str]]
    ) -> Callable[[Data, str, Sequence[str], Database], Iterable[Result]]:
        """A constraint that builds on other shapes."""
        if name in _QUALIFIED:
            if not facts.get("qualifiedValueShape"):
                raise NotCompiledError(f"sh:{name} without sh:qualifiedValueShape")
            return _nothing
        if name == "qualifiedValueShape":
            return self._qualified(shape, value, outer, facts)
        others = [self.shape(other, outer) for other in (listed(self.graph, value) if name in _LISTS else [value])]
        if not others or (name == "property") != (name == "property" and others[0].path is not None):
            raise NotCompiledError(f"sh:{name} of {shape.node}")
        if name == "node" and others[0].path is not None:
            raise NotCompiledError(f"sh:node of {shape.node}")
        if name == "property":
            (inner,) = others

            def passed_on(data: Data, _focus: str, values: Sequence[str], database: Database) -> list[Result]:
                found: list[Result] = []
                for node in values:
                    inner.check(data, node, database, found)
                return found

            return passed_on
        enough = {"node": 1, "not": 0, "xone": 1, "and": len(others), "or": None}[name]

        def find(data: Data, focus: str, values: Sequence[str], database: Database) -> Iterator[Result]:
            for node in values:
                number = sum(other.holds(data, node, database) for other in others)
                if number != enough if enough is not None else not number:
                    yield shape.result(name, focus, node)

        return find

    def _qualified(
        self, shape: Shape, value: str, outer: tuple[str, ...], facts: dict[str, list[str]]
    ) -> Callable[[Data, str, Sequence[str], Database], Iterable[Result]]:
        if shape.path is None or any(len(facts.get(name, ())) > 1 for name in ("qualifiedValueShape", *_QUALIFIED)):
            raise NotCompiledError(f"sh:qualifiedValueShape of {shape.node}")
        least, most = (
            whole(facts[name][0]) if name in facts else None for name in ("qualifiedMinCount", "qualifiedMaxCount")
        )
        (disjoint,) = facts.get("qualifiedValueShapesDisjoint", [FALSE])
        if (least is None and most is None) or disjoint not in (TRUE, FALSE):
            raise NotCompiledError(f"sh:qualifiedValueShape of {shape.node}")
        wanted = self.shape(value, outer)
        siblings = []
        if disjoint == TRUE:
            parents = self.graph.subjects(SH.property, shape.node)
            beside = {p for parent in parents for p in self.graph.objects(parent, SH.property)}
            meant = {q for p in beside for q in self.graph.objects(p, SH.qualifiedValueShape)} - {value}
            siblings = [self.shape(other, outer) for other in sorted(meant)]

        def find(data: Data, focus: str, values: Sequence[str], database: Database) -> Iterator[Result]:
            number = 0
            for node in values:
                if wanted.holds(data, node, database):
                    number += not any(other.holds(data, node, database) for other in siblings)
            if most is not None and number > most:
                yield shape.result("qualifiedMaxCount", focus, None)
            if least is not None and number < least:
                yield shape.result("qualifiedMinCount", focus, None)

        return find

    def _closed(
        self, shape: Shape, facts: dict[str, list[str]]
    ) -> Callable[[Data, str, Sequence[str], Database], Iterable[Result]]:
        closed = facts["closed"][0]
        if closed not in (TRUE, FALSE):
            raise NotCompiledError(f"sh:closed of {shape.node}")
        if closed == FALSE:
            return _nothing
        paths = [path for other in facts.get("property", ()) for path in self.graph.objects(other, SH.path)]
        ignored = [p for head in facts.get("ignoredProperties", ()) for p in listed(self.graph, head)]
        allowed = {*filter(is_iri, paths), *ignored}
        resource = f"<{SUBCLASS[1:-1].partition('#')[0]}#Resource>"

        def find(data: Data, focus: str, values: Sequence[str], _database: Database) -> Iterator[Result]:
            for node in values:
                for predicate, other in data.about(node):
                    if predicate not in allowed and (predicate, other) != (TYPE, resource):
                        yield shape.result("closed", focus, other, predicate)

        return find

    def _sparql(
        self, shape: Shape, constraint: str
    ) -> Callable[[Data, str, Sequence[str], Database], Iterable[Result]]:
        query = compiled_query(self.graph, constraint)
        if query is None:
            return _nothing

        def find(_data: Data, focus: str, _values: Sequence[str], database: Database) -> Iterator[Result]:
            for found in query.solutions(focus, database):
                value = found.value if found.value is not None or shape.path is not None else focus
                messages = (*found.messages, *shape.messages) or (f"sh:sparql {UNTOLD}",)
                path = found.path or shape.path
                yield Result(found.this or focus, path, value, shape.node, shape.severity, messages)

        return find


_LISTS = ("and", "or", "xone")


def _short(term: str) -> str:
    return text_of(term) if is_literal(term) else term


def _nothing(_data: Data, _focus: str, _values: Sequence[str], _database: Database) -> Iterator[Result]:
    return iter(())


__all__ = ["UNTOLD", "NotCompiledError", "Program", "Shape", "compiled"]
