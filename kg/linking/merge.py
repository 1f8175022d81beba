"""Linked data into a graph of its own, and links between its things and ours into the graph of links.

    file → triples → graph/dataset/NAME
                   → things with names and types ─ link → graph/links

Merging again replaces the dataset's graph and renews its links, except those that a person decided; dropping takes
both away. An accepted link has an ``owl:sameAs`` beside it; nothing else of ours or theirs is touched.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote

from kg.core.errors import KgError
from kg.linking.agreement import Fact, compared, names_of
from kg.linking.dataset import Names, things
from kg.linking.entities import entities, our_names
from kg.linking.links import read_links, write_links
from kg.linking.match import DECIDED, Link, LinkStatus, find_links
from kg.linking.names import keys
from kg.linking.places.index import Gazetteer, open_gazetteer
from kg.linking.sources import (
    Source,
    about_graph,
    dataset_graph,
    from_files,
    graph_of,
    is_of_dataset,
    named_graph,
    provenance,
)
from kg.linking.things import Named
from kg.ontology.load import load_ontology
from kg.store.files import from_ntriples, to_ntriples
from kg.store.opening import NamedNode

if TYPE_CHECKING:
    from kg.ontology.values import Ontology
    from kg.store.opening import Store, Triple


@dataclass(frozen=True, slots=True)
class Merged:
    """What a merge did: the dataset's graph, its triples, its links by status, and links of others it contests."""

    graph: str
    triples: int
    links: Mapping[LinkStatus, int]
    withdrawn: int = 0  # accepted links of other datasets that are candidates now
    facts: tuple[Fact, ...] = ()  # what it says of the things that it is linked with, beside what ours says
    names: Mapping[str, str] = field(default_factory=dict)  # what properties and things of these facts are called


@dataclass(frozen=True, slots=True)
class Dataset:
    """A dataset in the store: its name, graph, triples, and links by status."""

    name: str
    graph: str
    triples: int
    links: Mapping[LinkStatus, int]


def merge(source: Source | Path, store: Store, name: str | None = None) -> Merged:
    """Put a source, or an RDF file, into ``graph/dataset/NAME`` and link its things to ours.

    Named graphs stay apart, in graphs of their own beside it; what it was made of stands in ``…/NAME/about``. KgError
    for a file that is no RDF or holds nothing; the store is then as it was.
    """
    if isinstance(source, Path):
        source = from_files(store, [source], name)
    graph = dataset_graph(store, source.name)
    triples = source.triples()
    before = list(read_links(store).values())
    old_things = {_subject(triple) for triple in from_ntriples(store.graph_bytes(graph))}
    found, ours, theirs = _proposals(store, triples)
    own = old_things | theirs.keys()  # links of an older program do not name their dataset
    others = _without(
        [link for link in before if link.method == DECIDED or not (link.dataset == graph or _is_of(link, own))], graph
    )
    decided = {(link.subject, link.target): link for link in others if link.method == DECIDED}
    found = _settled([replace(link, dataset=graph) for link in found], others, decided)
    others, found = _contested(others, found, graph, ours, load_ontology().is_a)
    links = _unique([*others, *found])
    write_links(store, links, _graphs(store, source, graph))
    withdrawn = _accepted(before) - _accepted(links)
    own_links = [link for link in links if link.dataset == graph]
    ontology = load_ontology()
    facts = compared(own_links, ours, theirs, triples, Names(ontology).known, ontology.is_a)
    return Merged(
        graph,
        len(triples),
        Counter(link.status for link in own_links),
        sum(graph in link.contested for link in others if (link.subject, link.target) in withdrawn),
        tuple(facts),
        names_of(triples, {part for fact in facts if fact.verdict == "new" for part in (fact.what, fact.theirs)}),
    )


def drop_dataset(store: Store, name: str) -> int:
    """Take a dataset out with its links, decided ones too; how many links. KgError where there is none of that name.

    What its namesakes made candidates of other datasets' links is accepted again; all else stays byte by byte.
    """
    graph = graph_of(store, name)
    known = {dataset.graph: dataset.name for dataset in datasets(store)}
    if graph not in known:
        there = f": there are {', '.join(known.values())}" if known else "; none is there"
        raise KgError(f"no dataset {name} in {store.location}{there}")
    own = [one for one in store.graphs() if is_of_dataset(one, graph)]
    things = {_subject(triple) for one in own for triple in from_ntriples(store.graph_bytes(one))}
    before = read_links(store).values()
    kept = [link for link in before if not (link.dataset == graph or _is_of(link, things))]
    write_links(store, _without(kept, graph), dict.fromkeys(own, b""))
    return len(before) - len(kept)


def datasets(store: Store) -> list[Dataset]:
    """The datasets that were merged into a store, by name."""
    start = f"{store.base}graph/dataset/"
    links = read_links(store).values()
    parts: dict[str, list[str]] = {}
    for graph in store.graphs():
        if graph.startswith(start):
            name, _, part = graph.removeprefix(start).partition("/")
            parts.setdefault(start + name, []).extend([] if part == "about" else [graph])
    return [
        Dataset(
            unquote(graph.removeprefix(start)),
            graph,
            sum(store.graph_bytes(part).count(b"\n") for part in its),
            Counter(link.status for link in links if link.dataset == graph),
        )
        for graph, its in sorted(parts.items())
    ]


def _graphs(store: Store, source: Source, graph: str) -> dict[str, bytes]:
    """The graphs of a dataset as they are to be, those that it had before and has no more empty."""
    graphs = {one: b"" for one in store.graphs() if is_of_dataset(one, graph)}
    graphs |= {named_graph(graph, named): to_ntriples(triples) for named, triples in source.graphs.items()}
    return {**graphs, about_graph(graph): to_ntriples(provenance(source, graph))}


def _subject(triple: Triple) -> str:
    return triple.subject.value if isinstance(triple.subject, NamedNode) else ""


def _is_of(link: Link, things: set[str]) -> bool:
    return not link.dataset and link.method != DECIDED and link.target in things


def _proposals(store: Store, triples: Iterable[Triple]) -> tuple[list[Link], dict[str, Named], dict[str, Named]]:
    """The links that a dataset's triples suggest, and the things of both sides by IRI."""
    ontology = load_ontology()
    specific = specific_of(ontology)
    with open_gazetteer() or nullcontext() as gazetteer:
        names = Names(ontology, places_named(gazetteer))
        theirs = things(triples, names, specific, our_names(store))
        wanted = {key for thing in theirs.values() for key in keys(thing.names)}
        ours = {thing.iri: thing for thing in entities(store, names, wanted, specific)}
        return find_links(ours.values(), theirs.values(), ontology.is_a, names.known), ours, theirs


def places_named(gazetteer: Gazetteer | None) -> Callable[[str], tuple[int, int] | None]:
    """How many places of the index bear a name, and the people of the largest; None where there is no index."""

    def named(name: str) -> tuple[int, int] | None:
        if gazetteer is None:
            return None
        found = gazetteer.named(name)
        return len(found), max((one.place.population for one in found), default=0)

    return named


def specific_of(ontology: Ontology) -> Callable[[Iterable[str]], frozenset[str]]:
    """What keeps of some classes the most specific ones."""

    def specific(types: Iterable[str]) -> frozenset[str]:
        found = set(types)
        return frozenset(t for t in found if not any(other != t and ontology.is_a(other, t) for other in found))

    return specific


def _settled(found: list[Link], others: list[Link], decided: Mapping[tuple[str, str], Link]) -> list[Link]:
    """Proposals under what people decided: the same pair stays decided, a rival of an accepted one is a candidate."""
    accepted = [link for link in others if link.status == "accepted"]
    target_of = {(link.subject, link.dataset): link.target for link in accepted if link.method == DECIDED}
    subject_of = {link.target: link.subject for link in accepted}
    settled = []
    for link in found:
        if decision := decided.get((link.subject, link.target)):
            settled.append(replace(link, method=DECIDED, status=decision.status))
            continue
        rival = target_of.get((link.subject, link.dataset), link.target) != link.target
        second = subject_of.get(link.target, link.subject) != link.subject
        reason = "another target was accepted" if rival else "accepted for another entity of ours" if second else ""
        settled.append(link.lowered(reason) if reason and link.status == "accepted" else link)
    return settled


def _contested(
    others: list[Link], found: list[Link], graph: str, ours: Mapping[str, Named], is_a: Callable[[str, str], bool]
) -> tuple[list[Link], list[Link]]:
    """Links of a name that one dataset shows to be several things' are no other dataset's to accept by the name."""

    def hold(link: Link, datasets: Iterable[str]) -> Link:
        thing = ours.get(link.subject)
        person = thing is not None and any(is_a(t, "Person") for t in thing.types)
        if not link.dataset or (link.is_grounded and not person):
            return link
        held = replace(link, contested=tuple(sorted({*link.contested, *datasets} - {link.dataset})))
        return held if link.method == DECIDED else held.proposed()

    shared = {link.subject for link in found if link.has_rivals}
    rivals: dict[str, set[str]] = {}
    for link in others:
        if link.has_rivals and link.dataset:
            rivals.setdefault(link.subject, set()).add(link.dataset)
    return (
        [hold(link, [graph]) if link.subject in shared else link for link in others],
        [hold(link, rivals[link.subject]) if link.subject in rivals else link for link in found],
    )


def _without(links: Iterable[Link], graph: str) -> list[Link]:
    """Links as they stand without what a dataset says against them."""
    found = []
    for link in links:
        if graph in link.contested:
            free = replace(link, contested=tuple(other for other in link.contested if other != graph))
            found.append(free if link.method == DECIDED else free.proposed())
        else:
            found.append(link)
    return found


def _unique(links: Iterable[Link]) -> list[Link]:
    """One link for each pair and dataset, the last said, sorted."""
    by_key = {(link.subject, link.target, link.dataset): link for link in links}
    return [by_key[key] for key in sorted(by_key)]


def _accepted(links: Iterable[Link]) -> set[tuple[str, str]]:
    return {(link.subject, link.target) for link in links if link.status == "accepted"}
