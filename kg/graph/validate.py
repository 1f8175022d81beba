"""Graphs checked against shapes: what is wrong, where, and the sentence it came from.

Shapes are ``shapes/*.ttl``, files that a user adds, and those that ``kg.graph.ontology_shapes`` makes of the ontology.
They are compiled (``kg.graph.shacl``); where a user's shapes use what is not compiled, or values are judged by the
letter of pySHACL, it judges the whole: there is never a third answer. The data are checked beside the ontology's class
hierarchy and stay as they are.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox

from kg.core import resources
from kg.core.bounded import as_utf8, read_bounded
from kg.core.budgets import RDF_BYTES
from kg.core.errors import KgError, OntologyError
from kg.core.iris import Shortener, article_of, span_of
from kg.core.model import ValidationReport, Violation
from kg.core.nesting import check_turtle
from kg.core.vocab import COMMON_PREFIXES, ONTOLOGY, SCHEMA
from kg.graph.ontology_shapes import hierarchy, ontology_shapes
from kg.graph.shacl.compiled import UNTOLD, NotCompiledError, Program, compiled
from kg.graph.shacl.data import Data
from kg.graph.shacl.queries import Engine
from kg.graph.shacl.results import IncomparableError
from kg.graph.shacl.terms import FIRST, SH, Namespace, UnsureError, is_iri, is_literal, text_of
from kg.graph.shape_mistakes import misspelt, recursive, undeclared, without_target
from kg.ontology.sentences import sentence_marked

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kg.graph.shacl.results import Result
    from kg.ontology.values import Ontology

KG = Namespace(ONTOLOGY)
_BODY = Namespace(SCHEMA).articleBody
_SHORT = Shortener({"kg": ONTOLOGY, "kgs": "https://kg.example/shapes#", **COMMON_PREFIXES})


@dataclass(slots=True)
class Shapes:
    """Shapes as read from files; joined with those of an ontology when first used with it."""

    graph: Data
    added: frozenset[str] = frozenset()  # the terms that files of a person speak of
    _joined: dict[str, Joined] = field(default_factory=dict)

    def joined(self, ontology: Ontology | None) -> Joined:
        """The shapes with those of an ontology; without one, as they are.

        OntologyError where a person's shapes speak of a term of our vocabulary that the ontology does not declare.
        """
        digest = ontology.digest if ontology is not None else ""
        if digest not in self._joined:
            if ontology is not None and (problem := undeclared(self.added, ontology, _shown)):
                raise OntologyError(f"the shapes cannot be used: {problem}")
            more = () if ontology is None else ontology_shapes(ontology)
            everything = Data(dict.fromkeys([*self.graph.triples(), *more]))
            beside = Data() if ontology is None else hierarchy(ontology, everything)
            self._joined[digest] = Joined.of(everything, beside)
        return self._joined[digest]


@dataclass(frozen=True, slots=True)
class Joined:
    """All shapes, what goes beside the data, and the shapes compiled, or why they are not."""

    shapes: Data
    beside: Data
    beside_ntriples: bytes
    engine: Engine
    program: Program | None
    reason: str = ""

    @classmethod
    def of(cls, shapes: Data, beside: Data) -> Joined:
        """Compile the shapes, where they can be."""
        lines = "".join(sorted(f"{s} {p} {o} .\n" for s, p, o in beside.triples())).encode()
        try:
            return cls(shapes, beside, lines, Engine(lines), compiled(shapes))
        except (NotCompiledError, UnsureError) as error:
            return cls(shapes, beside, lines, Engine(), None, str(error))

    def results(self, data: Data, ntriples: bytes) -> list[Result]:
        """What is wrong with data (which have the hierarchy beside them), given as N-Triples too."""
        if self.program is not None:
            try:
                with self.engine.holding(ntriples) as database:
                    return self.program.run(data, database)
            except UnsureError:
                pass
        return self.refereed(data, ntriples)

    def refereed(self, data: Data, ntriples: bytes) -> list[Result]:
        """What pySHACL finds wrong with it."""
        from kg.graph.shacl.referee import judged

        return judged(data, self.shapes, (self.beside_ntriples, ntriples))


def load_shapes(paths: Sequence[Path] | None = None) -> Shapes:
    """Read shapes from Turtle files and folders of them; the shipped ones when ``paths`` is None.

    Raises OntologyError, naming the file, for one that is missing, no Turtle, or holds no shape.
    """
    triples: dict[tuple[str, str, str], None] = {}
    added: set[str] = set()
    shipped = resources.shape_files()
    for path in shipped if paths is None else paths:
        for file in sorted(path.glob("*.ttl")) if path.is_dir() else [path]:
            read = dict.fromkeys(_read(file).triples())
            triples |= read
            if file not in shipped:
                added.update(o for _, _, o in read)
    graph = Data(triples)
    if problem := without_target(graph, _shown) or recursive(graph, _shown):
        raise OntologyError(f"the shapes cannot be used: {problem}")
    return Shapes(graph, frozenset(added))


def _read(path: Path) -> Data:
    try:
        text = as_utf8(read_bounded(path, RDF_BYTES))
        check_turtle(text)
        quads = ox.parse(text, ox.RdfFormat.TURTLE, base_iri=path.absolute().as_uri())
        triples = {(str(quad.subject), str(quad.predicate), str(quad.object)): None for quad in quads}
    except OSError as error:
        raise OntologyError(f"{path}: cannot be read ({error.strerror}): check the path given to --shapes") from error
    except (SyntaxError, ValueError, KgError) as error:
        raise OntologyError(f"{path}: not Turtle: {' '.join(str(error).split())[:200]}") from error
    graph = Data(triples)
    for shape in graph.having(SH.pattern):
        for pattern in map(text_of, graph.objects(shape, SH.pattern)):
            try:
                re.compile(pattern)
            except re.error as error:
                owner = shape if is_iri(shape) else next(iter(graph.subjects(SH.property, shape)), shape)
                name = _shown(owner) if is_iri(owner) else "a shape in brackets"
                what = f"the sh:pattern {pattern[:60]!r} of {name} is no regular expression ({error})"
                raise OntologyError(f"{path}: {what}: correct it") from error
    if problem := misspelt(graph):
        raise OntologyError(f"{path}: {problem}")
    if not any(predicate.startswith(f"<{SH.iri}") for _, predicate, _ in triples):
        raise OntologyError(f"{path}: holds no shape: nothing in it uses the sh: vocabulary")
    return graph


def validate_ntriples(data: bytes, shapes: Shapes, ontology: Ontology | None) -> ValidationReport:
    """Check canonical N-Triples; violations are sorted, readable, and carry the sentence they came from, if any.

    Raises OntologyError where the shapes themselves are at fault: a path that is none, a query that is none.
    """
    joined = shapes.joined(ontology)
    graph = Data.of(data, joined.beside)
    try:
        results = joined.results(graph, data)
    except IncomparableError as error:
        problem = Violation("the graph", None, f"values that cannot be compared: {error}", "Violation")
        return ValidationReport(conforms=False, violations=(problem,))
    found = {violation for result in results for violation in _violations(result, graph, joined.shapes)}
    return ValidationReport(not results, tuple(sorted(found, key=_order)))


def validate_together(graphs: Sequence[bytes], shapes: Shapes, ontology: Ontology | None) -> list[ValidationReport]:
    """The report of each graph.

    Where pySHACL judges they are checked as one, since it starts slowly, and one by one where that finds anything.
    """
    if len(graphs) > 1 and shapes.joined(ontology).program is None:
        report = validate_ntriples(b"".join(graphs), shapes, ontology)
        if report.conforms:
            return [report] * len(graphs)
    return [validate_ntriples(graph, shapes, ontology) for graph in graphs]


def _order(violation: Violation) -> tuple[str, str, str, str]:
    return violation.focus, violation.shape or "", violation.value or "", violation.path or ""


def _violations(result: Result, data: Data, shapes: Data) -> Iterator[Violation]:
    """One result as violations of the nodes at fault: where a class is the focus, of its instances."""
    for node, predicate, other in _at_fault(result, data, shapes):
        mention = _mention_of(node, data) or _mention_of(other, data)
        article = _article_of(node, mention, data)
        begin, end = (span_of(text_of(mention)) if mention is not None else None) or (None, None)
        text = data.object(article, _BODY) if article is not None and mention is not None else None
        sentence = (
            sentence_marked(text_of(text), begin, end)
            if text is not None and begin is not None and end is not None
            else ""
        )
        yield Violation(
            focus=_shown(node),
            path=_shown_path(predicate, shapes) if predicate is not None else None,
            message="; ".join(sorted(map(_with_names, result.messages))),
            severity=_shown(result.severity).removeprefix("sh:"),
            shape=_shown(result.shape) if is_iri(result.shape) else None,
            value=_shown(other) if other is not None else None,
            article=text_of(article) if article is not None else None,
            sentence=sentence or None,
            begin=begin,
            end=end,
        )


def _at_fault(result: Result, data: Data, shapes: Data) -> Iterator[tuple[str, str | None, str | None]]:
    """(node, path, value): of shapes that hang on a class the event or mention, not the class."""
    focus, path, value = result.focus, result.path, result.value
    if path is None and value is not None and value != focus and focus.startswith(f"<{ONTOLOGY}"):
        yield value, None, None
        return
    listed = shapes.items(path) if path is not None and shapes.objects(path, FIRST) else None
    steps: Sequence[str | None] = listed or [path]
    if steps[0] is None or shapes.object(steps[0], SH.inversePath) != KG.eventType or value is None:
        yield focus, path, value
    elif len(steps) == 1:
        yield value, KG.eventType, focus
    else:
        for event in data.subjects(KG.eventType, focus):
            if steps[1] is not None and value in data.objects(event, steps[1]):
                yield event, steps[1], value


# --------------------------------------------------------------------------------------------------- the sentence


def _mention_of(node: str | None, data: Data) -> str | None:
    """The first mention in the text that shows a node: what its IRI says, its own, or one of what it claims."""
    if node is None or is_literal(node):
        return None
    if span_of(text_of(node)):
        return node
    own = data.objects(node, KG.mention)
    claimed = [m for thing in data.objects(node, KG.claims) for m in data.objects(thing, KG.mention)]
    spans = {m: span for m in own or claimed if (span := span_of(text_of(m)))}
    return min(spans, key=lambda mention: (spans[mention], mention), default=None)


def _article_of(node: str, mention: str | None, data: Data) -> str | None:
    """The article that a mention or node is, or is scoped to by its IRI (``article#killing-36``)."""
    for subject in (mention, node):
        article = f"<{article_of(text_of(subject))}>" if subject is not None and is_iri(subject) else None
        if article is not None and data.objects(article, _BODY):
            return article
    return None


# --------------------------------------------------------------------------------------------------- as people read


def _shown(term: str) -> str:
    """An IRI with its prefix where it has one, a literal as its text."""
    text = text_of(term)
    return (_SHORT.short(text) or text) if is_iri(term) else text


def _with_names(message: str) -> str:
    """A message as it is; in one that was made of a constraint the names with their prefixes."""
    if not (message.startswith("sh:") and message.endswith(UNTOLD)):
        return message
    return re.sub(r"<([^<>\s]+)>", lambda found: _shown(found[0]), message)


def _shown_path(path: str, shapes: Data) -> str:
    """A property path in SPARQL's notation, as far as SHACL's paths go."""
    if is_iri(path):
        return _shown(path)
    for predicate, before, after in (
        (SH.inversePath, "^", ""),
        (SH.zeroOrMorePath, "", "*"),
        (SH.oneOrMorePath, "", "+"),
        (SH.zeroOrOnePath, "", "?"),
    ):
        inner = shapes.object(path, predicate)
        if inner is not None:
            return f"{before}{_shown_path(inner, shapes)}{after}"
    alternatives = shapes.object(path, SH.alternativePath)
    members = shapes.items(path if alternatives is None else alternatives) or []
    return ("/" if alternatives is None else "|").join(_shown_path(member, shapes) for member in members)
