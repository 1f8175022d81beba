"""The links of a store's events, and of its articles that are one report: made from what the articles say.

They stand in a graph of their own. All of it follows from the articles and from what people decided, so that the same
articles give the same links in whatever order they were loaded.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING, cast

from kg.core.errors import KgError
from kg.core.vocab import ONTOLOGY, SCHEMA
from kg.linking.links import link_triples, read_links
from kg.linking.match import DECIDED, Link, LinkStatus
from kg.ontology.load import load_ontology
from kg.pipeline.stories.accounts import Account, Text
from kg.pipeline.stories.candidates import candidate_pairs
from kg.pipeline.stories.comparing import Background, Weights, evidence, weights
from kg.pipeline.stories.copies import Source, copies
from kg.pipeline.stories.grouping import Pair, components, spanning
from kg.pipeline.stories.joining import background_of, join
from kg.pipeline.stories.reading import read_accounts
from kg.pipeline.stories.wording import word_table
from kg.store.files import to_ntriples
from kg.store.opening import NamedNode

if TYPE_CHECKING:
    from kg.store.opening import QuerySolutions, Store

METHOD = "words, type, time, place and participants"
_COPY = "text and address"
_REASONS = 4  # that speak for a link, at most


@dataclass(frozen=True, slots=True)
class Related:
    """What was linked: happenings told by several articles, links by status, articles that repeat another."""

    happenings: int
    accepted: int
    candidates: int
    copies: int


def story_graph(store: Store) -> str:
    """The IRI of the graph that holds the links of events and of articles that are one report."""
    return f"{store.base}graph/stories"


def story_links(store: Store) -> dict[str, Link]:
    """Every link of events and of articles by its IRI."""
    return read_links(store, story_graph(store))


def relate(store: Store) -> Related:
    """Link the events of a store that are one happening, and the articles that are one report; decisions stay."""
    decided = [link for link in story_links(store).values() if link.method == DECIDED]
    return _relate(store, decided)


def relate_again(store: Store) -> None:
    """The same for a store whose events are linked; nothing where they are not."""
    if store.graph_bytes(story_graph(store)):
        relate(store)


def _relate(store: Store, decided: Iterable[Link]) -> Related:
    ontology, table, by = load_ontology(), word_table(), weights()
    accounts, texts = read_accounts(store, ontology, table)
    known = {account.iri: account for account in accounts}
    stand = {(link.subject, link.target): link for link in decided if _stands(link, known, texts)}
    events = {pair: link for pair, link in stand.items() if link.kind == "EventLink"}
    background = background_of(accounts, texts)
    joined = join(
        accounts,
        candidate_pairs(accounts, texts),
        background,
        same=[pair for pair, link in events.items() if link.status == "accepted"],
        apart=[pair for pair, link in events.items() if link.status == "rejected"],
    )
    links = dict(stand)
    home = {iri: number for number, group in enumerate(joined.groups) for iri in group}

    def link(pair: Pair, status: LinkStatus) -> None:
        if pair not in links:
            links[pair] = _link(pair, joined.scores.get(pair, 0.0), status, known, background, by)

    for group in joined.groups:
        for pair in spanning(list(group), joined.scores):
            likely = joined.scores.get(pair, joined.scores.get(pair[::-1], 0.0)) >= by.accepted
            link(pair, "accepted" if likely else "candidate")
    best: dict[Pair, tuple[float, Pair]] = {}
    for (one, other), value in sorted(joined.scores.items()):
        between = cast("Pair", tuple(sorted((joined.groups[home[one]][0], joined.groups[home[other]][0]))))
        apart = between[0] != between[1] and known[one].article != known[other].article
        if apart and value >= by.shown and value > best.get(between, (0.0, ("", "")))[0]:
            best[between] = (value, (one, other))
    for _, pair in best.values():
        link(pair, "candidate")
    for copy in copies(_sources(store)):
        pair = (copy.iri, copy.of)
        links.setdefault(
            pair, Link(*pair, _COPY, Decimal(f"{copy.shared:.2f}"), "accepted", (copy.reason,), kind="CopyLink")
        )
    graph = story_graph(store)
    store.replace_many({graph: to_ntriples({t for one in links.values() for t in link_triples(one, graph)})})
    held = [pair for pair, one in links.items() if one.status == "accepted" and one.kind == "EventLink"]
    return Related(
        happenings=sum(len({known[iri].article for iri in group}) > 1 for group in components(known, held)),
        accepted=sum(one.status == "accepted" and one.kind == "EventLink" for one in links.values()),
        candidates=sum(one.status == "candidate" for one in links.values()),
        copies=sum(one.status == "accepted" and one.kind == "CopyLink" for one in links.values()),
    )


def decide_events(store: Store, chosen: Iterable[str], status: LinkStatus | None) -> list[Link]:
    """Accept or reject links of events or articles by IRI, or take decisions back (None), and link anew.

    KgError for an IRI that is no such link's.
    """
    links = story_links(store)
    wanted = set(chosen)
    if unknown := wanted - links.keys():
        raise KgError(f"no link {min(unknown)} between events in the store: `kg links --events` lists them")
    changed = {
        iri: replace(links[iri], method=DECIDED if status else METHOD, status=status or "candidate") for iri in wanted
    }
    _relate(store, [link for link in (links | changed).values() if link.method == DECIDED])
    after = story_links(store)
    return [after.get(iri, changed[iri]) for iri in sorted(wanted)]


def are_events(store: Store, *iris: str) -> bool:
    """Whether all of these are events of the store."""
    return all(bool(store.query(f"ASK {{ {NamedNode(iri)} <{ONTOLOGY}eventType> ?t }}")) for iri in iris)


def say_one_happening(store: Store, one: str, other: str, status: LinkStatus) -> Link:
    """Say that two events are, or are not, one happening; KgError where they are one event."""
    one, other = sorted((one, other))
    if one == other:
        raise KgError(f"{one} is one event: name two")
    links = story_links(store)
    pair = Link(one, other, DECIDED, Decimal("1.00"), status, ("said by a person",), kind="EventLink")
    rest = [link for link in links.values() if link.method == DECIDED and (link.subject, link.target) != (one, other)]
    _relate(store, [*rest, pair])
    return pair


def _stands(link: Link, known: Mapping[str, Account], texts: Mapping[str, Text]) -> bool:
    """Whether both sides of a decided link are still there."""
    return all(side in (known if link.kind == "EventLink" else texts) for side in (link.subject, link.target))


def _link(
    pair: Pair, value: float, status: LinkStatus, known: Mapping[str, Account], background: Background, by: Weights
) -> Link:
    one, other = known[pair[0]], known[pair[1]]
    measured = evidence(one, other, background, word_table())
    weighed = sorted(((by.weight.get(name, 0.0) * much, name) for name, much in measured.items()), key=_by_size)
    speaks_for = [name for weight, name in weighed if weight > 0][:_REASONS]
    against = [f"against: {name}" for weight, name in weighed if weight < 0][:2]
    both = sorted(one.trigger & other.trigger)
    words = [f"both told by {', '.join(both)}"] if both else []
    score = Decimal(f"{min(max(value, 0.01), 0.99):.2f}")
    return Link(*pair, METHOD, score, status, (*words, *speaks_for, *against), kind="EventLink")


def _by_size(weighed: tuple[float, str]) -> tuple[float, str]:
    return (-abs(weighed[0]), weighed[1])


_ARTICLES = """SELECT ?a ?text ?url ?published ?publisher { ?a schema:articleBody ?text
  OPTIONAL { ?a schema:url ?url } OPTIONAL { ?a schema:datePublished ?published }
  OPTIONAL { ?a schema:publisher ?publisher } }"""


def _sources(store: Store) -> list[Source]:
    found: dict[str, Source] = {}
    for row in cast("QuerySolutions", store.query(_ARTICLES, prefixes={"schema": SCHEMA})):
        values = {name: getattr(row[name], "value", "") for name in ("text", "url", "published", "publisher")}
        found.setdefault(row["a"].value, Source(row["a"].value, **values))
    return [found[iri] for iri in sorted(found)]
