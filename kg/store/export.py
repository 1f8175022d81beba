"""Writing a store out: Turtle, TriG, N-Triples, N-Quads, JSON-LD, RDF/XML, the same bytes for the same data.

What is written goes through an external sort first (``kg.store.quads``) and then, line by line, through the engine's
serialiser: memory stays flat for any size. Order of loading, hash seeds and the engine's own order leave no trace.
"""

from __future__ import annotations

import io
import re
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import IO, BinaryIO, cast

from kg.core.errors import QueryError, StoreError
from kg.core.vocab import COMMON_PREFIXES, PROJECT_PREFIXES, SCHEMA, base_prefixes
from kg.store.formats import BY_NAME, ENDINGS
from kg.store.opening import NamedNode, RdfFormat, Store, Triples, parse, serialize
from kg.store.quads import sorted_lines, triple_line
from kg.store.writable import check_xml_lines, writable

_TEXT = f" <{SCHEMA}articleBody> ".encode()
_GEONAMES = b"geonames.org/"
ATTRIBUTION = "contains data from GeoNames (https://www.geonames.org), CC BY 4.0"
_BLOCK = 10_000  # lines looked at together

Fill = Callable[[BinaryIO], object]
"""What writes the N-Quads or N-Triples to be exported into a file, in any order."""


@dataclass(frozen=True, slots=True)
class Exported:
    """What an export wrote: the number of triples or quads, and the attribution that its data asks for."""

    count: int
    attribution: str | None


def format_of(path: Path | None, asked: str | None, default: str) -> str:
    """The format asked for, else the one of the file's ending, else the default; StoreError for an unknown one."""
    if path is not None and path.suffix and not asked and path.suffix.lower() not in ENDINGS:
        raise StoreError(f"{path}: no format ends in {path.suffix}: name one with --format ({', '.join(BY_NAME)})")
    name = asked or (ENDINGS.get(path.suffix.lower()) if path else None) or default
    if name not in BY_NAME:
        raise StoreError(f"no format {name!r} to export: choose {', '.join(BY_NAME)}")
    return name


def graph_quads(store: Store, graph: str) -> Fill:
    """One graph, with its name; StoreError where there is none."""
    lines = store.graph_bytes(graph).splitlines(keepends=True)
    if not lines:
        raise StoreError(f"store {store.location} has no graph <{graph}>: `kg stats` counts what there is")
    name = f" <{graph}> .\n".encode()
    return lambda file: file.writelines(line[:-3] + name for line in lines)


def neighbourhood(store: Store, entity: str) -> Fill:
    """All triples of a thing, of what it points to and of what points to it; StoreError where nothing is said."""
    try:
        NamedNode(entity)  # it is pasted into a query: nothing but an IRI may pass
    except ValueError as error:
        raise StoreError(f"{entity!r} is not an IRI: {error}") from error
    query = f"""CONSTRUCT {{ ?s ?p ?o }} WHERE {{
        {{ BIND(<{entity}> AS ?s) ?s ?p ?o }}
        UNION {{ <{entity}> ?to ?s . ?s ?p ?o }}
        UNION {{ ?s ?from <{entity}> . ?s ?p ?o }}
    }}"""
    lines = _ntriples(store.query(query))
    if not lines:
        raise StoreError(f"store {store.location} says nothing of <{entity}>: `kg query --name actors` has names")
    return lambda file: file.write(lines)


def constructed(triples: object) -> Fill:
    """The result of a CONSTRUCT or DESCRIBE; QueryError for any other result."""
    lines = _ntriples(triples)
    return lambda file: file.write(lines)


def _ntriples(results: object) -> bytes:
    if not isinstance(results, Triples):
        raise QueryError("only the answer of CONSTRUCT or DESCRIBE can be exported: run a SELECT with `kg query`")
    return serialize(writable(results, "ntriples"), format=RdfFormat.N_TRIPLES) or b""


def export(
    fill: Fill, output: IO[bytes], format_name: str, *, base: str, own: str | None = None, text: bool = True
) -> Exported:
    """Write what ``fill`` gives to ``output``, sorted, in a format of ``kg.store.formats``.

    Formats without graphs get the union, each triple once. ``base`` gives prefixes to the data's IRIs, ``own`` (an
    article's IRI) the empty prefix to what belongs to it. ``text=False`` leaves the articles' texts out.
    """
    with tempfile.TemporaryDirectory(prefix="kg-export-") as name:
        folder = Path(name)
        with (folder / "unsorted").open("wb") as file:
            fill(file)
        with (folder / "unsorted").open("rb") as unsorted:
            lines: Iterable[bytes] = unsorted
            if not text:
                lines = (line for line in lines if _TEXT not in line)
            if not BY_NAME[format_name].graphs:
                lines = map(triple_line, lines)
            ordered = sorted_lines(lines, folder)
            known = {**COMMON_PREFIXES, **PROJECT_PREFIXES, **_data_prefixes(base, own)}
            with (folder / "sorted").open("wb") as file:
                count, used, geonames = _write_seeing(ordered, file, known, xml=format_name == "rdfxml")
        _serialised(folder / "sorted", output, format_name, used)
    attribution = ATTRIBUTION if geonames else None
    if attribution and format_name in ("turtle", "trig", "ntriples", "nquads"):
        output.write(f"# {attribution}\n".encode())
    elif attribution and format_name == "rdfxml":
        output.write(f"<!-- {attribution} -->\n".encode())
    return Exported(count, attribution)


def _data_prefixes(base: str, own: str | None) -> dict[str, str]:
    """Prefixes of the data; none for articles, since what is theirs would be full of backslashes."""
    prefixes = {name: iri for name, iri in base_prefixes(base).items() if name != "article"}
    return {**prefixes, "": f"{own}#"} if own else prefixes


def _write_seeing(
    lines: Iterator[bytes], output: BinaryIO, prefixes: Mapping[str, str], *, xml: bool
) -> tuple[int, dict[str, str], bool]:
    """Write the lines; how many they are, the prefixes whose namespace occurs, whether GeoNames does."""
    count, used, geonames, seen = 0, dict[str, str](), False, set[tuple[str, bytes]]()
    while block := list(islice(lines, _BLOCK)):
        count += len(block)
        joined = b"".join(block)
        if xml:
            check_xml_lines(joined, seen)
        output.write(joined)
        used |= {name: iri for name, iri in prefixes.items() if name not in used and b"<" + iri.encode() in joined}
        geonames = geonames or _GEONAMES in joined
    return count, used, geonames


def _serialised(lines: Path, output: IO[bytes], format_name: str, prefixes: Mapping[str, str]) -> None:
    """Write a file of sorted lines in another format."""
    if format_name in ("ntriples", "nquads"):
        with lines.open("rb") as file:
            while block := file.read(1 << 20):
                output.write(block)
        return
    quads = parse(path=lines, format=RdfFormat.N_QUADS, lenient=True)
    source = quads if BY_NAME[format_name].graphs else (quad.triple for quad in quads)
    if format_name == "jsonld":  # without prefixes: its context has them in no order
        serialize(source, output, RdfFormat.JSON_LD)
        output.write(b"\n")
        return
    ordered = _OrderedHeader(output, len(prefixes), xml=format_name == "rdfxml")
    engine = BY_NAME[format_name].engine
    serialize(source, cast("IO[bytes]", ordered), engine, prefixes={**prefixes} if prefixes else None)
    ordered.end()


class _OrderedHeader(io.RawIOBase):
    """An output that puts the prefixes in order, which the engine writes in an order that changes from run to run."""

    _NAMESPACE = re.compile(rb' xmlns:[^=]+="[^"]*"')

    def __init__(self, output: IO[bytes], prefixes: int, *, xml: bool) -> None:
        self._output = output
        self._prefixes = prefixes
        self._xml = xml
        self._head: bytes | None = b""

    def writable(self) -> bool:
        """Always."""
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override]
        """Hold back until the header is complete, then pass on."""
        if self._head is None:
            self._output.write(data)
            return len(data)
        self._head += data
        lines = 2 if self._xml else self._prefixes  # XML: its declaration, and the root with the namespaces
        if self._head.count(b"\n") >= lines:
            self.end()
        return len(data)

    def end(self) -> None:
        """Write what is still held back."""
        if self._head is None:
            return
        if self._xml:
            declaration, root, body = self._head.split(b"\n", 2)
            names = b"".join(sorted(self._NAMESPACE.findall(root)))
            root = self._NAMESPACE.sub(b"", root).removesuffix(b">")
            self._output.write(declaration + b"\n" + root + names + b">\n" + body)
        else:
            parts = self._head.split(b"\n", self._prefixes)
            body = parts.pop()
            self._output.write(b"".join(sorted(line + b"\n" for line in parts)) + body)
        self._head = None
