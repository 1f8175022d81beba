"""Property paths of SHACL as functions: from a node to the nodes that a path leads to, each once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.graph.shacl.terms import FIRST, SH, is_iri, is_literal

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from kg.graph.shacl.data import Data

    Path = Callable[[Data, str], Sequence[str]]

_DEPTH = 8  # pySHACL gives up at ten


class NotCompiledError(Exception):
    """Shapes that use what is not compiled here: pySHACL judges then. Says what it was."""


def compiled_path(shapes: Data, path: str) -> Path:
    """The function of a path that stands in a shapes graph; NotCompiledError for what is none."""
    return _compiled(shapes, path, backwards=False, depth=0)


def _compiled(shapes: Data, path: str, *, backwards: bool, depth: int) -> Path:
    if is_iri(path):
        if backwards:
            return lambda data, node: data.subjects(path, node)
        return lambda data, node: data.objects(node, path)
    if is_literal(path) or depth > _DEPTH:
        raise NotCompiledError(f"the path {path}")

    def inner(other: str) -> Path:
        return _compiled(shapes, other, backwards=backwards, depth=depth + 1)

    if shapes.objects(path, FIRST):
        return _sequence([inner(step) for step in _members(shapes, path)], backwards=backwards)
    kinds = [(predicate, other) for predicate, other in shapes.about(path) if predicate in _KINDS]
    if len(kinds) != 1:
        raise NotCompiledError(f"the path {path}")
    ((kind, other),) = kinds
    if kind == SH.inversePath:
        return _compiled(shapes, other, backwards=not backwards, depth=depth + 1)
    if kind == SH.alternativePath:
        return _alternatives([inner(member) for member in _members(shapes, other)])
    return _repeated(inner(other), kind)


_KINDS = (SH.inversePath, SH.alternativePath, SH.zeroOrMorePath, SH.oneOrMorePath, SH.zeroOrOnePath)


def _members(shapes: Data, head: str) -> list[str]:
    members = shapes.items(head)
    if members is None or len(members) < 2:
        raise NotCompiledError(f"the path {head}")
    return members


def _sequence(steps: list[Path], *, backwards: bool) -> Path:
    if backwards:  # pySHACL walks an inverted sequence in the order as written
        raise NotCompiledError("a sequence within an inverse path")

    def walk(data: Data, node: str) -> Sequence[str]:
        nodes: Sequence[str] = (node,)
        for step in steps:
            nodes = list(dict.fromkeys(found for current in nodes for found in step(data, current)))
        return nodes

    return walk


def _alternatives(ways: list[Path]) -> Path:
    return lambda data, node: list(dict.fromkeys(found for way in ways for found in way(data, node)))


def _repeated(step: Path, kind: str) -> Path:
    """``*``, ``+`` and ``?``: the node itself is in the first and the last."""

    def walk(data: Data, node: str) -> Sequence[str]:
        found = {} if kind == SH.oneOrMorePath else {node: None}
        todo = list(step(data, node))
        while todo:
            current = todo.pop()
            if current not in found:
                found[current] = None
                if kind != SH.zeroOrOnePath:
                    todo += step(data, current)
        return list(found)

    return walk
