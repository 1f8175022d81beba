"""The tokens of SPARQL 1.1 (section 19.8 of the recommendation): what a query names, without evaluating it.

Text in, tokens out. From the tokens come: the prefixes that are used and not declared, the form of the query, the
places where a limit or a binding belongs, and the words SERVICE and LOAD. A word inside a comment, a string, an IRI, a
variable or a prefixed name is never taken for a keyword, and a bare word that is no keyword is a mistake here already.

The engine is no tokenizer: it reads ``trueSERVICE <x>`` and ``SERVICE:x`` as calls, and within an expression takes
``<`` after an operand for less-than where the recommendation's longest match says IRI. Whoever hides a call in such a
difference must not get through: glued words are mistakes here, ``disambiguated`` rewrites what could be read in two
ways, and ``kg.store.sparql.federation`` refuses the rest.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property
from itertools import pairwise
from typing import Literal

from kg.core.budgets import DEPTH, QUERY_CHARS, QUERY_JOINS, QUERY_PARTS, Budget
from kg.core.errors import QueryError

Form = Literal["SELECT", "ASK", "CONSTRUCT", "DESCRIBE", "UPDATE"]

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

_FORMS: dict[str, Form] = {"SELECT": "SELECT", "ASK": "ASK", "CONSTRUCT": "CONSTRUCT", "DESCRIBE": "DESCRIBE"}
_UPDATES = frozenset({"INSERT", "DELETE", "LOAD", "CLEAR", "DROP", "CREATE", "ADD", "MOVE", "COPY", "WITH"})

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


_OPENING = frozenset({"{", "(", "[", "<<", "<<(", "{|"})
_CLOSING = frozenset({"}", ")", "]", ">>", ")>>", "|}"})
_DATA_WORDS = frozenset({"CONSTRUCT", "VALUES", "INSERT", "DELETE", "DATA"})
_PART_WORDS = frozenset({"UNION", "MINUS", "FILTER", "BIND", "EXISTS", "AS", "GRAPH", "SERVICE", "LATERAL"})
_OPERATORS = frozenset({"||", "&&", "+", "-", "*", "/", "!", "=", "!=", "<", ">", "<=", ">=", "|", "^", "?"})
_TERMS = frozenset({"iri", "name", "string", "number", "variable", "blank"})
_MOST_CLOSURES = 4  # ((p*)*)* is looked for along every way

_ABSOLUTE = re.compile(r"<[A-Za-z][A-Za-z0-9+.\-]*:")
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
        if ambiguous and kind == "iri" and not _ABSOLUTE.match(match[0]):
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


def check_size(text: str, tokens: Sequence[Token]) -> None:
    """QueryError for a query that would keep the engine busy for ever or overflow its stack before it runs.

    The engine plans joins with the cube of their number, and walks everything else by recursion. Data blocks of any
    length and lists of an IN are no matter.
    """
    open_marks: list[tuple[str, bool]] = []  # with whether it is a block of data or a template
    depth, most_joins, most_parts = DEPTH.value, QUERY_JOINS.value, QUERY_PARTS.value
    joins = parts = closures = 0
    last_word, before = "", Token("", "", 0, 0)
    for token in tokens:
        data = bool(open_marks) and open_marks[-1][1]
        if token.kind == "mark" and token.text in _OPENING:
            block = data or (token.text == "{" and last_word in _DATA_WORDS)
            joins += not block and (token.text == "[" or (token.text == "{" and not last_word))
            open_marks.append((token.text, block))
            if len(open_marks) > depth:
                raise _too_large(text, token, f"brackets nested more than {depth} deep", DEPTH)
        elif token.kind == "mark" and token.text in _CLOSING and open_marks:
            open_marks.pop()
        elif open_marks and not data:
            in_list = open_marks[-1][0] == "("
            joins += token.text in (".", ";") or (token.text in (",", "/") and not in_list)
            joins += token.keyword in ("OPTIONAL", "VALUES")
            joins += in_list and token.kind in _TERMS and before.kind in _TERMS  # a collection, or a path's step
            parts += token.keyword in _PART_WORDS or (token.kind == "mark" and token.text in _OPERATORS)
        closures = closures + 1 if token.text in "*+?" and before.text == ")" else closures * (token.text == ")")
        if closures > _MOST_CLOSURES:
            raise _too_large(text, token, f"paths repeated within each other more than {_MOST_CLOSURES} deep", None)
        if joins > most_joins:
            raise _too_large(text, token, f"more than {most_joins} patterns to be joined", QUERY_JOINS)
        if parts > most_parts:
            raise _too_large(text, token, f"more than {most_parts} operators and filters", QUERY_PARTS)
        last_word = token.keyword if token.kind == "word" else last_word if token.text not in "{}" else ""
        before = token


def _too_large(text: str, token: Token, what: str, budget: Budget | None) -> QueryError:
    hint = f"; {budget.hint()}" if budget is not None else ""
    return syntax_error(text, token.start, f"{what}, which the engine cannot take: ask for less at once{hint}")


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


@dataclass(frozen=True)
class Sparql:
    """A query or an update with its tokens; nothing is evaluated."""

    text: str

    @cached_property
    def tokens(self) -> tuple[Token, ...]:
        """Every token; QueryError where the text is no SPARQL at all."""
        if len(self.text) > QUERY_CHARS.value:
            raise QueryError(f"{len(self.text):,} characters of SPARQL; {QUERY_CHARS.hint()}")
        tokens = tuple(read_tokens(self.text))
        check_size(self.text, tokens)
        return tokens

    @cached_property
    def form(self) -> Form:
        """SELECT, ASK, CONSTRUCT, DESCRIBE or UPDATE: by the first keyword after the prologue."""
        for token in self.tokens:
            if token.keyword in _FORMS:
                return _FORMS[token.keyword]
            if token.keyword in _UPDATES:
                return "UPDATE"
        raise QueryError("no query: write SELECT, ASK, CONSTRUCT or DESCRIBE (kg query --help has examples)")

    @cached_property
    def variables(self) -> frozenset[str]:
        """The names of all variables, without their mark."""
        return frozenset(token.text[1:] for token in self.tokens if token.kind == "variable")

    def declarations(self) -> dict[str, str]:
        """The prefixes that it declares itself with absolute IRIs, the last one for each name."""
        triples = zip(self.tokens, self.tokens[1:], self.tokens[2:], strict=False)
        return {
            name.text.partition(":")[0]: iri.text[1:-1]
            for word, name, iri in triples
            if word.keyword == "PREFIX" and name.kind == "name" and iri.kind == "iri" and _ABSOLUTE.match(iri.text)
        }

    def undeclared(self) -> dict[str, Token]:
        """The prefixes used before any declaration of theirs, each with its first use."""
        declared: set[str] = set()
        missing: dict[str, Token] = {}
        previous = ""
        for token in self.tokens:
            if token.kind == "name":
                prefix = token.text.partition(":")[0]
                if previous == "PREFIX":
                    declared.add(prefix)
                elif prefix not in declared:
                    missing.setdefault(prefix, token)
            previous = token.keyword
        return missing

    def declaring(self, known: Mapping[str, str]) -> Sparql:
        """The same with the known prefixes that it uses declared in front, on its first line.

        QueryError for an unknown prefix, with the nearest known one.
        """
        missing = self.undeclared()
        for prefix, token in missing.items():
            if prefix not in known:
                raise syntax_error(self.text, token.start, _unknown_prefix(prefix, known))
        head = "".join(f"PREFIX {prefix}: <{known[prefix]}> " for prefix in sorted(missing))
        return Sparql(head + self.text) if head else self

    def projecting(self, names: Collection[str]) -> Sparql:
        """``SELECT *`` with the names in its place, in the order in which the text has them; else the same."""
        for before, token in pairwise(self.tokens):
            if token.text in ("{", "("):  # a group, or an expression that has a star of its own
                break
            if token.text == "*" and before.keyword in ("SELECT", "DISTINCT", "REDUCED"):
                seen = dict.fromkeys(t.text[1:] for t in self.tokens if t.kind == "variable")
                listed = " ".join(f"?{name}" for name in seen if name in names)
                return Sparql(f"{self.text[: token.start]}{listed}{self.text[token.end :]}") if listed else self
        return self

    def limited(self, limit: int) -> Sparql:
        """The same with at most ``limit`` solutions: LIMIT added, or its number lowered (section 18.2.5)."""
        depth = 0
        where_ended = False
        end = len(self.text)
        for index, token in enumerate(self.tokens):
            depth += (token.text in ("{", "(", "[")) - (token.text in ("}", ")", "]")) if token.kind == "mark" else 0
            if depth:
                continue
            where_ended = where_ended or token.text == "}"
            if token.keyword == "LIMIT" and index + 1 < len(self.tokens):
                number = self.tokens[index + 1]
                if number.text.isdigit():
                    lower = str(min(limit, int(number.text)))
                    return Sparql(self.text[: number.start] + lower + self.text[number.end :])
            if token.keyword == "VALUES" and where_ended:
                end = token.start
                break
        return Sparql(f"{self.text[:end]}\nLIMIT {limit}\n{self.text[end:]}")

    def disambiguated(self) -> Sparql:
        """The same, so written that the engine's reading of every ``<`` is the one of these tokens.

        Less-than gets a space behind it, an IRI that stands where less-than could gets a prefix of its own.
        """
        text, head = self.text, ""
        for token in reversed([token for token in self.tokens if token.ambiguous]):
            if token.kind == "iri":
                alias = f"iri-{token.start}:"
                head += f"PREFIX {alias} {token.text} "
                text = f"{text[: token.start]} {alias} {text[token.end :]}"
            else:
                text = f"{text[: token.end]} {text[token.end :]}"
        return Sparql(head + text)

    def bound(self, terms: Mapping[str, str]) -> Sparql:
        """The same with variables bound: ``terms`` has for each name one term in SPARQL's own syntax.

        Every group that names the variable starts with its VALUES, so filters in nested groups and sub-selects see it
        too; where the group computes the variable (``AS ?name``) a filter at its end takes the place of VALUES. The
        terms must come from a serialiser, never from a person: nothing is checked here. QueryError for a variable
        that stands in no group.
        """
        inserts: list[tuple[int, str]] = []
        for name, term in sorted(terms.items()):
            found = False
            for first, last in self._groups():
                inside = self.tokens[first + 1 : last]
                if not any(t.kind == "variable" and t.text[1:] == name for t in inside):
                    continue
                found = True
                if inside[0].keyword == "SELECT":
                    continue  # a sub-select: its own group follows
                computed = any(a.keyword == "AS" and b.text[1:] == name for a, b in pairwise(inside))
                if computed:
                    inserts.append((self.tokens[last].start, f" FILTER(SAMETERM(?{name}, {term})) "))
                else:
                    inserts.append((self.tokens[first].end, f" VALUES ?{name} {{ {term} }}"))
            if not found:
                raise QueryError(
                    f"?{name} stands in no pattern of the query (it is computed at its end): nothing to bind"
                )
        text = self.text
        for place, insert in sorted(inserts, reverse=True):
            text = text[:place] + insert + text[place:]
        return Sparql(text)

    def _groups(self) -> list[tuple[int, int]]:
        """The first and last token of each group graph pattern: the braces that are no template and no data block."""
        groups: list[tuple[int, int]] = []
        stack: list[tuple[int, bool]] = []
        last_word = ""
        for index, token in enumerate(self.tokens):
            if token.kind == "word":
                last_word = token.keyword
            elif token.text == "{" and token.kind == "mark":
                data = last_word in ("CONSTRUCT", "VALUES", "INSERT", "DELETE", "DATA")
                inside_data = bool(stack) and stack[-1][1]
                stack.append((index, data or inside_data))
                last_word = ""
            elif token.text == "}" and token.kind == "mark" and stack:
                start, data = stack.pop()
                last_word = ""
                if not data:
                    groups.append((start, index))
        return groups

    def unbalanced(self) -> tuple[int, str] | None:
        """Where the first bracket stands that is never closed or never opened, with words; None when all match."""
        pairs = {"}": "{", ")": "(", "]": "["}
        open_marks: list[Token] = []
        for token in self.tokens:
            if token.kind != "mark":
                continue
            if token.text in pairs.values():
                open_marks.append(token)
            elif token.text in pairs:
                if not open_marks or open_marks[-1].text != pairs[token.text]:
                    return token.start, f"this {token.text!r} closes nothing that is open"
                open_marks.pop()
        return (open_marks[-1].start, f"this {open_marks[-1].text!r} is never closed") if open_marks else None


def _unknown_prefix(prefix: str, known: Mapping[str, str]) -> str:
    meant = get_close_matches(prefix, list(known), n=1, cutoff=0.5)
    if not meant and (lower := prefix.lower()) in known:
        meant = [lower]
    hint = f"did you mean {meant[0]}:? Or " if meant else ""
    declare = f"declare it: PREFIX {prefix}: <…>"
    return f"unknown prefix {prefix}:; {hint}{declare}"
