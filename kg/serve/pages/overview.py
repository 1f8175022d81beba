"""The first page: how much there is of what, by type, month, place and publisher, and what is new."""

from __future__ import annotations

from dataclasses import dataclass

from kg.serve.asking import rows
from kg.serve.chosen import Choice
from kg.serve.page import Page, Params
from kg.serve.pages.happenings import Named, names, offered
from kg.serve.selection import count_of, count_of_kinds, count_of_months
from kg.serve.shown import article_name
from kg.store.opening import Store

_NEW, _MOST = 15, 24  # articles, rows of a facet


@dataclass(frozen=True, slots=True)
class Listed:
    """An article in a list."""

    iri: str
    title: str
    published: str
    publisher: str


@dataclass(frozen=True, slots=True)
class Overview:
    """What the first page shows; facets are values with how many there are of each."""

    articles: int
    events: int
    newest: tuple[Listed, ...]
    kinds: tuple[tuple[str, str, int], ...]
    places: tuple[tuple[str, str, int], ...]
    months: tuple[tuple[str, int], ...]
    publishers: tuple[tuple[str, int], ...]
    actors: tuple[tuple[Named, int], ...]


def show(store: Store, params: Params) -> Overview:  # noqa: ARG001 - every page takes the same
    """The overview of a store."""
    newest = rows(
        store,
        "SELECT ?a ?h ?d ?p { ?a a kg:Article OPTIONAL { ?a schema:headline ?h } "
        "OPTIONAL { ?a schema:datePublished ?d } OPTIONAL { ?a schema:publisher ?p } } "
        f"ORDER BY DESC(?d) ?a LIMIT {_NEW}",
    )
    known = offered(store)
    publishers = rows(
        store,
        "SELECT ?p (COUNT(*) AS ?n) { ?a a kg:Article ; schema:publisher ?p } GROUP BY ?p ORDER BY DESC(?n) ?p "
        f"LIMIT {_MOST}",
    )
    actors = count_of(store, "agent", Choice(), named=True, limit=_MOST)
    called = names(store, [actor for actor, _ in actors])
    return Overview(
        articles=_count(store, "?x a kg:Article"),
        events=sum(count_of_kinds(store).values()),
        newest=tuple(
            Listed(r["a"], r.get("h") or article_name(r["a"]), r.get("d", ""), r.get("p", "")) for r in newest
        ),
        kinds=known.kinds,
        places=known.places[:_MOST],
        months=tuple(count_of_months(store, _MOST)),
        publishers=tuple((row["p"], int(row["n"])) for row in publishers if "p" in row),
        actors=tuple((Named(actor, called.get(actor, actor)), number) for actor, number in actors),
    )


def _count(store: Store, pattern: str) -> int:
    return int(next(rows(store, f"SELECT (COUNT(*) AS ?n) {{ {pattern} }}"))["n"])


PAGE = Page("/", "Overview", "overview.html", show)
