"""Graphs checked against shapes: what is wrong, where, and the sentence it came from.

The one place that knows pySHACL. Shapes are ``shapes/*.ttl``, files that a user adds, and those that
``kg.graph.ontology_shapes`` makes of the ontology. The data are checked beside the ontology's class hierarchy, in a
copy: they stay as they are.

pySHACL reads a graph of rdflib for what SHACL Core says, and a database of the store's engine for shapes that are a
query: rdflib takes forty times as long for a query, the database a hundred times as long for everything else.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pyshacl
from rdflib import Graph, Literal, Namespace, URIRef
from rdflib.collection import Collection
from rdflib.exceptions import ParserError
from rdflib.namespace import RDF, SH
from rdflib.plugins.parsers.notation3 import BadSyntax

from kg.core import resources
from kg.core.bounded import as_utf8, read_bounded
from kg.core.budgets import RDF_BYTES
from kg.core.errors import KgError, OntologyError
from kg.core.iris import Shortener
from kg.core.model import ValidationReport, Violation
from kg.core.nesting import check_turtle
from kg.core.sentences import sentence_around
from kg.core.vocab import COMMON_PREFIXES, ONTOLOGY, SCHEMA
from kg.graph.ontology_shapes import hierarchy, ontology_shapes
from kg.graph.shape_mistakes import misspelt, recursive, without_target

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from rdflib.term import Node

    from kg.ontology.values import Ontology

    Triple = tuple[Node, Node, Node]

KG = Namespace(ONTOLOGY)
_SHORT = Shortener({"kg": ONTOLOGY, "kgs": "https://kg.example/shapes#", **COMMON_PREFIXES})
_LONGEST = 300  # characters of a sentence that is shown


@dataclass(slots=True)
class Shapes:
    """Shapes as read from files; joined with those of an ontology when first used with it."""

    graph: Graph
    _joined: dict[str, _Joined] = field(default_factory=dict)

    def joined(self, ontology: Ontology | None) -> _Joined:
        """The shapes with those of an ontology; without one, as they are."""
        digest = ontology.digest if ontology is not None else ""
        if digest not in self._joined:
            everything = self.graph if ontology is None else self.graph + ontology_shapes(ontology)
            beside = Graph() if ontology is None else hierarchy(ontology, everything)
            self._joined[digest] = _Joined.of(everything, beside)
        return self._joined[digest]


@dataclass(frozen=True, slots=True)
class _Joined:
    """All shapes; the same with the queries put out of action; the queries' names; what goes beside the data."""

    everything: Graph
    core: Graph
    queries: tuple[str, ...]
    beside: Graph

    @classmethod
    def of(cls, everything: Graph, beside: Graph) -> _Joined:
        """Find the queries: shapes with a name and ``sh:sparql`` that no other shape builds on."""
        queries = [shape for shape in everything.subjects(SH.sparql, unique=True) if isinstance(shape, URIRef)]
        queries = sorted(shape for shape in queries if (None, None, shape) not in everything)
        core = Graph() + everything
        for shape in queries:
            core.set((shape, SH.deactivated, Literal(True)))
        return cls(everything, core, tuple(map(str, queries)), beside)


def load_shapes(paths: Sequence[Path] | None = None) -> Shapes:
    """Read shapes from Turtle files and folders of them; the shipped ones when ``paths`` is None.

    Raises OntologyError, naming the file, for one that is missing, no Turtle, or holds no shape.
    """
    graph = Graph()
    for path in resources.shape_files() if paths is None else paths:
        for file in sorted(path.glob("*.ttl")) if path.is_dir() else [path]:
            graph += _read(file)
    if problem := without_target(graph, _shown) or recursive(graph, _shown):
        raise OntologyError(f"the shapes cannot be used: {problem}")
    return Shapes(graph)


def _read(path: Path) -> Graph:
    try:
        text = as_utf8(read_bounded(path, RDF_BYTES))
        check_turtle(text)
        graph = Graph().parse(data=text, format="turtle", publicID=path.absolute().as_uri())
    except OSError as error:
        raise OntologyError(f"{path}: cannot be read ({error.strerror}): check the path given to --shapes") from error
    except (BadSyntax, ParserError, ValueError, RecursionError, KgError) as error:
        raise OntologyError(f"{path}: not Turtle: {' '.join(str(error).split())[:200]}") from error
    for shape, pattern in graph.subject_objects(SH.pattern):
        try:
            re.compile(str(pattern))
        except re.error as error:
            owner = shape if isinstance(shape, URIRef) else graph.value(None, SH.property, shape)
            name = _shown(owner) if isinstance(owner, URIRef) else "a shape in brackets"
            what = f"the sh:pattern {str(pattern)[:60]!r} of {name} is no regular expression ({error})"
            raise OntologyError(f"{path}: {what}: correct it") from error
    if problem := misspelt(graph):
        raise OntologyError(f"{path}: {problem}")
    if not any(str(predicate).startswith(str(SH)) for predicate in graph.predicates(unique=True)):
        raise OntologyError(f"{path}: holds no shape: nothing in it uses the sh: vocabulary")
    return graph


def validate_ntriples(data: bytes, shapes: Shapes, ontology: Ontology | None) -> ValidationReport:
    """Check N-Triples: the graph of one article, or of many together."""
    return _validate(_parsed(data), [data], shapes.joined(ontology))


def _parsed(data: bytes) -> Graph:
    try:
        return Graph().parse(data=data, format="nt")
    except (ParserError, ValueError) as error:
        what = "triples as terms of triples (RDF 1.2)" if b"<<(" in data else " ".join(str(error).split())[:200]
        raise KgError(f"shapes cannot be checked on {what}: take them out of the graph") from error


def validate_graph(graph: Graph, shapes: Shapes, ontology: Ontology | None) -> ValidationReport:
    """Check a graph; violations are sorted, readable, and carry the sentence they came from where there is one.

    Raises OntologyError where the shapes themselves are at fault: a path that is none, a query that is none.
    """
    return _validate(graph + Graph(), [graph.serialize(format="nt", encoding="utf-8")], shapes.joined(ontology))


def validate_together(
    graphs: Sequence[tuple[Iterable[Triple], bytes]], shapes: Shapes, ontology: Ontology | None
) -> list[ValidationReport]:
    """The report of each graph, given as triples and as N-Triples.

    They are checked as one, which is faster, and one by one only where that finds anything.
    """
    if len(graphs) > 1:
        data = Graph()
        for triples, _ in graphs:
            for triple in triples:
                data.add(triple)
        report = _validate(data, [ntriples for _, ntriples in graphs], shapes.joined(ontology))
        if report.conforms:
            return [report] * len(graphs)
    return [validate_ntriples(ntriples, shapes, ontology) for _, ntriples in graphs]


def _validate(data: Graph, ntriples: Sequence[bytes], shapes: _Joined) -> ValidationReport:
    """Check a graph that is also given as N-Triples; what goes beside the data is added to it."""
    data += shapes.beside
    try:
        results = [*_results(data, shapes.core)]
        if shapes.queries:
            database = ox.Store()
            for part in (shapes.beside.serialize(format="nt", encoding="utf-8"), *ntriples):
                database.load(part, ox.RdfFormat.N_TRIPLES)
            results += _results(database, shapes.everything, shapes.queries)
    except TypeError as error:  # pySHACL's way with sh:lessThan between values of kinds that have no order
        problem = Violation("the graph", None, f"values that cannot be compared: {error}", "Violation")
        return ValidationReport(conforms=False, violations=(problem,))
    found = {v for report, result in results for v in _violations(report, result, data, shapes.everything)}
    return ValidationReport(not results, tuple(sorted(found, key=_order)))


def _results(data: Graph | ox.Store, shapes: Graph, names: Sequence[str] = ()) -> Iterator[tuple[Graph, Node]]:
    """Each result of pySHACL with the graph that describes it, of all shapes or of those named."""
    try:
        # It takes the engine's database too; its types do not say so yet.
        _, report, _ = pyshacl.validate(data, shacl_graph=shapes, use_shapes=[*names])  # type: ignore[arg-type]
    except TypeError:  # of the data, see _validate
        raise
    except Exception as error:  # pySHACL has no class for what it trips over in shapes
        raise OntologyError(f"the shapes cannot be used: {' '.join(str(error).split())[:300]}") from error
    if not isinstance(report, Graph):
        raise OntologyError(f"the shapes cannot be used: {' '.join(str(report).split())}")
    for result in report.objects(None, SH.result):
        yield report, result


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
    """(node, path, value): of shapes that hang on a class the event or mention, not the class."""
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
    sentence = sentence_around(str(text), begin)
    return sentence if len(sentence) <= _LONGEST else f"{sentence[:_LONGEST]}…"


def _number(node: Node | None) -> int:
    return int(str(node)) if node is not None and str(node).isdecimal() else -1


# --------------------------------------------------------------------------------------------------- as people read


def _shown(node: Node | None) -> str:
    """An IRI with its prefix where it has one, a literal as its text."""
    text = str(node)
    return (_SHORT.short(text) or text) if isinstance(node, URIRef) else text


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
