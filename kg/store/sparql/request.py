"""A query or an update with its tokens: what it names, and the same request with something added or bound.

From the tokens come the prefixes that are used and not declared, the form of the query, and the places where a limit or
a binding belongs; nothing is evaluated.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property
from itertools import pairwise
from typing import Literal

from kg.core.budgets import QUERY_CHARS
from kg.core.errors import QueryError
from kg.store.sparql.size import check_size
from kg.store.sparql.tokens import ABSOLUTE, Token, read_tokens, syntax_error

Form = Literal["SELECT", "ASK", "CONSTRUCT", "DESCRIBE", "UPDATE"]

_FORMS: dict[str, Form] = {"SELECT": "SELECT", "ASK": "ASK", "CONSTRUCT": "CONSTRUCT", "DESCRIBE": "DESCRIBE"}
_UPDATES = frozenset({"INSERT", "DELETE", "LOAD", "CLEAR", "DROP", "CREATE", "ADD", "MOVE", "COPY", "WITH"})


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
            if word.keyword == "PREFIX" and name.kind == "name" and iri.kind == "iri" and ABSOLUTE.match(iri.text)
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
            for first, last in self.groups():
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

    def groups(self) -> list[tuple[int, int]]:
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
