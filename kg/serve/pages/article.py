"""An article: its text with every mention marked by kind, beside it what it tells, each leading to the other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from kg.serve.described import Described, described
from kg.serve.kinds import most_specific, words
from kg.serve.page import Page, Params
from kg.serve.problems import Problem
from kg.serve.shown import article_name
from kg.serve.told import Piece, Told, pieces, told
from kg.store.opening import Store


@dataclass(frozen=True, slots=True)
class Met:
    """An entity of the article."""

    iri: str
    name: str
    kind: str
    types: str
    count: int  # mentions


@dataclass(frozen=True, slots=True)
class ArticlePage:
    """An article as it is shown; ``ids`` are those of facts on the page, by IRI."""

    iri: str
    title: str
    published: str
    publisher: str
    author: str
    url: str
    pieces: tuple[Piece, ...]
    events: tuple[Told, ...]
    entities: tuple[Met, ...]
    ids: dict[str, str]
    read_by: str


def show(store: Store, params: Params) -> ArticlePage:
    """An article; Problem where there is none."""
    article = params.get("iri", "")
    if not article:
        raise Problem("bad-request", "say which article: /article?iri=…")
    graph = described(store, article)
    if not graph.text:
        raise Problem("not-found", f"no article {article[:200]} in the store")
    events = tuple(told(graph, event) for event in graph.events)
    ids = {iri: f"f{number}" for number, iri in enumerate(dict.fromkeys(_facts(graph, events)))}
    return ArticlePage(
        iri=article,
        title=graph.one(article, "schema:headline") or article_name(article),
        published=graph.one(article, "schema:datePublished"),
        publisher=graph.one(article, "schema:publisher"),
        author=graph.one(article, "schema:author"),
        url=graph.one(article, "schema:url"),
        pieces=tuple(pieces(graph.text, _marks(graph, events, ids))),
        events=events,
        entities=tuple(
            Met(one, graph.name(one), graph.kind(one), _types(graph, one), len(graph.spans(one)))
            for one in graph.entities
        ),
        ids=ids,
        read_by=_read_by(graph),
    )


def _types(graph: Described, entity: str) -> str:
    return ", ".join(map(words, most_specific(set(graph.all(entity, "rdf:type")))))


def _facts(graph: Described, events: tuple[Told, ...]) -> Iterator[str]:
    for event in events:
        yield event.iri
        yield from (count.iri for count in event.counts)
    yield from graph.entities


def _marks(graph: Described, events: tuple[Told, ...], ids: dict[str, str]) -> Iterator[tuple[int, int, str, str]]:
    """Every mention: where, of which kind, of which fact."""
    for event in events:
        here = ids[event.iri]
        yield from ((begin, end, "event", here) for begin, end in event.spans)
        for count in event.counts:
            yield from ((begin, end, "count", ids[count.iri]) for begin, end in count.spans)
        if time := graph.one(event.iri, "kg:time"):
            yield from ((begin, end, "time", here) for begin, end in graph.spans(time))
    for claim in graph.claims:
        if span := graph.span(claim):
            yield from ((*span, "source", ids[event]) for event in graph.all(claim, "kg:claims") if event in ids)
    for entity in graph.entities:
        yield from ((begin, end, graph.kind(entity), ids[entity]) for begin, end in graph.spans(entity))


def _read_by(graph: Described) -> str:
    reading = graph.one(graph.article, "prov:wasGeneratedBy")
    program, model = graph.one(reading, "kg:program"), graph.one(reading, "kg:model")
    return f"kg {program.removeprefix('kg ')}, model {model}" if program else ""


PAGE = Page("/article", "Article", "article.html", show, menu=False)
