"""What a store holds of the ontology: its classes, properties and concepts with their labels, as N-Triples.

Words, slots and rules of reading stay in their files, and so does what stands in brackets (unions of classes).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph

from kg.core.bounded import as_utf8, read_bounded
from kg.core.budgets import RDF_BYTES
from kg.core.vocab import ONTOLOGY, OWL, RDF, RDFS, SKOS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_TYPE = f"{RDF}type"
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
    terms = {triple.subject for triple in told if triple.predicate.value == _TYPE and _of_a_kind(triple)}
    kept = {t for t in told if t.subject in terms and (t.predicate.value in _TOLD or _of_a_kind(t))}
    lines = pyoxigraph.serialize(kept, format=pyoxigraph.RdfFormat.N_TRIPLES) or b""
    return b"".join(sorted(lines.splitlines(keepends=True)))


def _of_a_kind(triple: pyoxigraph.Triple) -> bool:
    kind = triple.object
    return triple.predicate.value == _TYPE and isinstance(kind, pyoxigraph.NamedNode) and kind.value in _KINDS
