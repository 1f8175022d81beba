"""How deep an RDF text is nested, and what its entities stand for, found without the parser that would run away.

The engine's parsers take memory with the square of the depth, or overflow the stack. So the text is looked through
first: its strings, IRIs and comments are stepped over, its brackets counted. XML goes through expat, which says
what its entities become as they are used.
"""

from __future__ import annotations

import re
from xml.parsers import expat  # entities are counted as they expand; none outside the file is read

from kg.core.budgets import DEPTH, ENTITIES
from kg.core.errors import KgError

# Escapes stand first: \( is a letter of a local name. An unclosed string is a mistake that the parser finds.
_TURTLE = re.compile(
    rb'\\.|"""(?:[^"\\]|\\.|"(?!""))*+"""|'
    rb"'''(?:[^'\\]|\\.|'(?!''))*+'''|"
    rb'"(?:[^"\\\r\n]|\\.)*+"|'
    rb"'(?:[^'\\\r\n]|\\.)*+'|<[^<>\s]*+>|\#[^\r\n]*+|(?P<open><<|[(\[{])|(?P<close>>>|[)\]}])",
    re.DOTALL,
)
_JSON = re.compile(rb'"(?:[^"\\]|\\.)*+"|(?P<open>[\[{])|(?P<close>[\]}])', re.DOTALL)
_STRING = re.compile(rb'"(?:[^"\\]|\\.)*+"')


def check_turtle(text: bytes) -> None:
    """KgError for Turtle, TriG or N3 nested deeper than the budget ``DEPTH``."""
    _check_brackets(text, _TURTLE)


def check_json(text: bytes) -> None:
    """KgError for JSON nested deeper than the budget ``DEPTH``."""
    _check_brackets(text, _JSON)


def check_line(line: bytes) -> None:
    """KgError for a line of N-Triples or N-Quads with triple terms nested deeper than the budget ``DEPTH``."""
    if line.count(b"<<(") > DEPTH.value and _STRING.sub(b"", line).count(b"<<(") > DEPTH.value:
        raise KgError(_too_deep("triple terms"))


def check_xml(text: bytes) -> None:
    """KgError for XML that is not well-formed, nested too deeply, or whose entities stand for too much."""
    most, depth, expanded = DEPTH.value, 0, 0
    limit = len(text) + ENTITIES.value  # what stands in the file itself is not entities

    def start(_: str, attributes: list[str]) -> None:
        nonlocal depth
        depth += 1
        if depth > most:
            raise KgError(f"line {parser.CurrentLineNumber}: {_too_deep('elements')}")
        count("".join(attributes))

    def end(_: str) -> None:
        nonlocal depth
        depth -= 1

    def count(words: str) -> None:
        nonlocal expanded
        expanded += len(words)
        if expanded > limit:
            raise KgError(f"its entities stand for more than {ENTITIES.value:,} bytes; {ENTITIES.hint()}")

    parser = expat.ParserCreate("utf-8", " ")  # with namespaces: `<a:>` is no name
    parser.buffer_text = True
    parser.ordered_attributes = True
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = count
    try:
        parser.Parse(text, True)
    except expat.ExpatError as error:
        raise KgError(f"not well-formed XML: {error}") from error


def _check_brackets(text: bytes, lexemes: re.Pattern[bytes]) -> None:
    most = DEPTH.value
    if sum(map(text.count, (b"[", b"(", b"{", b"<<"))) <= most:
        return
    depth = 0
    for lexeme in lexemes.finditer(text):
        if lexeme.lastgroup == "open":
            depth += 1
            if depth > most:
                line = text.count(b"\n", 0, lexeme.start()) + 1
                raise KgError(f"line {line}: {_too_deep('brackets')}")
        elif lexeme.lastgroup == "close":
            depth -= 1


def _too_deep(what: str) -> str:
    return f"{what} within each other, more than {DEPTH.value} deep; {DEPTH.hint()}"
