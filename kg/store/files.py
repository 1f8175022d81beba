"""RDF files on their way into a store: any serialisation in, N-Triples without blank nodes out.

Blank nodes get IRIs (skolemisation, RDF 1.1 Concepts §3.5) by the labels of RDFC-1.0, so that the same file gives the
same triples wherever and however often it is read. Files are of strangers: they are parsed by ``kg.store.apart``.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast

import pyoxigraph as ox

from kg.core.bounded import open_patiently
from kg.core.budgets import RDF_BYTES
from kg.core.errors import KgError
from kg.core.packing import ENDINGS, blocks, is_packed
from kg.store.apart import apart
from kg.store.formats import BY_ENDING, Format, of_file

_NO_TRIPLE_TERMS = "a triple as a term of a triple (RDF 1.2) is not taken: state it with rdf:Statement"


def read_triples(path: Path, graph: str) -> list[ox.Triple]:
    """The triples of an RDF file (its named graphs as one), relative IRIs resolved against the IRI ``graph``.

    Sorted; blank nodes become ``GRAPH#blank-…``. KgError, with the line, for a file that cannot be read as RDF, is over
    a budget, or holds triple terms.
    """
    with quads_of(path, graph, canonical=True) as quads:
        return sorted({_named(quad.triple, graph) for quad in quads}, key=str)


def read_graphs(path: Path, graph: str) -> dict[str, list[ox.Triple]]:
    """The triples of an RDF file by the IRI of their named graph ("" where in none); else as ``read_triples``.

    Graphs that blank nodes name become ``GRAPH#blank-…`` as well.
    """
    found: dict[str, set[ox.Triple]] = {}
    with quads_of(path, graph, canonical=True) as quads:
        for quad in quads:
            name = quad.graph_name
            iri = "" if isinstance(name, ox.DefaultGraph) else name.value
            iri = f"{graph}#blank-{iri}" if isinstance(name, ox.BlankNode) else iri
            found.setdefault(iri, set()).add(_named(quad.triple, graph))
    return {name: sorted(triples, key=str) for name, triples in sorted(found.items())}


def parse_triples(path: Path, base: str) -> Iterator[ox.Triple]:
    """The triples of an RDF file of our own as they stand in it, blank nodes included."""
    for quad in ox.parse(path=path, format=_format(path).engine, base_iri=base):
        yield quad.triple


@contextmanager
def quads_of(path: Path, base: str, *, canonical: bool) -> Iterator[Iterator[ox.Quad]]:
    """The quads of an RDF file, to be read within the block; ``canonical`` labels blank nodes by RDFC-1.0.

    Formats of one statement a line are read in flat memory where they need not be canonical. KgError as for
    ``read_triples``.
    """
    form = _format(path)
    try:
        if not canonical and _is_plain(path, form):
            yield _told(ox.parse(path=path, format=form.engine), path, form)
            return
        with _opened(path) as source, apart(source, form.name, base, canonical=canonical) as quads:
            yield _told(ox.parse(quads, ox.RdfFormat.N_QUADS, lenient=True), path, form)
    except OSError as error:
        raise KgError(f"{path}: cannot be read ({error.strerror or error})") from error
    except KgError as error:
        if str(error).startswith(str(path)):
            raise
        raise KgError(f"{path}: not {form.engine.name}: {error}") from error


@contextmanager
def _opened(path: Path) -> Iterator[BinaryIO]:
    """The file's bytes; of a packed file what it holds, unpacked beside the memory and within the budget."""
    with open_patiently(path) as packed:
        if not is_packed(path):
            yield packed
            return
        with tempfile.TemporaryFile() as plain:
            for block in blocks(packed, path.suffix.lower(), str(path)):
                if plain.tell() + len(block) > RDF_BYTES.value:
                    raise KgError(f"{path}: above {RDF_BYTES.value:,} bytes; {RDF_BYTES.hint()}")
                plain.write(block)
            plain.seek(0)
            yield cast("BinaryIO", plain)


def _format(path: Path) -> Format:
    form = of_file(path.with_suffix("") if is_packed(path) else path)
    if form is None and not path.exists():
        raise KgError(f"{path}: no such file")
    if form is None and path.is_dir():
        raise KgError(f"{path}: a folder, and a file of RDF is asked for")
    if form is None:
        packed = f"with {' or '.join(ENDINGS)} or without"
        raise KgError(f"{path}: unknown kind of RDF file: name it one of {' '.join(BY_ENDING)}, {packed}")
    return form


def _is_plain(path: Path, form: Format) -> bool:
    """Whether a file can be given to the engine as it is: a regular one of lines, in UTF-8, without triple terms."""
    if not form.lines or not path.is_file() or is_packed(path):
        return False
    with path.open("rb") as file:
        if file.peek(2).startswith((b"\xef\xbb", b"\xff\xfe", b"\xfe\xff")):
            return False
        return not any(b"<<" in line for line in file)


def _told(quads: ox.QuadParser, path: Path, form: Format) -> Iterator[ox.Quad]:
    """The quads; KgError for what cannot be read, and for triple terms."""
    try:
        for quad in quads:
            if isinstance(quad.object, ox.Triple):
                raise KgError(f"{path}: {_NO_TRIPLE_TERMS}")
            yield quad
    except (SyntaxError, ValueError) as error:  # ValueError: bytes that are no UTF-8
        what = " ".join(str(error).split())[:300]
        raise KgError(f"{path}: not {form.engine.name}: {what}") from error
    except MemoryError as error:
        raise KgError(f"{path}: a statement of more than 16 MB is not taken: shorten the literal in it") from error


def _named(triple: ox.Triple, graph: str) -> ox.Triple:
    """A triple with IRIs in the place of blank nodes."""

    def named(term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> ox.NamedNode | ox.Literal:
        if isinstance(term, ox.Triple):  # refused before
            raise KgError(_NO_TRIPLE_TERMS)
        return ox.NamedNode(f"{graph}#blank-{term.value}") if isinstance(term, ox.BlankNode) else term

    return ox.Triple(named(triple.subject), triple.predicate, named(triple.object))  # type: ignore[arg-type]


def to_ntriples(triples: Iterable[ox.Triple]) -> bytes:
    """Triples as sorted N-Triples."""
    lines = ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES) or b""
    return b"".join(sorted(lines.splitlines(keepends=True)))


def from_ntriples(ntriples: bytes) -> list[ox.Triple]:
    """The triples of N-Triples that a store gave."""
    return [quad.triple for quad in ox.parse(ntriples, ox.RdfFormat.N_TRIPLES)]
