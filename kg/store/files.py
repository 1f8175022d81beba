"""RDF files on their way into a store: any serialisation in, N-Triples without blank nodes out.

Beside its siblings ``kg.store*`` this names pyoxigraph. Blank nodes get IRIs (skolemisation, RDF 1.1 Concepts §3.5)
by the labels of RDFC-1.0, so that the same file gives the same triples wherever and however often it is read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import pyoxigraph as ox

from kg.core.errors import KgError
from kg.store.formats import ENDINGS, of_file


def read_triples(path: Path, graph: str) -> list[ox.Triple]:
    """The triples of an RDF file (its named graphs as one), relative IRIs resolved against the IRI ``graph``.

    Sorted; blank nodes become ``GRAPH#blank-…``. KgError, with the line, for a file that cannot be read as RDF.
    """
    return sorted(_without_blank_nodes(set(parse_triples(path, graph)), graph), key=str)


def parse_triples(path: Path, base: str) -> Iterator[ox.Triple]:
    """The triples of an RDF file as they stand in it, blank nodes included. KgError as for ``read_triples``."""
    form = of_file(path)
    if form is None:
        raise KgError(f"{path}: unknown kind of RDF file: name it one of {' '.join(ENDINGS)}")
    try:
        for quad in ox.parse(path=path, format=form.engine, base_iri=base):
            yield quad.triple
    except SyntaxError as error:
        raise KgError(f"{path}: not {form.engine.name}: {' '.join(str(error).split())}; nothing was merged") from error
    except OSError as error:
        raise KgError(f"{path}: cannot be read ({error.strerror or error})") from error


def to_ntriples(triples: Iterable[ox.Triple]) -> bytes:
    """Triples as sorted N-Triples."""
    lines = ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES) or b""
    return b"".join(sorted(lines.splitlines(keepends=True)))


def from_ntriples(ntriples: bytes) -> list[ox.Triple]:
    """The triples of N-Triples that a store gave."""
    return [quad.triple for quad in ox.parse(ntriples, ox.RdfFormat.N_TRIPLES)]


def _without_blank_nodes(triples: set[ox.Triple], graph: str) -> set[ox.Triple]:
    if not any(isinstance(term, ox.BlankNode) for triple in triples for term in (triple.subject, triple.object)):
        return triples
    dataset = ox.Dataset(ox.Quad(*triple) for triple in triples)
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)

    def named(term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> ox.NamedNode | ox.Literal:
        if isinstance(term, ox.Triple):
            raise KgError("a triple as object of a triple (RDF 1.2) cannot be merged: state it with rdf:Statement")
        return ox.NamedNode(f"{graph}#blank-{term.value}") if isinstance(term, ox.BlankNode) else term

    return {
        ox.Triple(named(quad.subject), quad.predicate, named(quad.object))  # type: ignore[arg-type]
        for quad in dataset
    }
