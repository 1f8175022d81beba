"""Changing a store by hand: SPARQL updates with a rehearsal, forgetting articles.

Text or ids in; what changed, or would, out. One update request is one transaction on the embedded engine, one request
to an endpoint.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from kg.articles.urls import page_id
from kg.core.errors import QueryError
from kg.graph.mint import graph_iri
from kg.query.prepare import Prepared, known_prefixes, readable_error
from kg.store.diff import Difference, differences
from kg.store.opening import Store
from kg.store.sparql.federation import ServicePolicy, check_sent, routed
from kg.store.sparql.request import Sparql
from kg.store.sparql.tokens import syntax_error


def article_graph(store: Store, article: str) -> str:
    """The graph of an article, given its id or already its IRI."""
    return article if article.startswith(f"{store.base}article/") else graph_iri(article, store.base)


def forget(store: Store, articles: Sequence[str]) -> list[str]:
    """Drop the graphs of these articles (ids, addresses as a browser shows them, IRIs); the missing ones, in order."""
    return [article for article in articles if not any(store.drop(graph) for graph in _graphs(store, article))]


def _graphs(store: Store, article: str) -> dict[str, None]:
    """The graphs that an article may be in: under the id as given, or under that of the page at this address."""
    return dict.fromkeys((article_graph(store, article), article_graph(store, page_id(article))))


def prepare_update(store: Store, text: str) -> Prepared:
    """An update with the known prefixes declared; QueryError for a query or an unknown prefix."""
    written = Sparql(text)
    if written.form != "UPDATE":
        raise QueryError(f"this is a query ({written.form}), not an update: run it with `kg query`")
    for token in written.tokens:
        if (token.kind == "mark" and token.text in ("<<(", "<<", "{|")) or token.keyword == "TRIPLE":
            what = "triples as terms of triples (RDF 1.2) are not taken: state them with rdf:Statement"
            raise syntax_error(text, token.start, what)
    prefixes = known_prefixes(store.base)
    return Prepared(written, written.declaring(prefixes).disambiguated(), prefixes)


def update(store: Store, prepared: Prepared, policy: ServicePolicy) -> None:
    """Run an update; QueryError with line and caret where it cannot be parsed, FederationError for LOAD and SERVICE."""
    if store.remote:
        check_sent(prepared.run, policy)
        store.update(prepared.run.text)
        return
    with routed(prepared.run, policy) as sparql:
        try:
            store.update(sparql.text)
        except QueryError as error:
            raise readable_error(prepared, error) from error


@contextmanager
def rehearsed(store: Store, prepared: Prepared, policy: ServicePolicy) -> Iterator[Iterator[Difference]]:
    """What an update would take away (``-``) and bring (``+``), found out on a copy; to be read within the block."""
    copy = store.copy()
    try:
        update(copy, prepared, policy)
        with differences(store, copy) as found:
            yield found
    finally:
        copy.close()
