"""Lines of N-Triples taken apart and put together as text: terms are strings in canonical N-Triples."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping

from kg.core.vocab import XSD
from kg.store.opening import NamedNode, RdfLiteral

_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))")
_PLAIN = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f", '"': '"', "'": "'", "\\": "\\"}
_LITERAL = re.compile(r'"((?:[^"\\]|\\.)*)"', re.DOTALL)

Graph = Mapping[str, Mapping[str, tuple[str, ...]]]
"""Subject and predicate (IRIs without brackets; ``_:b`` as it is) to the objects, terms, sorted."""


def split(line: str) -> tuple[str, str, str]:
    """Subject, predicate and object of a line, as terms."""
    subject, predicate, rest = line.rstrip("\n").split(" ", 2)
    return subject, predicate, rest.removesuffix(" .")


def graph_of(ntriples: bytes) -> Graph:
    """A graph's lines by subject and predicate."""
    found: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for line in ntriples.decode().split("\n"):  # not splitlines: literals hold U+2028 and its kin as they are
        if line:
            subject, predicate, value = split(line)
            found[bare(subject)][bare(predicate)].append(value)
    return {s: {p: tuple(sorted(o)) for p, o in rest.items()} for s, rest in found.items()}


def bare(term: str) -> str:
    """An IRI's text without brackets, a literal's words, a blank node as it is."""
    if term.startswith("<"):
        return term[1:-1]
    if term.startswith('"') and (literal := _LITERAL.match(term)):
        words = literal[1]
        return _ESCAPE.sub(_unescaped, words) if "\\" in words else words
    return term


def _unescaped(found: re.Match[str]) -> str:
    code = found[1] or found[2]
    return chr(int(code, 16)) if code else _PLAIN.get(found[3], found[3])


def is_iri(term: str) -> bool:
    """Whether a term is an IRI."""
    return term.startswith("<")


def iri(text: str) -> str:
    """An IRI as a term; a blank node as it is."""
    return text if text.startswith("_:") else f"<{text}>"


def literal(words: str, datatype: str | None = None) -> str:
    """A literal as a term; ``datatype`` is a local name of XSD, or an IRI."""
    if datatype is None:
        return str(RdfLiteral(words))
    return str(RdfLiteral(words, datatype=NamedNode(datatype if ":" in datatype else XSD + datatype)))


def line(subject: str, predicate: str, value: str) -> str:
    """A line of N-Triples from two IRIs and a term."""
    return f"{iri(subject)} {iri(predicate)} {value} .\n"


def joined(lines: Iterable[str]) -> bytes:
    """Lines as sorted bytes, each once."""
    return "".join(sorted(set(lines))).encode()
