"""Accepted links as one thing: a copy of a store in which all that is the same has one IRI.

Of linked IRIs the first of ours stands for all (ours begin with the store's base; the first in the order of IRIs), else
the first of theirs. Links of events count too; articles that repeat another one stay articles of their own. The nodes
of the links stay as they are, and nothing is written to the store itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

import pyoxigraph as ox

from kg.core.vocab import OWL
from kg.store.engine import EngineStore
from kg.store.files import from_ntriples
from kg.store.sparql.request import Sparql

if TYPE_CHECKING:
    from kg.store.opening import Store

_SAME = OWL + "sameAs"


def representatives(store: Store) -> dict[str, str]:
    """The IRI that stands for each linked IRI that is not itself the one."""
    home: dict[str, set[str]] = {}
    for graph in _graphs_of_links(store):
        for triple in from_ntriples(store.graph_bytes(graph)):
            if triple.predicate.value == _SAME:
                pair = {getattr(triple.subject, "value", ""), getattr(triple.object, "value", "")}
                together = set().union(pair, *(home.get(iri, ()) for iri in pair))
                home |= dict.fromkeys(together, together)
    groups = {id(group): group for group in home.values()}.values()
    first = ((group, min(group, key=lambda iri: (not iri.startswith(store.base), iri))) for group in groups)
    return {iri: one for group, one in first for iri in group if iri != one}


def _graphs_of_links(store: Store) -> tuple[str, str]:
    return f"{store.base}graph/links", f"{store.base}graph/stories"


def as_one(store: Store) -> tuple[EngineStore, dict[str, str]]:
    """A copy in memory in which linked things are one, and which IRI stands for which other."""
    instead = representatives(store)
    copy = EngineStore(ox.Store(), f"{store.location}, the same as one", store.base)
    copy.fill(_rewritten(store, instead))
    return copy, instead


def asked_as_one(query: str, prefixes: Mapping[str, str], instead: Mapping[str, str]) -> str:
    """A query with the IRIs that it names replaced by those that stand for them."""
    written = Sparql(query)
    known = {**prefixes, **written.declarations()}
    parts, at, previous = [], 0, ""
    for token in written.tokens:
        iri = ""
        if token.kind == "iri":
            iri = token.text[1:-1]
        elif token.kind == "name" and previous != "PREFIX":
            prefix, _, local = token.text.partition(":")
            iri = known.get(prefix, "") + local.replace("\\", "")
        if iri in instead:
            parts += [query[at : token.start], f"<{instead[iri]}>"]
            at = token.end
        previous = token.keyword
    return "".join([*parts, query[at:]])


def _rewritten(store: Store, instead: Mapping[str, str]) -> Iterator[ox.Quad]:
    terms = {ox.NamedNode(iri): ox.NamedNode(one) for iri, one in instead.items()}
    same, links = ox.NamedNode(_SAME), _graphs_of_links(store)
    for graph in store.graphs():
        name = ox.NamedNode(graph)
        for triple in from_ntriples(store.graph_bytes(graph)):
            subject, predicate, target = triple.subject, triple.predicate, triple.object
            if graph not in links:
                subject = terms.get(subject, subject) if isinstance(subject, ox.NamedNode) else subject
                target = terms.get(target, target) if isinstance(target, ox.NamedNode) else target
            if predicate != same or (subject != target and graph not in links):
                yield ox.Quad(subject, predicate, target, name)
