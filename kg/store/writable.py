"""What a format of RDF can hold, looked at before it is written: names and characters of XML, triple terms."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import islice

from kg.core.errors import KgError, StoreError
from kg.core.nesting import check_xml
from kg.core.vocab import RDF
from kg.store.opening import RdfFormat, Triple, parse, serialize

_TYPE = f"<{RDF}type>".encode()
_NO_XML = re.compile(
    rb"(?<!\\)(?:\\\\)*\\(?:u00[01][0-9A-F]|b|f|uFFF[EF])"
)  # escaped, and no character of XML 1.0 (§2.2)
_BATCH = 1_000  # triples looked at together


def writable(triples: Iterable[Triple], format_name: str) -> Iterator[Triple]:
    """The same triples; StoreError at what the format of that name (``kg.store.formats``) cannot hold.

    Triples as terms of triples are taken by no verb, and so written in no format.
    """
    seen = set[tuple[str, bytes]]()
    iterator = iter(triples)
    while batch := list(islice(iterator, _BATCH)):
        if any(isinstance(triple.object, Triple) for triple in batch):
            what = "a triple as a term of a triple (RDF 1.2) is not written"
            raise StoreError(f"{what}: ask for its subject, predicate and object")
        if format_name == "rdfxml":
            check_xml_lines(serialize(batch, format=RdfFormat.N_TRIPLES) or b"", seen)
        yield from batch


def check_xml_lines(block: bytes, seen: set[tuple[str, bytes]]) -> None:
    """StoreError for lines of N-Triples or N-Quads that RDF/XML cannot hold; ``seen`` are names known to be fit."""
    _check_names(block, seen)
    if character := _NO_XML.search(block):
        where = _line_with(block, character.start())
        raise StoreError(f"RDF/XML cannot hold {character[0].decode()} in {where}…: choose --format turtle")


def _check_names(block: bytes, seen: set[tuple[str, bytes]]) -> None:
    """StoreError for a predicate or class that is no name of an XML element, told by writing it."""
    parts = (line.removesuffix(b" .\n").split(b" ", 2) for line in block.splitlines(keepends=True))
    names = {("class", rest) if predicate == _TYPE else ("predicate", predicate) for _, predicate, rest in parts}
    for kind, name in names - seen:
        line = b"<x:s> %s %s ." % ((_TYPE, name) if kind == "class" else (name, b"<x:o>"))
        try:
            check_xml(serialize([next(parse(line, RdfFormat.N_TRIPLES)).triple], format=RdfFormat.RDF_XML) or b"")
        except (KgError, OSError) as error:
            reserved = "which the format keeps for itself" if isinstance(error, OSError) else "which ends in no name"
            what = f"RDF/XML has no element for the {kind} {name.decode()}, {reserved}"
            raise StoreError(f"{what}: choose --format turtle") from error
        seen.add((kind, name))


def _line_with(block: bytes, position: int) -> str:
    start = block.rfind(b"\n", 0, position) + 1
    return block[start : block.index(b"\n", position)].decode()[:100]
