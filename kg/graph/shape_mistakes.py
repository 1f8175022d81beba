"""What is wrong with shapes before anything is checked: mistakes that SHACL passes over in silence."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

from rdflib import RDFS, Literal, URIRef
from rdflib.collection import Collection
from rdflib.namespace import OWL, RDF, SH

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rdflib import Graph
    from rdflib.term import Node

_TARGETS = (SH.targetClass, SH.targetNode, SH.targetSubjectsOf, SH.targetObjectsOf, SH.target)
_TO_SHAPE = (SH.property, SH.node, SH["not"], SH.qualifiedValueShape)
_TO_SHAPES = (SH["and"], SH["or"], SH.xone)
_USUAL = (
    "targetClass targetNode targetSubjectsOf targetObjectsOf path property node class datatype nodeKind minCount "
    "maxCount "
    "minInclusive maxInclusive minExclusive maxExclusive minLength maxLength pattern flags in hasValue equals disjoint "
    "lessThan lessThanOrEquals and or not xone closed ignoredProperties qualifiedValueShape qualifiedMinCount "
    "qualifiedMaxCount languageIn uniqueLang message severity sparql select ask prefixes deactivated inversePath "
    "alternativePath zeroOrMorePath oneOrMorePath zeroOrOnePath NodeShape PropertyShape Violation Warning Info IRI "
    "Literal "
    "BlankNode BlankNodeOrIRI"
).split()


def misspelt(graph: Graph) -> str | None:
    """Words about the first term that is none of SHACL's, with what was meant; None where all are known."""
    prefix = str(SH)
    terms = {term for triple in graph for term in triple if isinstance(term, URIRef) and term.startswith(prefix)}
    for term in sorted(terms):
        if term not in SH and term != URIRef(prefix):
            name = term.removeprefix(prefix)
            meant = get_close_matches(name, _USUAL, n=1)
            return f"sh:{name} is no term of SHACL{f', did you mean sh:{meant[0]}?' if meant else ''}"
    return None


def without_target(graph: Graph, shown: Callable[[Node], str]) -> str | None:
    """Words about the first shape that nothing is checked against: no target, and no other shape refers to it."""
    for shape in sorted(_shapes(graph), key=str):
        aimed = any((shape, target, None) in graph for target in _TARGETS)
        used = any(predicate != RDF.type for _, predicate in graph.subject_predicates(shape))
        is_class = any((shape, RDF.type, kind) in graph for kind in (RDFS.Class, OWL.Class))
        if not (aimed or used or is_class or (shape, SH.deactivated, Literal(True)) in graph):
            return (
                f"{shown(shape)} has no target, so it checks nothing: give it sh:targetClass, sh:targetNode or the like"
            )
    return None


def recursive(graph: Graph, shown: Callable[[Node], str]) -> str | None:
    """Words about the first shape that comes back to itself: what that means SHACL leaves open (section 3.4.3)."""
    done: set[Node] = set()
    for start in sorted(_shapes(graph), key=str):
        path: list[Node] = []
        stack: list[tuple[Node, Iterator[Node]]] = [(start, _inner(graph, start))] if start not in done else []
        while stack:
            shape, rest = stack[-1]
            if len(path) < len(stack):
                path.append(shape)
            following = next(rest, None)
            if following is None:
                done.add(shape)
                stack.pop()
                path.pop()
            elif following in path:
                names = [shown(s) for s in path[path.index(following) :] if isinstance(s, URIRef)]
                circle = " → ".join([*names, names[0]]) if names else "a shape in brackets"
                return f"{circle} is recursive, and SHACL leaves open what that means: ask for a class (sh:class)"
            elif following not in done:
                stack.append((following, _inner(graph, following)))
    return None


def _shapes(graph: Graph) -> set[Node]:
    """Everything that is typed as a shape."""
    return {s for kind in (SH.NodeShape, SH.PropertyShape) for s in graph.subjects(RDF.type, kind)}


def _inner(graph: Graph, shape: Node) -> Iterator[Node]:
    """The shapes that a shape refers to, in a fixed order."""
    found = {other for predicate in _TO_SHAPE for other in graph.objects(shape, predicate)}
    lists = [head for predicate in _TO_SHAPES for head in graph.objects(shape, predicate)]
    found.update(member for head in lists for member in Collection(graph, head))
    return iter(sorted(found, key=str))
