"""What is wrong with shapes before anything is checked: mistakes that SHACL passes over in silence."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

from kg.core.vocab import ONTOLOGY
from kg.graph.shacl.terms import CLASS, SH, TRUE, TYPE, is_iri
from kg.ontology.turtle import read_statements

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from kg.graph.shacl.data import Data
    from kg.ontology.values import Ontology

_TARGETS = (SH.targetClass, SH.targetNode, SH.targetSubjectsOf, SH.targetObjectsOf, SH.target)
_TO_SHAPE = (SH.property, SH.node, SH["not"], SH.qualifiedValueShape)
_TO_SHAPES = (SH["and"], SH["or"], SH.xone)
_CLASSES = (CLASS, "<http://www.w3.org/2002/07/owl#Class>")
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
# The other names of the recommendation and of its advanced features; those of components and of code go by their form.
_RARE = set(
    "AbstractResult Function NodeKind Parameter Parameterizable PrefixDeclaration PropertyGroup ResultAnnotation Rule "
    "Severity Shape Target TargetType TripleRule ValidationReport ValidationResult Validator annotationProperty "
    "annotationValue annotationVarName condition conforms construct declare defaultValue description detail entailment "
    "expression filterShape focusNode group intersection js jsFunctionName jsLibrary jsLibraryURL labelTemplate name "
    "namespace nodeValidator nodes object optional order parameter predicate prefix propertyValidator result "
    "resultAnnotation resultMessage resultPath resultSeverity returnType rule shapesGraph shapesGraphWellFormed "
    "sourceConstraint sourceConstraintComponent sourceShape subject suggestedShapesGraph target this union update "
    "validator value BlankNodeOrLiteral IRIOrLiteral".split()
)
_FORMS = ("ConstraintComponent", "JS", "SPARQL")


def misspelt(graph: Data) -> str | None:
    """Words about the first term that is none of SHACL's, with what was meant; None where all are known."""
    prefix = f"<{SH.iri}"
    names = {term[len(prefix) : -1] for triple in graph.triples() for term in triple if term.startswith(prefix)}
    for name in sorted(names - set(_USUAL) - _RARE - {""}):
        if not (name.endswith(_FORMS) or name.startswith(_FORMS)):
            meant = get_close_matches(name, _USUAL, n=1)
            return f"sh:{name} is no term of SHACL{f', did you mean sh:{meant[0]}?' if meant else ''}"
    return None


def undeclared(terms: Iterable[str], ontology: Ontology, shown: Callable[[str], str]) -> str | None:
    """Words about the first of some terms that is of our vocabulary and in no file of the ontology; None where all are.

    A shape whose target is misspelt would be true of everything.
    """
    ours = {term[1:-1] for term in terms if term.startswith(f"<{ONTOLOGY}")} - set(ontology.iris.values())
    if not ours:
        return None
    declared = {subject for subject in read_statements(ontology.files).values if not subject.startswith("_:")}
    for term in sorted(ours - declared):
        names = {shown(f"<{one}>"): one for one in sorted(declared)}
        meant = get_close_matches(shown(f"<{term}>"), names, n=1)
        hint = f"did you mean {meant[0]}?" if meant else "declare it (--ontology)"
        return f"{shown(f'<{term}>')} is in no file of the ontology; {hint}"
    return None


def without_target(graph: Data, shown: Callable[[str], str]) -> str | None:
    """Words about the first shape that nothing is checked against: no target, and no other shape refers to it."""
    used = {o for _, p, o in graph.triples() if p != TYPE}
    for shape in sorted(_shapes(graph)):
        aimed = any(graph.objects(shape, target) for target in _TARGETS)
        is_class = any(kind in _CLASSES for kind in graph.objects(shape, TYPE))
        if not (aimed or shape in used or is_class or TRUE in graph.objects(shape, SH.deactivated)):
            return (
                f"{shown(shape)} has no target, so it checks nothing: give it sh:targetClass, sh:targetNode or the like"
            )
    return None


def recursive(graph: Data, shown: Callable[[str], str]) -> str | None:
    """Words about the first shape that comes back to itself: what that means SHACL leaves open (section 3.4.3)."""
    done: set[str] = set()
    for start in sorted(_shapes(graph)):
        path: list[str] = []
        stack: list[tuple[str, Iterator[str]]] = [(start, _inner(graph, start))] if start not in done else []
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
                names = [shown(s) for s in path[path.index(following) :] if is_iri(s)]
                circle = " → ".join([*names, names[0]]) if names else "a shape in brackets"
                return f"{circle} is recursive, and SHACL leaves open what that means: ask for a class (sh:class)"
            elif following not in done:
                stack.append((following, _inner(graph, following)))
    return None


def _shapes(graph: Data) -> set[str]:
    """Everything that is typed as a shape."""
    return {s for kind in (SH.NodeShape, SH.PropertyShape) for s in graph.subjects(TYPE, kind)}


def _inner(graph: Data, shape: str) -> Iterator[str]:
    """The shapes that a shape refers to, in a fixed order."""
    found = {other for predicate in _TO_SHAPE for other in graph.objects(shape, predicate)}
    lists = [head for predicate in _TO_SHAPES for head in graph.objects(shape, predicate)]
    found.update(member for head in lists for member in graph.items(head) or ())
    return iter(sorted(found))
