"""The first page: how much there is of what, and what is new."""

from __future__ import annotations

from dataclasses import dataclass

from kg.serve.asking import rows
from kg.serve.page import Page, Params
from kg.store.opening import Store

_NEW = 20  # articles shown


@dataclass(frozen=True, slots=True)
class Told:
    """An article in a list."""

    iri: str
    title: str
    published: str
    publisher: str


@dataclass(frozen=True, slots=True)
class Overview:
    """What the first page shows: articles, newest first, and how many events there are of each type."""

    articles: int
    newest: tuple[Told, ...]
    types: tuple[tuple[str, int], ...]  # IRI of a class, how many events


def show(store: Store, params: Params) -> Overview:  # noqa: ARG001 - every page takes the same
    """The overview of a store."""
    count = next(rows(store, "SELECT (COUNT(*) AS ?n) { ?a a kg:Article }"))
    newest = rows(
        store,
        "SELECT ?a ?h ?d ?p { ?a a kg:Article OPTIONAL { ?a schema:headline ?h } "
        "OPTIONAL { ?a schema:datePublished ?d } OPTIONAL { ?a schema:publisher ?p } } "
        f"ORDER BY DESC(?d) ?a LIMIT {_NEW}",
    )
    types = rows(store, "SELECT ?t (COUNT(*) AS ?n) { ?e kg:eventType ?t } GROUP BY ?t ORDER BY DESC(?n) ?t")
    return Overview(
        articles=int(count["n"]),
        newest=tuple(Told(r["a"], r.get("h") or r["a"], r.get("d", ""), r.get("p", "")) for r in newest),
        types=tuple((row["t"], int(row["n"])) for row in types),
    )


PAGE = Page("/", "Overview", "overview.html", show)
