"""What an article tells of one event, as a page shows it: roles, time, counts, how certain, who says so, its words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from kg.core.iris import local_name
from kg.ontology.sentences import sentence_bounds
from kg.serve.described import Described
from kg.serve.kinds import words


@dataclass(frozen=True, slots=True)
class Part:
    """Something that has to do with an event: a role's filler, with its words' kind and where they stand."""

    role: str
    iri: str
    name: str
    kind: str
    spans: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Figure:
    """A count: its words, what it is at least and at most, and of whom."""

    iri: str
    words: str
    least: int | None
    most: int | None
    approximate: bool
    counted: str
    spans: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Voice:
    """Who says so: the source, what kind it is, the words of saying, by way of what, and in whose report."""

    iri: str
    name: str
    kind: str
    cue: str
    medium: str
    reported_by: str
    own: bool  # the article's own voice


@dataclass(frozen=True, slots=True)
class Told:
    """One event as one article tells it."""

    iri: str
    label: str
    type: str
    kind: str  # the type in words
    status: str
    parts: tuple[Part, ...]
    time_words: str
    dates: str
    inferred: bool
    counts: tuple[Figure, ...]
    voices: tuple[Voice, ...]
    spans: tuple[tuple[int, int], ...]  # of its triggers


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a text: words that are marked as the same things, the innermost giving the colour."""

    text: str
    kind: str = ""  # "": not marked
    facts: tuple[str, ...] = ()  # ids of what it stands for on the page
    begin: int = 0


def told(graph: Described, event: str) -> Told:
    """An event of an article."""
    time = graph.one(event, "kg:time")
    return Told(
        iri=event,
        label=graph.name(event),
        type=graph.one(event, "kg:eventType"),
        kind=words(graph.one(event, "kg:eventType")),
        status=local_name(graph.one(event, "kg:factuality")),
        parts=tuple(
            Part(role, filler, graph.name(filler), graph.kind(filler), tuple(graph.spans(filler)))
            for role, filler in graph.roles_of(event)
        ),
        time_words=graph.one(time, "rdfs:label") or (graph.slice(time) if time else ""),
        dates=graph.one(time, "kg:dates") or _bounds(graph, time),
        inferred=graph.one(time, "kg:inferred") == "true",
        counts=tuple(_figure(graph, count) for count in graph.all(event, "kg:count")),
        voices=tuple(_voice(graph, claim) for claim in graph.claims if event in graph.all(claim, "kg:claims")),
        spans=tuple(graph.spans(event)),
    )


def _bounds(graph: Described, time: str) -> str:
    begin, end = graph.one(time, "kg:earliestBegin"), graph.one(time, "kg:latestEnd")
    return begin if begin == end else f"{begin or '…'} to {end or '…'}" if begin or end else ""


def _figure(graph: Described, count: str) -> Figure:
    least, most = graph.one(count, "kg:min"), graph.one(count, "kg:max")
    return Figure(
        iri=count,
        words=graph.name(count),
        least=int(least) if least.lstrip("-").isdigit() else None,
        most=int(most) if most.lstrip("-").isdigit() else None,
        approximate=graph.one(count, "kg:approximate") == "true",
        counted=graph.name(counted) if (counted := graph.one(count, "kg:counted")) else "",
        spans=tuple(graph.spans(count)),
    )


def _voice(graph: Described, claim: str) -> Voice:
    source, medium = (graph.one(claim, f"kg:{name}") for name in ("source", "medium"))
    outer = graph.one(claim, "kg:reportedIn")
    by = graph.one(outer, "kg:source") if outer else ""
    own = source == graph.article
    return Voice(
        iri=source,
        name=_speaker(graph, source) if source else "",
        kind=graph.one(source, "kg:sourceType"),
        cue=graph.slice(claim),
        medium=graph.name(medium) if medium else "",
        reported_by=_speaker(graph, by) if by else "",
        own=own,
    )


def _speaker(graph: Described, source: str) -> str:
    if source == graph.article:
        return graph.one(source, "schema:publisher") or "the article"
    return graph.name(source)


def pieces(text: str, marks: Iterable[tuple[int, int, str, str]]) -> list[Piece]:
    """A text cut at every beginning and end of its marks (begin, end, kind, id); the pieces make up the whole text."""
    inside = [(max(0, b), min(len(text), e), kind, fact) for b, e, kind, fact in marks if 0 <= b < e <= len(text)]
    cuts = sorted({0, len(text), *(cut for begin, end, _, _ in inside for cut in (begin, end))})
    ordered = sorted(inside)
    found = []
    active: list[tuple[int, int, str, str]] = []
    following = 0
    for begin, end in pairwise(cuts):
        while following < len(ordered) and ordered[following][0] <= begin:
            active.append(ordered[following])
            following += 1
        active = [mark for mark in active if mark[1] > begin]
        innermost = sorted(active, key=lambda mark: (mark[1] - mark[0], mark))
        facts = tuple(dict.fromkeys(mark[3] for mark in innermost))
        found.append(Piece(text[begin:end], innermost[0][2] if innermost else "", facts, begin))
    return found


def sentence(text: str, position: int) -> tuple[int, int]:
    """Where the sentence that holds a character begins and ends."""
    bounds = sentence_bounds(text)
    begin = max((bound for bound in bounds[:-1] if bound <= position), default=0)
    return begin, min((bound for bound in bounds if bound > position), default=len(text))
