"""Classes and properties that a query names and nobody knows: neither the store nor the ontology, with what was meant.

An unknown name is no mistake of SPARQL: the answer is empty, and nothing says why.
"""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

from kg.core.iris import Shortener
from kg.core.vocab import ONTOLOGY, PROV, SCHEMA, SKOS
from kg.store.opening import QueryBoolean

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from kg.query.prepare import Prepared
    from kg.store.opening import Store

_OURS = (ONTOLOGY, SKOS, SCHEMA, PROV)
_DATA = frozenset(
    [f"{SKOS}prefLabel", f"{SKOS}altLabel", f"{PROV}Activity", f"{PROV}wasGeneratedBy", f"{SCHEMA}NewsArticle"]
    + [SCHEMA + name for name in ("articleBody", "headline", "publisher", "author", "datePublished", "url")]
    + [SCHEMA + name for name in ("address", "addressCountry", "foundingDate")]
)  # of other vocabularies, what an article's graph may hold, and what named queries ask of merged data
_MOST = 20  # names of one query that are looked up


def unknown_names(store: Store, query: Prepared, ontology: Callable[[], Iterable[str]]) -> Iterator[str]:
    """A line for each name of our vocabularies that the store does not hold and the ontology does not declare.

    ``ontology`` gives the IRIs of its terms; it is called only where the store does not know a name.
    """
    prefixes = {**query.known, **query.written.declarations()}
    declared: list[str] | None = None
    for shown, iri in list(_names(query, prefixes).items())[:_MOST]:
        if iri in _DATA or _held(store, iri):
            continue
        declared = sorted({*ontology(), *_DATA}) if declared is None else declared
        if iri not in declared:
            short = Shortener(prefixes)
            candidates = {short.iri(term): term for term in declared}
            meant = get_close_matches(short.iri(iri), candidates, n=1)
            hint = f"; did you mean {meant[0]}?" if meant else "; `kg types` and `kg stats` have those that are"
            yield f"{shown} stands neither in the store nor in the ontology{hint}"


def _names(query: Prepared, prefixes: Mapping[str, str]) -> dict[str, str]:
    """The prefixed names and IRIs of a query outside its prologue, as written, with their IRIs."""
    found: dict[str, str] = {}
    before = ""
    for token in query.written.tokens:
        if token.kind == "name" and before != "PREFIX":
            prefix, _, local = token.text.partition(":")
            if prefix in prefixes:
                found[token.text] = prefixes[prefix] + local.replace("\\", "")
        elif token.kind == "iri" and before != "BASE" and not before.endswith(":"):
            found[token.text] = token.text[1:-1]
        before = token.keyword or token.text
    return {shown: iri for shown, iri in found.items() if iri.startswith(_OURS) and iri not in _OURS}


def _held(store: Store, iri: str) -> bool:
    """Whether the store has the name anywhere in a triple."""
    term = f"<{iri}>"
    for pattern in (f"?s {term} ?o", f"?s ?p {term}", f"{term} ?p ?o"):
        answer = store.query(f"ASK {{ {pattern} }}")
        if isinstance(answer, QueryBoolean) and answer:
            return True
    return False
