"""Graphs checked against shapes: what is wrong, where, and the sentence it came from.

The one place that knows pySHACL. Shapes are ``shapes/*.ttl``, files that a user adds, and those that ``kg.shapes``
makes of the ontology. The data are checked beside the ontology's class hierarchy, in a copy: they stay as they are.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pyshacl
from pyshacl.errors import ReportableRuntimeError, ShapeLoadError, ValidationFailure
from rdflib import Graph, Literal, Namespace, URIRef
from rdflib.collection import Collection
from rdflib.exceptions import ParserError
from rdflib.namespace import RDF, SH
from rdflib.plugins.parsers.notation3 import BadSyntax

from kg import resources
from kg.errors import OntologyError
from kg.model import ValidationReport, Violation
from kg.shapes import hierarchy, ontology_shapes
from kg.vocab import COMMON_PREFIXES, ONTOLOGY, SCHEMA

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rdflib.term import Node

    from kg.ontology import Ontology

KG = Namespace(ONTOLOGY)
_PREFIXES = {"kg": ONTOLOGY, "kgs": "https://kg.example/shapes#", **COMMON_PREFIXES}
_SENTENCE_END = re.compile(r"(?<=[.!?])[\"”’)]*\s+(?=[\"“‘(]?[A-Z])|\n+")
_LONGEST = 300  # characters of a sentence that is shown


@dataclass(slots=True)
class Shapes:
    """Shapes as read from files; joined with those of an ontology when first used with it."""

    graph: Graph
    _joined: dict[str, tuple[Graph, Graph]] = field(default_factory=dict)

    def beside(self, ontology: Ontology | None) -> tuple[Graph, Graph]:
        """All shapes, and what goes beside the data, for an ontology; without one, the shapes as they are."""
        if ontology is None:
            return self.graph, Graph()
        if ontology.digest not in self._joined:
            shapes = self.graph + ontology_shapes(ontology)
            self._joined[ontology.digest] = (shapes, hierarchy(ontology, shapes))
        return self._joined[ontology.digest]


def load_shapes(paths: Sequence[Path] | None = None) -> Shapes:
    """Read shapes from Turtle files and folders of them; the shipped ones when ``paths`` is None.

    Raises OntologyError, naming the file, for one that is missing, no Turtle, or holds no shape.
    """
    graph = Graph()
    for path in resources.shape_files() if paths is None else paths:
        for file in sorted(path.glob("*.ttl")) if path.is_dir() else [path]:
            graph += _read(file)
    return Shapes(graph)


def _read(path: Path) -> Graph:
    try:
        graph = Graph().parse(path, format="turtle")
    except OSError as error:
        raise OntologyError(f"{path}: cannot be read ({error.strerror}): check the path given to --shapes") from error
    except (BadSyntax, ParserError, ValueError) as error:
        raise OntologyError(f"{path}: not Turtle: {' '.join(str(error).split())[:200]}") from error
    if not any(str(predicate).startswith(str(SH)) for predicate in graph.predicates(unique=True)):
        raise OntologyError(f"{path}: holds no shape: nothing in it uses the sh: vocabulary")
    return graph


def validate_ntriples(data: bytes, shapes: Shapes, ontology: Ontology | None) -> ValidationReport:
    """Check N-Triples: the graph of one article, or of many together."""
    return validate_graph(Graph().parse(data=data, format="nt"), shapes, ontology)


def validate_graph(graph: Graph, shapes: Shapes, ontology: Ontology | None) -> ValidationReport:
    """Check a graph; violations are sorted, readable, and carry the sentence they came from where there is one.

    Raises OntologyError where the shapes themselves are at fault: a path that is none, a query that is none.
    """
    all_shapes, beside = shapes.beside(ontology)
    data = graph + beside if len(beside) else graph
    try:
        conforms, report, _ = pyshacl.validate(data, shacl_graph=all_shapes)
    except (ShapeLoadError, ReportableRuntimeError, ValidationFailure) as error:
        raise OntologyError(f"the shapes cannot be used: {' '.join(str(error).split())}") from error
    except TypeError as error:  # pySHACL's way with sh:lessThan between values of kinds that have no order
        problem = Violation("the graph", None, f"values that cannot be compared: {error}", "Violation")
        return ValidationReport(conforms=False, violations=(problem,))
    if isinstance(report, ValidationFailure) or not isinstance(report, Graph):
        raise OntologyError(f"the shapes cannot be used: {' '.join(str(report).split())}")
    found = {v for result in report.objects(None, SH.result) for v in _violations(report, result, graph, all_shapes)}
    return ValidationReport(bool(conforms), tuple(sorted(found, key=_order)))


def validate_together(graphs: Sequence[Graph], shapes: Shapes, ontology: Ontology | None) -> list[ValidationReport]:
    """The report of each graph: checked as one, which is faster, and one by one only where that finds anything."""
    if len(graphs) > 1:
        together = Graph()
        for graph in graphs:
            together += graph
        report = validate_graph(together, shapes, ontology)
        if report.conforms:
            return [report] * len(graphs)
    return [validate_graph(graph, shapes, ontology) for graph in graphs]


def _order(violation: Violation) -> tuple[str, str, str, str]:
    return violation.focus, violation.shape or "", violation.value or "", violation.path or ""


def _violations(report: Graph, result: Node, data: Graph, shapes: Graph) -> Iterator[Violation]:
    """One result as violations of the nodes at fault: where a class is the focus, of its instances."""
    focus = report.value(result, SH.focusNode)
    value = report.value(result, SH.value)
    shape = report.value(result, SH.sourceShape)
    path = shapes.value(shape, SH.path) if shape is not None else None
    if path is None:
        path = report.value(result, SH.resultPath)
    messages = sorted(str(message) for message in report.objects(result, SH.resultMessage))
    severity = report.value(result, SH.resultSeverity)
    for node, predicate, other in _at_fault(focus, path, value, data, shapes):
        mention = _mention_of(node, data) or _mention_of(other, data)
        yield Violation(
            focus=_shown(node),
            path=_shown_path(predicate, shapes) if predicate is not None else None,
            message="; ".join(messages),
            severity=_shown(severity).removeprefix("sh:"),
            shape=_shown(shape) if isinstance(shape, URIRef) else None,
            value=_shown(other) if other is not None else None,
            article=_article_of(node, mention, data),
            sentence=_sentence(mention, data) if mention is not None else None,
        )


def _at_fault(
    focus: Node | None, path: Node | None, value: Node | None, data: Graph, shapes: Graph
) -> Iterator[tuple[Node | None, Node | None, Node | None]]:
    """(node, path, value): for shapes that hang on a class (see ``kg.shapes``) the event or mention, not the class."""
    if path is None and value is not None and value != focus and str(focus).startswith(ONTOLOGY):
        yield value, None, None
        return
    steps = list(Collection(shapes, path)) if path is not None and (path, RDF.first, None) in shapes else [path]
    if steps[0] is None or shapes.value(steps[0], SH.inversePath) != KG.eventType or value is None:
        yield focus, path, value
    elif len(steps) == 1:
        yield value, KG.eventType, focus
    else:
        for event in data.subjects(KG.eventType, focus):
            if (event, steps[1], value) in data:
                yield event, steps[1], value


# --------------------------------------------------------------------------------------------------- the sentence


def _mention_of(node: Node | None, data: Graph) -> Node | None:
    """The first mention in the text that shows a node: itself, its own, its cue, or one of what it claims."""
    if node is None or isinstance(node, Literal):
        return None
    if (node, KG.exact, None) in data:
        return node
    own = [m for predicate in (KG.mention, KG.cue) for m in data.objects(node, predicate)]
    claimed = (m for thing in data.objects(node, KG.claims) for m in data.objects(thing, KG.mention))
    return min(own or claimed, key=lambda mention: (_number(data.value(mention, KG.begin)), str(mention)), default=None)


def _article_of(node: Node | None, mention: Node | None, data: Graph) -> str | None:
    for subject in (mention, node):
        article = data.value(subject, KG.article) if subject is not None else None
        if article is not None:
            return str(article)
    return str(node) if (node, RDF.type, KG.Article) in data else None


def _sentence(mention: Node, data: Graph) -> str | None:
    """The sentence around a mention, by its punctuation: good enough to recognise, no model needed."""
    text = data.value(data.value(mention, KG.article), URIRef(f"{SCHEMA}articleBody"))
    begin = _number(data.value(mention, KG.begin))
    if text is None or not 0 <= begin < len(str(text)):
        return None
    breaks = [match.span() for match in _SENTENCE_END.finditer(str(text))]
    start = max((end for _, end in breaks if end <= begin), default=0)
    stop = min((at for at, _ in breaks if at > begin), default=len(str(text)))
    sentence = " ".join(str(text)[start:stop].split())
    return sentence if len(sentence) <= _LONGEST else f"{sentence[:_LONGEST]}…"


def _number(node: Node | None) -> int:
    return int(str(node)) if node is not None and str(node).isdecimal() else -1


# --------------------------------------------------------------------------------------------------- as people read


def _shown(node: Node | None) -> str:
    """An IRI with its prefix where it has one, a literal as its text."""
    text = str(node)
    if isinstance(node, URIRef):
        for prefix, namespace in _PREFIXES.items():
            local = text.removeprefix(namespace)
            if local != text and re.fullmatch(r"[\w-]+", local):
                return f"{prefix}:{local}"
    return text


def _shown_path(path: Node, shapes: Graph) -> str:
    """A property path in SPARQL's notation, as far as SHACL's paths go."""
    if isinstance(path, URIRef):
        return _shown(path)
    for predicate, before, after in (
        (SH.inversePath, "^", ""),
        (SH.zeroOrMorePath, "", "*"),
        (SH.oneOrMorePath, "", "+"),
        (SH.zeroOrOnePath, "", "?"),
    ):
        inner = shapes.value(path, predicate)
        if inner is not None:
            return f"{before}{_shown_path(inner, shapes)}{after}"
    alternatives = shapes.value(path, SH.alternativePath)
    members = Collection(shapes, path if alternatives is None else alternatives)
    return ("/" if alternatives is None else "|").join(_shown_path(member, shapes) for member in members)
