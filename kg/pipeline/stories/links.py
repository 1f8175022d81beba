"""The links of a store's events, and of its articles that are one report: made from what the articles say.

They stand in a graph of their own. All of it follows from the articles and from what people decided, so that the same
articles give the same links in whatever order they were loaded. What was read of them is kept beside the store
(``kept``), so that a load costs what is new in it.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, cast

from kg.core.errors import KgError
from kg.core.iris import is_address
from kg.core.version import VERSION
from kg.core.vocab import ONTOLOGY, PROV
from kg.linking.links import link_iri, link_triples, read_links
from kg.linking.match import DECIDED, Link, LinkStatus
from kg.linking.splits import splits
from kg.ontology.load import load_ontology
from kg.pipeline.stories.comparing import weights
from kg.pipeline.stories.grouping import Pair, components
from kg.pipeline.stories.kept import FILE, FORM, Kept
from kg.pipeline.stories.reading import Read, read_article
from kg.pipeline.stories.relating import METHOD, bring_up_to_date
from kg.pipeline.stories.wording import word_table
from kg.query.corrections import corrections_graph
from kg.store.files import to_ntriples
from kg.store.opening import NamedNode

if TYPE_CHECKING:
    from kg.pipeline.stories.relating import Change, Reader
    from kg.store.opening import QuerySolutions, Store


_BY_HAND = "said by a person"


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


def relate(store: Store, *, anew: bool = False) -> Related:
    """Link the events of a store that are one happening, and the articles that are one report; decisions stay.

    Only what changed since the last time is looked at, with the same result as of all; ``anew`` looks at all.
    """
    return _relate(store, None, anew=anew)


def relate_again(store: Store) -> None:
    """The same for a store whose events are linked; nothing where they are not."""
    if store.graph_bytes(story_graph(store)):
        relate(store)


def _relate(store: Store, decided: Iterable[Link] | None, *, anew: bool = False) -> Related:
    """Bring the links up to date; ``decided`` are all decisions where some changed, None where none did."""
    graph = story_graph(store)
    old = stands = store.graph_bytes(graph)
    held = _decided(store, graph)
    said = list(held if decided is None else decided)
    changed = {(link.subject, link.target, link.status) for link in held} ^ {
        (link.subject, link.target, link.status) for link in said
    }
    with Kept(_beside(store), _version()) as kept:
        if anew or kept.written != _digest(old):
            kept.clear()
            old = b""
        states = _states(store)
        stand = {(k.subject, k.target): k for k in said if all(_article(i) in states for i in (k.subject, k.target))}
        events = {pair: link for pair, link in stand.items() if link.kind == "EventLink"}
        change = bring_up_to_date(
            kept,
            states,
            _reader(store),
            weights(),
            word_table(),
            same={pair for pair, link in events.items() if link.status == "accepted"},
            apart={pair for pair, link in events.items() if link.status == "rejected"},
            seeds=[side for one, other, _ in changed for side in (one, other)],
        )
        stand = {pair: k for pair, k in stand.items() if k.kind == "CopyLink" or all(map(kept.holds, pair))}
        found = _written(kept, old, change, stand, {(k.subject, k.target) for k in held}, graph)
        if found != stands:
            store.replace_many({graph: found})
            stands = store.graph_bytes(graph)
        kept.note(_digest(stands))
        return _counted(kept.links())


def _written(
    kept: Kept, old: bytes, change: Change, stand: Mapping[Pair, Link], before: Iterable[Pair], graph: str
) -> bytes:
    """The graph of links as it is to be: the old one without what goes, with what comes and what people decided."""
    gone = {*change.gone, *before, *stand}
    come = {(link.subject, link.target): link for link in change.come} | dict(stand)
    ends = [Link(one, other, METHOD, Decimal(0), "candidate", ()) for one, other in gone | come.keys()]
    nodes = {f"<{link_iri(link, graph)}>".encode() for link in ends}
    sides = {(f"<{one}>".encode(), f"<{other}> .".encode()) for one, other in gone | come.keys()}
    lines = set()
    for line in old.splitlines():
        subject, _, target = line.split(b" ", 2)
        if subject not in nodes and (subject, target) not in sides:
            lines.add(line)
    kept.relink(gone, come)
    added = {triple for link in come.values() for triple in link_triples(link, graph)}
    return b"".join(sorted(line + b"\n" for line in {*lines, *to_ntriples(added).splitlines()}))


def _decided(store: Store, graph: str) -> list[Link]:
    """The links that people decided."""
    query = f'SELECT ?l {{ GRAPH <{graph}> {{ ?l <{ONTOLOGY}linkMethod> "{DECIDED}" }} }}'
    if not list(cast("QuerySolutions", store.query(query))):
        return []
    return [link for link in story_links(store).values() if link.method == DECIDED]


def _counted(links: Iterable[tuple[str, str, str, str]]) -> Related:
    """What links (subject, target, status, kind) there are."""
    counts: Counter[tuple[str, str]] = Counter()
    held = []
    for subject, target, status, kind in links:
        counts[status, kind] += 1
        if (status, kind) == ("accepted", "EventLink"):
            held.append((subject, target))
    happenings = components({side for pair in held for side in pair}, held)
    return Related(
        happenings=sum(len({_article(iri) for iri in group}) > 1 for group in happenings),
        accepted=len(held),
        candidates=sum(number for (status, _), number in counts.items() if status == "candidate"),
        copies=counts["accepted", "CopyLink"],
    )


def _article(iri: str) -> str:
    return iri.partition("#")[0]


def _reader(store: Store) -> Reader:
    ontology, table = load_ontology(), word_table()

    def read(article: str) -> Read | None:
        return read_article(store.graph_bytes(article), article, ontology, table)

    return read


def _beside(store: Store) -> Path | None:
    """Where what was read is kept: in the store's folder; None for a store that has none."""
    if store.remote or store.location == ":memory:" or is_address(store.location):
        return None
    folder = Path(store.location)
    return folder / FILE if folder.is_dir() else None


@lru_cache(maxsize=1)
def _version() -> str:
    """By what the links are made: another one makes them anew."""
    shipped = resources.files("kg.core.data.stories")
    names = ("weights.json", "directions.txt", "shares.txt", "words.npz", "irregular.txt")
    parts = [shipped.joinpath(name).read_bytes() for name in names]
    return f"{VERSION} {FORM} {hashlib.sha256(b''.join(parts)).hexdigest()}"


def _digest(ntriples: bytes) -> str:
    return hashlib.sha256(ntriples).hexdigest()


_READ = """SELECT ?a ?digest ?program ?model ?ontology { ?a kg:digest ?digest ; prov:wasGeneratedBy ?r .
  ?r kg:program ?program ; kg:model ?model ; kg:ontologyDigest ?ontology }"""


def _states(store: Store) -> dict[str, str]:
    """By what the graph of each article is known to be as it was: how it was read, corrected, split; else its bytes."""
    start = f"{store.base}article/"
    articles = [graph for graph in store.graphs() if graph.startswith(start)]
    known: dict[str, list[str]] = defaultdict(list)
    for row in cast("QuerySolutions", store.query(_READ, prefixes={"kg": ONTOLOGY, "prov": PROV})):
        known[row["a"].value].append(" ".join(row[n].value for n in ("digest", "program", "model", "ontology")))
    by_hand = store.changed_by_hand(articles)
    split = splits(store)
    corrected = _corrections(store)
    return {
        article: " ".join([*sorted(known[article]), *sorted(split.get(article, ())), corrected.get(article, "")])
        if article in known and article not in by_hand
        else _digest(store.graph_bytes(article))
        for article in articles
    }


def _corrections(store: Store) -> dict[str, str]:
    """A digest of what people corrected, by article."""
    lines: dict[str, list[str]] = defaultdict(list)
    query = f"SELECT ?a ?p ?o {{ GRAPH <{corrections_graph(store)}> {{ ?c kg:correctedArticle ?a ; ?p ?o }} }}"
    for row in cast("QuerySolutions", store.query(query, prefixes={"kg": ONTOLOGY})):
        lines[row["a"].value].append(f"{row['p']} {row['o']}")
    return {article: _digest("\n".join(sorted(its)).encode()) for article, its in lines.items()}


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


def settle_events(store: Store, rows: Iterable[tuple[str, str, LinkStatus]]) -> list[Link]:
    """Give the pairs of events this status, as a person decides; a candidate is what nobody decides. What changed."""
    links = {(link.subject, link.target): link for link in story_links(store).values()}
    decided = {pair: link for pair, link in links.items() if link.method == DECIDED}
    changed = []
    for one, other, status in rows:
        pair = cast("Pair", tuple(sorted((one, other))))
        before = links.get(pair, Link(*pair, DECIDED, Decimal("1.00"), "candidate", (_BY_HAND,), kind="EventLink"))
        if before.status == status and (pair in links or status == "candidate"):
            continue
        changed.append(replace(before, status=status, method=METHOD if status == "candidate" else DECIDED))
        if status == "candidate":
            decided.pop(pair, None)
        else:
            decided[pair] = changed[-1]
    if changed:
        _relate(store, decided.values())
    return changed


def are_events(store: Store, *iris: str) -> bool:
    """Whether all of these are events of the store."""
    return all(bool(store.query(f"ASK {{ {NamedNode(iri)} <{ONTOLOGY}eventType> ?t }}")) for iri in iris)


def say_one_happening(store: Store, one: str, other: str, status: LinkStatus) -> Link:
    """Say that two events are, or are not, one happening; KgError where they are one event."""
    one, other = sorted((one, other))
    if one == other:
        raise KgError(f"{one} is one event: name two")
    links = story_links(store)
    pair = Link(one, other, DECIDED, Decimal("1.00"), status, (_BY_HAND,), kind="EventLink")
    rest = [link for link in links.values() if link.method == DECIDED and (link.subject, link.target) != (one, other)]
    _relate(store, [*rest, pair])
    return pair
