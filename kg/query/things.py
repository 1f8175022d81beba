"""What a person means by a word: an IRI, a prefixed name, or the name of something in the store."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, cast

from kg.core.iris import is_address
from kg.core.vocab import SKOS
from kg.query.prepare import parse_term
from kg.store.opening import NamedNode, RdfLiteral

if TYPE_CHECKING:
    from kg.store.opening import QuerySolutions, Store

MOST = 200
"""Things of one name that are looked at."""


def term_of(text: str, prefixes: Mapping[str, str]) -> NamedNode | RdfLiteral:
    """A term in Turtle's syntax; an IRI is one without its brackets too, all else is words."""
    if is_address(text) or text.startswith("urn:"):
        term = parse_term(f"<{text}>", prefixes)
        return term if isinstance(term, NamedNode) else RdfLiteral(text)
    return parse_term(text, prefixes)


def things_named(store: Store, name: str) -> list[NamedNode]:
    """What has this name, preferred or other, in any case of letters; in the order of their IRIs."""
    query = (
        f"SELECT DISTINCT ?thing WHERE {{ ?thing <{SKOS}prefLabel>|<{SKOS}altLabel> ?label "
        f"FILTER(LCASE(STR(?label)) = LCASE({RdfLiteral(name)})) }} ORDER BY ?thing LIMIT {MOST}"
    )
    rows = cast("QuerySolutions", store.query(query))
    return [row["thing"] for row in rows if isinstance(row["thing"], NamedNode)]


def names_with(store: Store, words: str) -> list[str]:
    """A few names that hold these words, in any case of letters."""
    query = (
        f"SELECT DISTINCT ?label WHERE {{ ?thing <{SKOS}prefLabel> ?label "
        f"FILTER(CONTAINS(LCASE(STR(?label)), LCASE({RdfLiteral(words)}))) }} ORDER BY ?label LIMIT 5"
    )
    return [row["label"].value for row in cast("QuerySolutions", store.query(query))]
