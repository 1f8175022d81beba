"""The links of a store: read, written, decided on, taken back.

A link is a node in the graph of links, one for each pair and dataset; an accepted one has an ``owl:sameAs`` beside it.
What a person decides on a pair holds for its links of every dataset, now and at later merges.
"""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, cast

from kg.core.errors import KgError
from kg.core.vocab import ONTOLOGY, OWL, RDF, XSD
from kg.linking.match import DECIDED, Link, LinkKind, LinkStatus
from kg.store.files import from_ntriples, to_ntriples
from kg.store.opening import NamedNode, RdfLiteral, Triple

if TYPE_CHECKING:
    from kg.store.opening import Store

BY_HAND = "said by a person"
"""The reason of a link that no merge proposed."""


def links_graph(store: Store) -> str:
    """The IRI of the graph that holds all links."""
    return f"{store.base}graph/links"


def read_links(store: Store, graph: str = "") -> dict[str, Link]:
    """Every link of a graph (that of the entities' links) by its IRI, in the order of IRIs."""
    found: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for triple in from_ntriples(store.graph_bytes(graph or links_graph(store))):
        subject = triple.subject
        if isinstance(subject, NamedNode):
            value = getattr(triple.object, "value", "")
            found[subject.value][triple.predicate.value.removeprefix(ONTOLOGY)].append(value)
    return {iri: _link(values) for iri, values in sorted(found.items()) if "linkSubject" in values}


def write_links(store: Store, links: Iterable[Link], more: Mapping[str, bytes] | None = None) -> None:
    """Put links in the place of those in the store, with other graphs to be replaced at the same time."""
    triples = {triple for link in links for triple in link_triples(link, links_graph(store))}
    store.replace_many({**(more or {}), links_graph(store): to_ntriples(triples)})


def link_iri(link: Link, graph: str) -> str:
    """The IRI of a link in its graph: the ends of both sides' IRIs, and a digest that keeps links apart."""
    ends = (re.sub(r"[^\w.-]+", "-", re.split(r"[/#]", iri.rstrip("/#"))[-1]) for iri in (link.subject, link.target))
    digest = hashlib.sha256(f"{link.subject} {link.target} {link.dataset}".encode()).hexdigest()[:8]
    return f"{graph}#{'-'.join(ends)}-{digest}"


def decide(store: Store, chosen: Iterable[str], status: LinkStatus, *, both: bool = False) -> list[Link]:
    """Accept or reject the links with these IRIs, or with these targets; the decision outlives every merge.

    Gives the links decided. KgError for an IRI that is no link's and no link's target, and for a link that would be
    the second accepted one of one entity in one dataset, or of one target, unless ``both`` is said to be right.
    """
    links = read_links(store)
    decided = {
        key: replace(link, status=status, method=DECIDED)
        for key, link in links.items()
        if (link.subject, link.target) in {(links[hit].subject, links[hit].target) for hit in _hits(links, chosen)}
    }
    if status == "accepted" and not both:
        _refuse_second(links | decided, decided)
    write_links(store, (links | decided).values())
    return list(decided.values())


def undecide(store: Store, chosen: Iterable[str]) -> list[Link]:
    """Take decisions back: the links stand again as the merge proposed them; those said by hand alone go.

    KgError as for ``decide``, and where nothing was decided.
    """
    links = read_links(store)
    hits = {key for key in _hits(links, chosen) if links[key].method == DECIDED}
    if not hits:
        raise KgError("nothing was decided on these links: `kg links` says at each whether a person decided")
    back = {key: links[key].proposed() for key in sorted(hits)}
    rest = {key: link for key, link in links.items() if key not in hits}
    for key, link in back.items():
        if link.reasons != (BY_HAND,):
            rest[key] = replace(link, status="candidate") if any(True for _ in _seconds(link, rest.values())) else link
    write_links(store, rest.values())
    return [rest.get(key, replace(link, status="candidate")) for key, link in back.items()]


def settle(store: Store, rows: Iterable[tuple[str, str, LinkStatus]], *, both: bool = False) -> list[Link]:
    """Give the links of these pairs (subject, target) this status, all or none; those that have it stay as they are.

    A pair that no merge proposed becomes a link said by hand. Gives the links that changed. KgError for a subject that
    the store does not know, and for a second accepted link as in ``decide``.
    """
    links = read_links(store)
    changed: dict[str, Link] = {}
    by_pair: dict[tuple[str, str], list[str]] = defaultdict(list)
    for key, link in links.items():
        by_pair[link.subject, link.target].append(key)
    for subject, target, status in rows:
        if keys := by_pair.get((subject, target)):
            changed |= {
                key: replace(links[key], status=status, method=DECIDED) for key in keys if links[key].status != status
            }
        else:
            _check_known(store, subject)
            link = by_hand(subject, target, status)
            changed[link_iri(link, links_graph(store))] = link
    if not both:
        _refuse_second(links | changed, changed)
    if changed:
        write_links(store, (links | changed).values())
    return list(changed.values())


def say_same(store: Store, one: str, other: str) -> Link:
    """Say that two of ours are the same thing; KgError where the store does not know one of them, or they are one."""
    one, other = sorted((one, other))
    if one == other:
        raise KgError(f"{one} is the same as itself: name two entities")
    _check_known(store, one)
    _check_known(store, other)
    link = by_hand(one, other, "accepted")
    write_links(store, (read_links(store) | {link_iri(link, links_graph(store)): link}).values())
    return link


def _check_known(store: Store, iri: str) -> None:
    if not store.query(f"ASK {{ {NamedNode(iri)} a ?type }}"):
        raise KgError(f"the store says nothing about {iri}: see the entities with `kg query --name actors`")


def by_hand(subject: str, target: str, status: LinkStatus) -> Link:
    """A link that a person drew and no merge proposed."""
    return Link(subject, target, DECIDED, Decimal("1.00"), status, (BY_HAND,))


def prune_links(store: Store) -> int:
    """Take out the links of entities that no article names any more; how many there were."""
    links = read_links(store)
    named: dict[str, bool] = {}

    def gone(iri: str) -> bool:
        if iri not in named:
            named[iri] = bool(store.query(f"ASK {{ {NamedNode(iri)} a ?t }}"))
        return not named[iri]

    def ours(link: Link) -> Iterable[str]:
        return (iri for iri in (link.subject, link.target) if iri.startswith(store.base))

    kept = [link for link in links.values() if not any(map(gone, ours(link)))]
    if len(kept) < len(links):
        write_links(store, kept)
    return len(links) - len(kept)


def _hits(links: Mapping[str, Link], chosen: Iterable[str]) -> set[str]:
    wanted = set(chosen)
    names = {key: {key, *_called_by(link)} for key, link in links.items()}
    hits = {key for key, its in names.items() if wanted & its}
    unknown = wanted.difference(*(names[key] for key in hits))
    if unknown:
        raise KgError(f"no link {min(unknown)} in the store: `kg links` lists them")
    return hits


def _called_by(link: Link) -> set[str]:
    """By what a link is called beside its own IRI: its target, or either side where a person joined two of ours."""
    return {link.target} if link.dataset or link.reasons != (BY_HAND,) else {link.subject, link.target}


def _refuse_second(links: Mapping[str, Link], decided: Mapping[str, Link]) -> None:
    for link in decided.values():
        if other := next(_seconds(link, links.values()), None):
            raise KgError(
                f"<{link.subject}> and <{link.target}>: <{other.subject}> and <{other.target}> are accepted as "
                "the same already (or would be with them); reject that first, or say with --both that both are right"
            )


def _seconds(link: Link, links: Iterable[Link]) -> Iterator[Link]:
    """Accepted links that leave no room for this one: the same entity and dataset, or the same target."""
    return (
        other
        for other in links
        if other.status == link.status == "accepted"
        and (other.subject == link.subject) != (other.target == link.target)
        and (other.target == link.target or (other.dataset == link.dataset != ""))
    )


def _link(values: Mapping[str, list[str]]) -> Link:
    contested = tuple(sorted(values.get("contestedBy", ())))
    reasons = values["reason"][0].split("; ")
    return Link(
        subject=values["linkSubject"][0],
        target=values["linkTarget"][0],
        method=values["linkMethod"][0],
        score=Decimal(values["score"][0]).quantize(Decimal("0.01")),
        status=cast("LinkStatus", values["linkStatus"][0].removeprefix(ONTOLOGY)),
        reasons=tuple(reason for reason in reasons if reason not in map(_contest, contested)),
        contested=contested,
        dataset=next(iter(values.get("linkDataset", ())), ""),
        kind=cast("LinkKind", values[RDF + "type"][0].removeprefix(ONTOLOGY)),
    )


def _contest(graph: str) -> str:
    return f"several of that name in {graph.rpartition('/')[2]}"


def reasons_of(link: Link) -> tuple[str, ...]:
    """All reasons of a link's score and status, for a reader."""
    return (*link.reasons, *map(_contest, link.contested))


_SAYS = {"Link": OWL + "sameAs", "EventLink": OWL + "sameAs", "CopyLink": ONTOLOGY + "copyOf"}


def link_triples(link: Link, graph: str) -> Iterable[Triple]:
    """The node of a link, and what it says where it is accepted."""
    node = NamedNode(link_iri(link, graph))
    subject, target = NamedNode(link.subject), NamedNode(link.target)
    if link.status == "accepted":
        yield Triple(subject, NamedNode(_SAYS[link.kind]), target)
    yield Triple(node, NamedNode(RDF + "type"), NamedNode(ONTOLOGY + link.kind))
    parts: list[tuple[str, NamedNode | RdfLiteral]] = [
        ("linkSubject", subject),
        ("linkTarget", target),
        ("linkMethod", RdfLiteral(link.method)),
        ("score", RdfLiteral(str(link.score), datatype=NamedNode(XSD + "decimal"))),
        ("linkStatus", NamedNode(ONTOLOGY + link.status)),
        ("reason", RdfLiteral("; ".join(reasons_of(link)))),
        *(("linkDataset", NamedNode(graph)) for graph in (link.dataset,) if graph),
        *(("contestedBy", NamedNode(graph)) for graph in link.contested),
    ]
    for local_name, value in parts:
        yield Triple(node, NamedNode(ONTOLOGY + local_name), value)
