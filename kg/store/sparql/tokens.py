"""The tokens of SPARQL 1.1 (section 19.8 of the recommendation): text in, tokens out.

A word inside a comment, a string, an IRI, a variable or a prefixed name is never taken for a keyword, and a bare word
that is no keyword is a mistake here already.

The engine is no tokenizer: it reads ``trueSERVICE <x>`` and ``SERVICE:x`` as calls, and within an expression takes
``<`` after an operand for less-than where the recommendation's longest match says IRI. Whoever hides a call in such a
difference must not get through: glued words are mistakes here, ``Sparql.disambiguated`` rewrites what could be read in
two ways, and ``kg.store.sparql.federation`` refuses the rest.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches

from kg.core.errors import QueryError

KEYWORDS = frozenset(
    """
    BASE PREFIX VERSION SELECT DISTINCT REDUCED AS CONSTRUCT WHERE DESCRIBE ASK FROM NAMED GROUP BY HAVING ORDER ASC
    DESC LIMIT OFFSET VALUES LOAD SILENT INTO CLEAR DROP CREATE ADD TO MOVE COPY INSERT DATA DELETE WITH USING DEFAULT
    ALL GRAPH OPTIONAL SERVICE BIND UNDEF MINUS UNION FILTER LATERAL A IN NOT STR LANG LANGMATCHES LANGDIR DATATYPE
    BOUND IRI URI BNODE RAND ABS CEIL FLOOR ROUND CONCAT STRLEN UCASE LCASE ENCODE_FOR_URI CONTAINS STRSTARTS STRENDS
    STRBEFORE STRAFTER YEAR MONTH DAY HOURS MINUTES SECONDS TIMEZONE TZ NOW UUID STRUUID MD5 SHA1 SHA256 SHA384 SHA512
    COALESCE IF STRLANG STRLANGDIR STRDT SAMETERM ISIRI ISURI ISBLANK ISLITERAL ISNUMERIC ISTRIPLE REGEX SUBSTR REPLACE
    EXISTS COUNT SUM MIN MAX AVG SAMPLE GROUP_CONCAT SEPARATOR TRUE FALSE TRIPLE SUBJECT PREDICATE OBJECT HASLANG
    HASLANGDIR ADJUST
    """.split()
)


# Python's word characters stand for PN_CHARS_BASE: the differences (ª, ², …) are in no name that the engine takes, and
# the recommendation's own ranges would cost each start of the program 14 ms.
_NAME = r"\w\u00B7\u0300-\u036F\u203F\u2040"  # PN_CHARS without the hyphen
_LETTER = r"[^\W\d_]"  # PN_CHARS_BASE
_PREFIX = rf"(?:{_LETTER}(?:[{_NAME}.\-]{{0,200}}[{_NAME}\-])?)?"
_ESCAPE = r"%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?#@%]"  # PLX
_LOCAL = rf"(?:(?:[\w:]|{_ESCAPE})(?:(?:[{_NAME}.:\-]|{_ESCAPE})*(?:[{_NAME}:\-]|{_ESCAPE}))?)?"

_TOKEN = re.compile(
    rf"""
    (?P<space>[\x20\t\r\n]+|\#[^\r\n]*)
  | (?P<iri><(?:[^<>"{{}}|^`\\\x00-\x20]|\\u[0-9A-Fa-f]{{4}}|\\U[0-9A-Fa-f]{{8}})*>)
  | (?P<string>\"\"\"(?:\"{{0,2}}(?:[^"\\]|\\.))*\"\"\"|'''(?:'{{0,2}}(?:[^'\\]|\\.))*'''
      |\"(?:[^"\\\r\n]|\\.)*\"|'(?:[^'\\\r\n]|\\.)*')
  | (?P<lang>@[A-Za-z]+(?:-[A-Za-z0-9]+)*(?:--(?:ltr|rtl))?)
  | (?P<variable>[?$]\w[{_NAME}]*)
  | (?P<blank>_:\w(?:[{_NAME}.\-]*[{_NAME}\-])?)
  | (?P<name>{_PREFIX}:{_LOCAL})
  | (?P<number>(?:[0-9]+\.[0-9]*|\.[0-9]+|[0-9]+)(?:[eE][+-]?[0-9]+)?)
  | (?P<word>[A-Za-z][A-Za-z0-9_]*)
  | (?P<mark>\{{\||\|\}}|<<\(?|\)?>>|&&|\|\||\^\^|<=|>=|!=|[{{}}()\[\].,;*/|^?+\-!=<>~])
    """,
    re.VERBOSE | re.DOTALL,
)

_CODEPOINT = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")


@dataclass(frozen=True, slots=True)
class Token:
    """One token: its kind (a group name above), its text, and where it stands (half-open, in characters)."""

    kind: str
    text: str
    start: int
    end: int
    ambiguous: bool = False  # an IRI that the engine could take for less-than, or the reverse

    @property
    def keyword(self) -> str:
        """The keyword in capitals, or nothing for any other kind of token."""
        return self.text.upper() if self.kind == "word" else ""


def line_and_column(text: str, position: int) -> tuple[int, int]:
    """Line and column of a position, both from 1."""
    before = text[:position]
    return before.count("\n") + 1, position - (before.rfind("\n") + 1) + 1


def syntax_error(text: str, position: int, message: str) -> QueryError:
    """A mistake at a position of a query: the message, the line, and a caret below the place."""
    number, column = line_and_column(text, position)
    lines = text.splitlines()
    line = lines[number - 1] if number <= len(lines) else ""
    width = 100  # a long line is cut around the place
    cut = max(0, column - 1 - width // 2)
    shown = line[cut : cut + width].replace("\t", " ")
    return QueryError(f"line {number}, column {column}: {message}\n  {shown}\n  {' ' * (column - 1 - cut)}^")


def unescape_codepoints(text: str) -> str:
    r"""``\uXXXX`` and ``\UXXXXXXXX`` replaced wherever they stand, as SPARQL 1.1 section 19.2 has it."""

    def character(match: re.Match[str]) -> str:
        code = int(match[1] or match[2], 16)
        return chr(code) if code <= 0x10FFFF and not 0xD800 <= code <= 0xDFFF else match[0]

    return _CODEPOINT.sub(character, text)


#: An IRI that names a scheme, in its brackets.
ABSOLUTE = re.compile(r"<[A-Za-z][A-Za-z0-9+.\-]*:")
_OPERAND_KINDS = frozenset({"iri", "string", "lang", "variable", "blank", "name", "number", "word"})
_OPERAND_MARKS = frozenset({")", "}", "]", ">>", ")>>"})


def read_tokens(text: str) -> Iterator[Token]:
    """The tokens of a query or update, without spaces and comments; QueryError where none can be read."""
    position = 0
    brackets: list[str] = []
    after_operand = False
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None:
            raise syntax_error(text, position, _unreadable(text, position))
        kind, end = match.lastgroup or "", match.end()
        if kind == "space":
            position = end
            continue
        # Only inside round brackets can "<" after an operand be less-than (collections and paths apart).
        ambiguous = text[position] == "<" and after_operand and bool(brackets) and brackets[-1] == "("
        if ambiguous and match[0].startswith("<<"):
            raise syntax_error(text, position, "'<<' after a term: put a space between, or brackets around")
        if ambiguous and kind == "iri" and not ABSOLUTE.match(match[0]):
            kind, end = "mark", position + (2 if match[0].startswith("<=") else 1)
        token = Token(kind, text[position:end], position, end, ambiguous)
        if token.kind == "word" and token.keyword not in KEYWORDS:
            raise syntax_error(text, token.start, _unknown_word(token.text))
        if kind == "mark" and token.text in "{([":
            brackets.append(token.text)
        elif kind == "mark" and token.text in "})]" and brackets:
            brackets.pop()
        after_operand = kind in _OPERAND_KINDS or token.text in _OPERAND_MARKS
        position = end
        yield token


def _unreadable(text: str, position: int) -> str:
    character = text[position]
    if character in "\"'":
        return "this string is not closed"
    if character in "\u201c\u201d\u2018\u2019":
        return f"a typographic quotation mark ({character}): write \" or '"
    if character == "&":
        return "a single '&': write '&&' for and"
    if character == "\u00a0":
        return "a no-break space: write a plain space"
    return f"{character!r} has no meaning here"


def _unknown_word(word: str) -> str:
    meant = get_close_matches(word.upper(), KEYWORDS, n=1, cutoff=0.7)
    hint = f"did you mean {meant[0]}?" if meant else f"a name needs its prefix (kg:{word}), a text its quotes"
    return f"{word!r} is no word of SPARQL; {hint}"
