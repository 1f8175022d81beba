"""Questions for a name, so written that a store finds them by its index: named queries of a large store.

A named query takes a name in a filter, which is true to every spelling and looks through all events:

    FILTER(!BOUND(?name) || ?entity = ?name || EXISTS { ?entity skos:prefLabel|skos:altLabel ?nameName .
        FILTER(LCASE(STR(?nameName)) = LCASE(STR(?name))) })

Where the name is given, the things that bear one of its spellings as a label are looked up first, which an index
answers, and take the filter's place: ``VALUES ?entity { … }`` at the beginning of its group. The engine goes on from
these where the patterns that must hold stand before OPTIONAL ones, and OPTIONAL ones compute nothing (BIND).

Spellings are the name as given and with each of its words small, capitalised or in capitals. A name that nothing in the
store bears in any of them ("mcdonald" for "McDonald") is looked for by the filter.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice, product
from typing import cast

from kg.core.vocab import COMMON_PREFIXES, PROJECT_PREFIXES
from kg.store.opening import NamedNode, QuerySolutions, RdfLiteral, Store, Term
from kg.store.sparql.request import Sparql

_SPELLINGS = 100  # at most
_FOUND = 2000  # things at most: a question for more is not selective
_LABELS = "skos:prefLabel|skos:altLabel"
_NAMED = (
    r"\?(?P<thing>\w+) = \?(?P<asked>\w+) \|\| "
    r"EXISTS \{ \?(?P=thing) skos:prefLabel\|skos:altLabel \?(?P<label>\w+) \. "
    r"FILTER\(LCASE\(STR\(\?(?P=label)\)\) = LCASE\(STR\(\?(?P=asked)\)\)\) \}"
)
_FILTERS = tuple(
    re.compile(r"FILTER\(!BOUND\(\?(?P<given>\w+)\) \|\| ".replace(" ", r"\s+") + form.replace(" ", r"\s+") + r"\)")
    for form in (
        _NAMED,
        r"EXISTS \{ (?P<around>\?(?P<subject>\w+) [\w:|]+ \?\w+) \. FILTER\(" + _NAMED + r"\) \}",
        r"LCASE\(STR\(\?(?P<label>\w+)\)\) = LCASE\(STR\(\?(?P<asked>\w+)\)\)",
    )
)
_WORDS = re.compile(r"([^\W_]+)")


@dataclass(frozen=True, slots=True)
class Lookup:
    """What to look up for a name, and the query that what was found is put into.

    ``before`` and ``behind`` are the query without the filter, around the beginning of its group; ``known`` asks
    whether anything bears the name at all (None for an IRI).
    """

    before: str
    behind: str
    variable: str
    query: str
    known: str | None

    def narrowed(self, terms: str) -> str:
        """The query for what was found."""
        return f"{self.before} VALUES ?{self.variable} {{ {terms} }} {self.behind}"

    def found(self, store: Store) -> str | None:
        """The terms that take the filter's place, as SPARQL writes them; None where the filter has to be asked."""
        solutions = cast("QuerySolutions", store.query(self.query, prefixes=_PREFIXES))
        terms = [str(row[0]) for row in islice(solutions, _FOUND + 1)]
        if len(terms) > _FOUND or (not terms and self.known and not store.query(self.known, prefixes=_PREFIXES)):
            return None
        return " ".join(terms)


_PREFIXES = {**COMMON_PREFIXES, **PROJECT_PREFIXES}


def selective(written: Sparql, bindings: Mapping[str, Term]) -> Lookup | None:
    """What to look up for a query that filters by a name that is bound; None for any other."""
    for form in _FILTERS:
        for match in form.finditer(written.text):
            found = match.groupdict()
            name = str(found["asked"])
            if found["given"] != name or name not in bindings:
                continue
            opening = max(
                written.tokens[first].end for first, last in written.groups() if _holds(written, first, last, match)
            )
            before, behind = written.text[:opening], written.text[opening : match.start()] + written.text[match.end() :]
            asked = _asked(found, bindings[name])
            if asked is not None and name not in Sparql(before + behind).variables:
                return Lookup(before, behind, *asked)
    return None


def _holds(written: Sparql, first: int, last: int, match: re.Match[str]) -> bool:
    return written.tokens[first].start < match.start() and match.end() < written.tokens[last].end


def _asked(found: Mapping[str, str | None], term: Term) -> tuple[str, str, str | None] | None:
    """The things of a name, or what stands around them, or the name's spellings: variable, question, is it known."""
    thing, label, around, subject = (found.get(name) for name in ("thing", "label", "around", "subject"))
    filled, end = str(subject or thing or label), f" . {around}" if around else ""
    if isinstance(term, NamedNode) and thing is not None:
        return filled, f"SELECT DISTINCT ?{filled} WHERE {{ VALUES ?{thing} {{ {term} }}{end} }}", None
    if not isinstance(term, RdfLiteral):
        return None
    texts = " ".join(str(RdfLiteral(spelling)) for spelling in spellings(term.value))
    named = f"VALUES ?{label} {{ {texts} }} ?{thing or 'thing'} {_LABELS} ?{label}"
    return filled, f"SELECT DISTINCT ?{filled} WHERE {{ {named}{end} }}", f"ASK {{ {named} }}"


def spellings(name: str) -> list[str]:
    """A name as given, small, in capitals, and with each of its words so or capitalised; a hundred at most."""
    parts = [
        list(dict.fromkeys((part, part.capitalize(), part.lower(), part.upper()))) if number % 2 else [part]
        for number, part in enumerate(_WORDS.split(name))
    ]
    whole = (name, name.lower(), name.upper(), name.title(), name.capitalize())  # a long name's, before the limit
    each = ("".join(chosen) for chosen in islice(product(*parts), _SPELLINGS))
    return list(dict.fromkeys([*whole, *each]))
