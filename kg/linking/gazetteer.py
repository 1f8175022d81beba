"""Places of articles as links to GeoNames: read from the store, resolved article by article, written as links.

    article graphs ─ places.resolve → Meaning ─ over all articles → graph/links, graph/dataset/gazetteer

A place has one IRI in all articles, and its name may mean two places: each link says in which articles it was accepted
or is possible (``kg:acceptedIn``, ``kg:possibleIn``, beside the rows of the places). It is accepted where all articles
but a few agree. Only the articles that changed are read again, with the same result as if all were.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING

from kg.core.vocab import COMMON_PREFIXES, ONTOLOGY
from kg.graph.mint import graph_iri
from kg.linking.dataset import aligned_types
from kg.linking.gazetteer_rows import geonames_iri, rows
from kg.linking.links import link_iri, links_graph, read_links, write_links
from kg.linking.match import DECIDED, Link, LinkStatus
from kg.linking.places.index import Gazetteer, index_paths
from kg.linking.places.resolve import Meaning, Resolver
from kg.linking.places.surroundings import CountryWords, country_words
from kg.linking.told import told_places
from kg.ontology.load import load_ontology
from kg.store.files import from_ntriples, to_ntriples
from kg.store.opening import NamedNode, Triple

if TYPE_CHECKING:
    from kg.store.opening import Store

METHOD = "place name, type and surroundings"
DATASET = "gazetteer"
_GN = COMMON_PREFIXES["gn"]
_ACCEPTED_IN, _POSSIBLE_IN = ONTOLOGY + "acceptedIn", ONTOLOGY + "possibleIn"
_FEW = 20  # one article of so many that means another place hinders nobody
_ELSEWHERE = "the name means another place in other articles"
_BATCH = 64  # articles asked for at once

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class PlacesLinked:
    """The links of a store's places by status, and how many articles were looked through for it."""

    links: Mapping[LinkStatus, int]
    articles: int


@dataclass(slots=True)
class _Records:
    """In which articles a pair was accepted, and in which it is possible."""

    accepted: dict[Pair, set[str]] = field(default_factory=lambda: defaultdict(set))
    possible: dict[Pair, set[str]] = field(default_factory=lambda: defaultdict(set))

    def articles(self) -> set[str]:
        return {article for both in (self.accepted, self.possible) for its in both.values() for article in its}

    def forget(self, articles: AbstractSet[str]) -> set[Pair]:
        """Take articles out; the pairs that this concerns."""
        concerned = set()
        for both in (self.accepted, self.possible):
            for pair, its in both.items():
                if its & articles:
                    its.difference_update(articles)
                    concerned.add(pair)
        return concerned

    def representative(self, pair: Pair) -> str | None:
        """The article whose score and reasons a link shows: the first by IRI of those that accept it, else of all."""
        return min(self.accepted[pair] or self.possible[pair], default=None)


def graph_of(store: Store) -> str:
    """The graph with the rows of the linked places."""
    return f"{store.base}graph/dataset/{DATASET}"


def unlinked(store: Store, articles: Iterable[str]) -> set[str]:
    """Those of the articles in which no place was looked at yet (or none found)."""
    return set(articles) - _records(store, read_links(store)).articles()


def link_loaded(store: Store, stored: Iterable[str], unchanged: Iterable[str] = ()) -> PlacesLinked | None:
    """Link the places of articles (ids) that were just read, and of unchanged ones that were read without.

    The end of every load: what is linked already is left alone, so that it costs what is new. None where there is no
    index, or nothing to do.
    """
    paths = index_paths()
    wanted = {graph_iri(article, store.base) for article in stored} if paths else set()
    old = {graph_iri(article, store.base) for article in unchanged} if paths else set()
    wanted |= unlinked(store, old) if old else set()
    if not wanted:
        return None
    with Gazetteer(paths) as gazetteer:
        return link_places(store, gazetteer, wanted)


def forget_places(store: Store) -> None:
    """Take out what articles said of places that are in the store no more: the end of every forgetting."""
    if store.graph_bytes(graph_of(store)):
        paths = index_paths()
        with Gazetteer(paths) as gazetteer:
            link_places(store, gazetteer if paths else None, ())


def link_places(store: Store, gazetteer: Gazetteer | None, articles: Iterable[str] | None = None) -> PlacesLinked:
    """Link the places of these articles (graph IRIs; None: of all), and renew what links of places they change.

    Articles that are in the store no more leave their links. Without a gazetteer only that is done.
    """
    links = read_links(store)
    graph = graph_of(store)
    own = {(link.subject, link.target): link for link in links.values() if link.dataset == graph}
    records = _records(store, links)
    there = _articles(store)
    gone = records.articles() - there
    wanted = (there if articles is None else set(articles) & there) if gazetteer else set()
    before = {pair: records.representative(pair) for pair in own}
    concerned = records.forget(gone | wanted)
    fresh: dict[str, dict[Pair, Meaning]] = {}
    if gazetteer:
        resolver = Resolver(gazetteer, _country_words(), fits)
        fresh = _meant(store, resolver, wanted)
        for article, meanings in fresh.items():
            for pair, meaning in meanings.items():
                (records.accepted if meaning.accepted else records.possible)[pair].add(article)
                concerned.add(pair)
        shown = {pair: records.representative(pair) for pair in concerned}
        fresh |= _meant(
            store, resolver, {a for pair, a in shown.items() if a and a not in fresh and a != before.get(pair)}
        )
    decided = {(link.subject, link.target): link.status for link in links.values() if link.method == DECIDED}
    found = []
    for pair in sorted(own.keys() | concerned):
        link = _renewed(pair, own.get(pair), records, fresh, graph)
        if link is not None:
            found.append(link)
    settled = _settled(found, records, decided)
    others = [link for link in links.values() if link.dataset != graph]
    triples = rows(store, gazetteer, graph, {link.target for link in settled}) if settled else set()
    triples |= {triple for link in settled for triple in _record_triples(link, records, store)}
    write_links(store, [*others, *settled], {graph: to_ntriples(triples)})
    return PlacesLinked(Counter(link.status for link in settled), len(wanted))


def _renewed(
    pair: Pair,
    before: Link | None,
    records: _Records,
    fresh: Mapping[str, Mapping[Pair, Meaning]],
    graph: str,
) -> Link | None:
    """A link with the score and reasons of its article; None where no article has it any more and nobody decided."""
    article = records.representative(pair)
    if article is None:
        return before if before is not None and before.method == DECIDED else None
    meaning = fresh.get(article, {}).get(pair)
    if meaning is None:
        return before  # the article that it shows is the one that it showed
    score = min(max(Decimal(str(meaning.chance)), Decimal("0.01")), Decimal("0.99")).quantize(Decimal("0.01"))
    link = Link(*pair, METHOD, score, "candidate", meaning.reasons, dataset=graph)
    return (
        link
        if before is None
        else replace(link, contested=before.contested, method=before.method, status=before.status)
    )


def _settled(links: list[Link], records: _Records, decided: Mapping[Pair, LinkStatus]) -> list[Link]:
    """The status of each link: as decided, else accepted where the articles agree."""
    votes: dict[str, int] = defaultdict(int)
    for (subject, _), articles in records.accepted.items():
        votes[subject] += len(articles)
    taken = {subject: target for (subject, target), status in decided.items() if status == "accepted"}
    targets = {link.target for link in links}
    settled = []
    for link in links:
        pair = (link.subject, link.target)
        if pair in decided:
            settled.append(replace(link, method=DECIDED, status=decided[pair]))
            continue
        own = len(records.accepted[pair])
        agree = own > 0 and (votes[link.subject] - own) * _FEW <= own
        rival = taken.get(link.subject, link.target)
        free = rival == link.target or rival not in targets
        reasons = tuple(reason for reason in link.reasons if reason != _ELSEWHERE)
        if votes[link.subject] > own and (own or not agree):
            reasons = (*reasons, _ELSEWHERE)
        status: LinkStatus = "accepted" if agree and free and not link.contested else "candidate"
        settled.append(replace(link, method=METHOD, status=status, reasons=reasons))
    return settled


def _meant(store: Store, resolver: Resolver, articles: AbstractSet[str]) -> dict[str, dict[Pair, Meaning]]:
    """What the places of each article mean, by pair."""
    found: dict[str, dict[Pair, Meaning]] = {}
    ordered = sorted(articles)
    for start in range(0, len(ordered), _BATCH):
        for article, (source, places) in told_places(store, ordered[start : start + _BATCH]).items():
            meanings = resolver.meanings(source, places)
            found[article] = {(m.iri, geonames_iri(m.place.number)): m for m in meanings}
    return found


def _articles(store: Store) -> set[str]:
    start = f"{store.base}article/"
    return {graph for graph in store.graphs() if graph.startswith(start)}


def _records(store: Store, links: Mapping[str, Link]) -> _Records:
    records = _Records()
    for triple in from_ntriples(store.graph_bytes(graph_of(store))):
        of = {_ACCEPTED_IN: records.accepted, _POSSIBLE_IN: records.possible}.get(triple.predicate.value)
        link = links.get(getattr(triple.subject, "value", ""))
        if of is not None and link is not None:
            of[link.subject, link.target].add(triple.object.value)  # type: ignore[union-attr]
    return records


def _record_triples(link: Link, records: _Records, store: Store) -> Iterable[Triple]:
    node = NamedNode(link_iri(link, links_graph(store)))
    pair = (link.subject, link.target)
    for predicate, articles in ((_ACCEPTED_IN, records.accepted[pair]), (_POSSIBLE_IN, records.possible[pair])):
        for article in articles:
            yield Triple(node, NamedNode(predicate), NamedNode(article))


@lru_cache(maxsize=1)
def _country_words() -> CountryWords:
    return country_words(load_ontology())


@lru_cache(maxsize=10_000)
def fits(types: frozenset[str], code: str) -> bool | None:
    """Whether something of these classes of ours may be of a feature code of GeoNames (ontology/linked-types.ttl)."""
    ontology, aligned = load_ontology(), aligned_types()
    theirs = aligned.get(f"{_GN}{code}") or aligned.get(f"{_GN}{code[:1]}")
    if not theirs or types & theirs:
        return bool(theirs) or None
    return None if any(ontology.is_a(a, b) or ontology.is_a(b, a) for a in types for b in theirs) else False
