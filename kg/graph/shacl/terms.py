"""RDF terms as their N-Triples text: `<iri>`, `_:label`, `"words"`, `"words"@en`, `"5"^^<datatype>`.

The same term is the same text, as long as it is canonical (``kg.store.files`` and ``kg.graph.triples`` write so). What
a literal is worth is said here for the common datatypes; UnsureError is raised for others, and pySHACL judges then.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Literal

_XSD = "http://www.w3.org/2001/XMLSchema#"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
LANG_STRING = f"{RDF}langString"
STRING, INTEGER, DECIMAL, BOOLEAN = f"{_XSD}string", f"{_XSD}integer", f"{_XSD}decimal", f"{_XSD}boolean"
DATE, DATE_TIME, FLOAT, DOUBLE, ANY_URI = (
    f"{_XSD}{name}" for name in ("date", "dateTime", "float", "double", "anyURI")
)

_LITERAL = re.compile(r'"((?:[^"\\]|\\.)*)"(?:@([A-Za-z0-9-]+)|\^\^<([^>]*)>)?', re.DOTALL)
_ESCAPE = re.compile(r"\\(u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|.)", re.DOTALL)
_LETTERS = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f"}
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:Z|[+-][0-9]{2}:[0-9]{2})?")

Kind = Literal["number", "day", "text"]


class UnsureError(Exception):
    """Values that are judged by the letter of another implementation: pySHACL is asked for the whole graph."""


class Namespace:
    """A namespace whose names are terms: ``KG.eventType``, ``SH["in"]``."""

    def __init__(self, iri: str) -> None:
        self.iri = iri

    def __getattr__(self, name: str) -> str:
        return f"<{self.iri}{name}>"

    def __getitem__(self, name: str) -> str:
        return f"<{self.iri}{name}>"


SH = Namespace("http://www.w3.org/ns/shacl#")
TYPE, FIRST, REST, NIL = (f"<{RDF}{name}>" for name in ("type", "first", "rest", "nil"))
SUBCLASS, CLASS = f"<{RDFS}subClassOf>", f"<{RDFS}Class>"
TRUE, FALSE = (f'"{word}"^^<{BOOLEAN}>' for word in ("true", "false"))


def iri(text: str) -> str:
    """The term of an IRI."""
    return f"<{text}>"


def words(text: str) -> str:
    """The term of a plain string."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\r", "\\r")
    return f'"{escaped}"'


def is_iri(term: str) -> bool:
    """Whether a term is an IRI."""
    return term[0] == "<"


def is_literal(term: str) -> bool:
    """Whether a term is a literal."""
    return term[0] == '"'


def is_blank(term: str) -> bool:
    """Whether a term is a blank node."""
    return term[0] == "_"


@lru_cache(maxsize=1024)
def parts(term: str) -> tuple[str, str, str]:
    """Lexical form, datatype and language ("" where it has none) of a literal; UnsureError for what is none."""
    found = _LITERAL.fullmatch(term)
    if found is None:
        raise UnsureError(f"{term[:80]} is no literal of RDF 1.1")
    text, language, datatype = found.groups()
    if "\\" in text:
        text = _ESCAPE.sub(_unescaped, text)
    return text, datatype or (LANG_STRING if language else STRING), (language or "").lower()


def _unescaped(found: re.Match[str]) -> str:
    code = found[1]
    return chr(int(code[1:], 16)) if len(code) > 1 else _LETTERS.get(code, code)


def text_of(term: str) -> str:
    """What SPARQL's STR gives: the IRI, or the lexical form; of a blank node its label."""
    return parts(term)[0] if term[0] == '"' else term[1:-1] if term[0] == "<" else term[2:]


def well_formed(lexical: str, datatype: str) -> bool:
    """Whether a lexical form is one of its datatype, as rdflib has it; UnsureError for a datatype not known here."""
    if datatype in (STRING, LANG_STRING, ANY_URI):
        return True
    if datatype == INTEGER:
        return _parses(int, lexical)
    if datatype == DECIMAL:
        return _parses(Decimal, lexical)
    if datatype in (FLOAT, DOUBLE):
        return _parses(float, lexical)
    if datatype == BOOLEAN and (lexical in ("true", "false", "1", "0") or not lexical.strip().isalnum()):
        return lexical in ("true", "false", "1", "0")
    if datatype == DATE and (_DAY.fullmatch(lexical) or not any(c.isdigit() for c in lexical)):
        return _parses(date.fromisoformat, lexical)
    if datatype == DATE_TIME and _MOMENT.fullmatch(lexical) and _parses(date.fromisoformat, lexical[:10]):
        return True
    raise UnsureError(f"{lexical[:40]!r} as {datatype}")


def _parses(read: type | object, lexical: str) -> bool:
    try:
        read(lexical)  # type: ignore[operator]
    except (ValueError, InvalidOperation):
        return False
    return True


@lru_cache(maxsize=1024)
def value(literal: str) -> tuple[Kind, int | Decimal | str]:
    """What a literal is worth and what it compares with; UnsureError for other kinds and for ill-formed ones."""
    lexical, datatype, _ = parts(literal)
    if datatype == STRING:
        return "text", lexical
    if datatype == DATE and _DAY.fullmatch(lexical) and well_formed(lexical, datatype):
        return "day", lexical
    if datatype == INTEGER and well_formed(lexical, datatype):
        return "number", int(lexical)
    if datatype == DECIMAL and well_formed(lexical, datatype) and Decimal(lexical).is_finite():
        return "number", Decimal(lexical)
    raise UnsureError(f"comparing {literal[:80]}")


def compared(one: str, other: str) -> int | None:
    """-1, 0 or 1 as a literal is below, at or above another; None where a text meets another kind.

    UnsureError for what rdflib might compare in its own way.
    """
    (kind, here), (other_kind, there) = value(one), value(other)
    if kind != other_kind:
        if "text" in (kind, other_kind):
            return None
        raise UnsureError(f"comparing {one} with {other}")
    return (here > there) - (here < there)  # type: ignore[operator]
