"""What Turtle files say, by subject and predicate: strings in place of RDF terms, and the file each subject stands in.

The second place where pyoxigraph is used (its parser only): it reads a lexicon of thousands of words in milliseconds,
where rdflib takes seconds. No pyoxigraph object leaves this module. ``vocabulary`` is what a store holds of it.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, NoReturn

import pyoxigraph

from kg.core.bounded import as_utf8, read_bounded
from kg.core.budgets import RDF_BYTES
from kg.core.errors import KgError, OntologyError
from kg.core.nesting import check_turtle
from kg.core.vocab import ONTOLOGY, OWL, RDF, RDFS, SKOS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

RDF_TYPE = f"{RDF}type"


class Term(NamedTuple):
    """One object of a triple: its text, and whether it is an IRI, a blank node or a literal."""

    text: str
    kind: str  # "iri", "blank" or "literal"


@dataclass(frozen=True)
class Statements:
    """Everything the files say, by subject and predicate, and which file says it."""

    values: Mapping[str, Mapping[str, tuple[Term, ...]]]
    file_of: Mapping[str, str]
    owner_of: Mapping[str, str]  # node in brackets → the subject that it stands on
    files: tuple[Path, ...]
    digest: str

    def terms(self, subject: str, predicate: str) -> tuple[Term, ...]:
        """The objects of a subject's predicate, sorted; none where nothing is said."""
        return self.values.get(subject, {}).get(predicate, ())

    def texts(self, subject: str, predicate: str) -> tuple[str, ...]:
        """The objects as plain text."""
        return tuple(term.text for term in self.terms(subject, predicate))

    def text(self, subject: str, predicate: str) -> str:
        """The first object as plain text, "" where there is none."""
        return next(iter(self.texts(subject, predicate)), "")

    def kg(self, subject: str, name: str) -> tuple[str, ...]:
        """The objects of a property of the kg: namespace as plain text."""
        return self.texts(subject, ONTOLOGY + name)

    def number(self, subject: str, name: str, default: float) -> float:
        """The number that a property of the kg: namespace gives; OntologyError for what is none."""
        given = self.kg(subject, name)
        try:
            return float(given[0]) if given else default
        except ValueError:
            self.fail(subject, f"kg:{name} {given[0]!r} is no number")

    def of_type(self, iri: str) -> Iterator[str]:
        """The subjects that are instances of a class, in a fixed order."""
        return (s for s in sorted(self.values) if iri in self.texts(s, RDF_TYPE))

    def fail(self, subject: str, problem: str) -> NoReturn:
        """Raise OntologyError about a subject: its file, its (or its owner's) name, the problem."""
        file = self.file_of.get(subject, "ontology")
        while subject in self.owner_of:
            subject = self.owner_of[subject]
        raise OntologyError(f"{file}: {shown(subject)}: {problem}")


def read_statements(files: tuple[Path, ...]) -> Statements:
    """Read Turtle files; OntologyError for one that cannot be read or is no Turtle, with the line."""
    values: dict[str, dict[str, set[Term]]] = defaultdict(lambda: defaultdict(set))
    file_of: dict[str, str] = {}
    owner_of: dict[str, str] = {}
    digests = []
    for number, path in enumerate(files):
        try:
            content = read_bounded(path, RDF_BYTES)
        except OSError as error:
            raise OntologyError(
                f"{path}: cannot be read ({error.strerror}): check the path given to --ontology"
            ) from error
        digests.append(hashlib.sha256(content).hexdigest())

        def known(node: object, number: int = number) -> Term:
            if isinstance(node, pyoxigraph.NamedNode):
                return Term(node.value, "iri")
            if isinstance(node, pyoxigraph.Literal):
                return Term(node.value, "literal")
            if not isinstance(node, pyoxigraph.BlankNode):
                raise KgError("a triple as a term of a triple (RDF 1.2) is not taken")
            return Term(f"_:{number}.{node.value}", "blank")

        try:
            content = as_utf8(content)
            check_turtle(content)
            for quad in pyoxigraph.parse(content, pyoxigraph.RdfFormat.TURTLE, base_iri=ONTOLOGY):
                subject = known(quad.subject).text
                predicate = quad.predicate.value
                value = known(quad.object)
                values[subject][predicate].add(value)
                if value.kind == "blank":
                    owner_of[value.text] = subject
                if predicate == RDF_TYPE or subject not in file_of:
                    file_of[subject] = str(path)
        except (SyntaxError, ValueError, MemoryError, KgError) as error:
            raise OntologyError(f"{path}: not Turtle: {' '.join(str(error).split())}") from error
    return Statements(
        values={s: {p: tuple(sorted(o)) for p, o in rest.items()} for s, rest in values.items()},
        file_of=file_of,
        owner_of=owner_of,
        files=files,
        digest=hashlib.sha256("".join(sorted(digests)).encode()).hexdigest(),
    )


def local_name(iri: str) -> str:
    """The last part of an IRI: after ``#``, else after the last ``/``."""
    return iri.rpartition("#")[2] if "#" in iri else iri.rpartition("/")[2]


def shown(subject: str) -> str:
    """A term as its file writes it: ``kg:`` names short, other IRIs in angle brackets."""
    if subject.startswith("_:"):
        return "a node in brackets"
    return f"kg:{subject[len(ONTOLOGY) :]}" if subject.startswith(ONTOLOGY) else f"<{subject}>"


# ------------------------------------------------------------------------------------------- what a store holds of it

_KINDS = frozenset({f"{OWL}Class", f"{OWL}ObjectProperty", f"{OWL}DatatypeProperty", f"{SKOS}Concept"})
_TOLD = frozenset(RDFS + name for name in ("subClassOf", "subPropertyOf", "label", "comment", "domain", "range"))


def vocabulary(files: Sequence[Path]) -> bytes:
    """The vocabulary of Turtle files (those of an ``Ontology``, read before) as sorted N-Triples in UTF-8."""
    told = [
        quad.triple
        for file in files
        for quad in pyoxigraph.parse(
            as_utf8(read_bounded(file, RDF_BYTES)), pyoxigraph.RdfFormat.TURTLE, base_iri=ONTOLOGY
        )
        if isinstance(quad.subject, pyoxigraph.NamedNode) and not isinstance(quad.object, pyoxigraph.BlankNode)
    ]
    terms = {triple.subject for triple in told if triple.predicate.value == RDF_TYPE and _of_a_kind(triple)}
    kept = {t for t in told if t.subject in terms and (t.predicate.value in _TOLD or _of_a_kind(t))}
    lines = pyoxigraph.serialize(kept, format=pyoxigraph.RdfFormat.N_TRIPLES) or b""
    return b"".join(sorted(lines.splitlines(keepends=True)))


def _of_a_kind(triple: pyoxigraph.Triple) -> bool:
    kind = triple.object
    return triple.predicate.value == RDF_TYPE and isinstance(kind, pyoxigraph.NamedNode) and kind.value in _KINDS
