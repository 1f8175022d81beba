"""Search: articles, entities and events by words, type, place, month and publisher."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import Any

from kg.core.names import fold
from kg.serve.asking import kept, literal, rows
from kg.serve.chosen import choice
from kg.serve.held import held
from kg.serve.known import everybody
from kg.serve.page import Page, Params, number
from kg.serve.pages.happenings import Happening, Offered, described, offered
from kg.serve.pages.overview import Listed
from kg.serve.problems import Problem
from kg.serve.selection import containing, worded
from kg.serve.shown import article_name
from kg.store.disk import DiskReader
from kg.store.opening import Store

_PAGE, _FURTHEST = 40, 10_000
_HELD = 50_000_000  # characters of articles that are held in memory for searching
_KINDS = ("article", "entity", "event")


@dataclass(frozen=True, slots=True)
class Met:
    """An entity that was found."""

    iri: str
    name: str
    articles: int


@dataclass(frozen=True, slots=True)
class Found:
    """What was found, a page of each kind that was asked for; ``more`` says of which there is another page."""

    words: str
    articles: tuple[Listed, ...]
    entities: tuple[Met, ...]
    events: tuple[Happening, ...]
    more: tuple[str, ...]
    skip: int
    page: int
    offered: Offered


def show(store: Store, params: Params) -> Found:
    """What fits all that the address says."""
    asked, skip = params.get("kind", ""), number(params, "skip", 0, _FURTHEST)
    if asked and asked not in _KINDS:
        raise Problem("bad-request", f"kind={asked[:40]}: one of {', '.join(_KINDS)}")
    words = params.get("q", "").strip()
    only_events = any(params.get(name) for name in ("type", "place", "who", "since", "until", "status"))
    kinds = [asked] if asked else ["event"] if only_events else list(_KINDS)
    articles = _articles(store, words, params.get("publisher", ""), skip) if "article" in kinds else []
    entities = _entities(store, words, skip) if "entity" in kinds else []
    events = _events(store, words, params, skip) if "event" in kinds else []
    lists: dict[str, list[Any]] = {"article": articles, "entity": entities, "event": events}
    return Found(
        words,
        tuple(articles[:_PAGE]),
        tuple(entities[:_PAGE]),
        tuple(events[:_PAGE]),
        tuple(kind for kind, found in lists.items() if len(found) > _PAGE),
        skip,
        _PAGE,
        offered(store),
    )


def _articles(store: Store, words: str, publisher: str, skip: int) -> list[Listed]:
    texts = _texts(store) if words else None
    if texts is not None:
        wanted = _wanted(words)
        fitting = (one for one, text in texts if publisher in ("", one.publisher) and _all_in(wanted, text))
        return list(islice(fitting, skip, skip + _PAGE + 1))
    words_ = containing(_wanted(words), "?all")
    by = f"?a schema:publisher {literal(publisher)} ." if publisher else ""
    query = (
        f"SELECT ?a ?h ?d ?p {{ ?a a kg:Article . {by} OPTIONAL {{ ?a schema:headline ?h }} "
        f"OPTIONAL {{ ?a schema:datePublished ?d }} OPTIONAL {{ ?a schema:publisher ?p }} "
        f"?a schema:articleBody ?body BIND(CONCAT(COALESCE(?h, ''), ' ', ?body) AS ?all) {words_} }} "
        f"ORDER BY DESC(?d) ?a LIMIT {_PAGE + 1} OFFSET {skip}"
    )
    found = rows(store, query)
    return [
        Listed(row["a"], row.get("h") or article_name(row["a"]), row.get("d", ""), row.get("p", "")) for row in found
    ]


def _entities(store: Store, words: str, skip: int) -> list[Met]:
    wanted = [fold(word) for word in words.split()[:10]]
    found = [one for one in everybody(store).entities if _all_in(wanted, " ".join(map(fold, one.names)))]
    found.sort(key=lambda one: (-one.articles, one.iri))
    return [Met(one.iri, one.name, one.articles) for one in found[skip : skip + _PAGE + 1]]


def _all_in(words: list[str], text: str) -> bool:
    return all(word in text for word in words)


def _events(store: Store, words: str, params: Params, skip: int) -> list[Happening]:
    return described(store, worded(store, choice(params), _wanted(words), skip, _PAGE + 1))


def _wanted(words: str) -> list[str]:
    return [word.casefold() for word in words.split()[:10]]


@kept
def _texts(store: Store) -> list[tuple[Listed, str]] | None:
    """Every article with its title and text in small letters, the newest first; None where that is too much to hold."""
    size = next(rows(store, "SELECT (SUM(STRLEN(?b)) AS ?n) { ?a schema:articleBody ?b }"))
    if int(float(size.get("n", "0"))) > _HELD:
        return None
    query = (
        "SELECT ?a ?h ?d ?p ?b { ?a a kg:Article ; schema:articleBody ?b OPTIONAL { ?a schema:headline ?h } "
        "OPTIONAL { ?a schema:datePublished ?d } OPTIONAL { ?a schema:publisher ?p } } ORDER BY DESC(?d) ?a"
    )
    return [
        (
            Listed(row["a"], row.get("h") or article_name(row["a"]), row.get("d", ""), row.get("p", "")),
            f"{row.get('h', '')} {row['b']}".casefold(),
        )
        for row in rows(store, query)
    ]


def hold(store: Store) -> None:
    """Read what searching holds in memory, where it is kept at all."""
    if isinstance(store, DiskReader):
        for read in (held, _texts, everybody, offered):
            read(store)


PAGE = Page("/search", "Search the store", "search.html", show)
