"""Tables of the named questions fit a hundred columns, where articles have URLs for ids too."""

from __future__ import annotations

import io

import harbour
import pytest

from kg.query.prepare import answered, find_named, known_prefixes, named_queries, prepare
from kg.query.results import write_results
from kg.store.opening import open_store
from kg.store.sparql.federation import ServicePolicy

URL = b"article/https%3A//www.coast-courier.example/2024/03/05/world/attack-on-the-docks-of-port-senna-leaves-many-dead"


@pytest.fixture(scope="module")
def store():
    """The two articles, the first under the URL of a newspaper."""
    with open_store(":memory:", mode="write") as opened:
        for name, triples in harbour.graphs().items():
            renamed = name.replace("article/harbour_1", URL.decode())
            opened.replace(renamed, triples.replace(b"article/harbour_1", URL))
        yield opened


def _table(store, name):
    prefixes, buffer = known_prefixes(store.base), io.BytesIO()
    prepared = prepare(find_named(name, named_queries()).text, prefixes=prefixes)
    with answered(store, prepared, policy=ServicePolicy(offline=True)) as results:
        write_results(results, buffer, "table", prefixes=prefixes, width=100)
    return buffer.getvalue().decode().splitlines()


def test_tables_fit_a_hundred_columns(store):
    """No line of any table is longer; and most questions have an answer here."""
    tables = {name: _table(store, name) for name in named_queries()}
    assert [name for name, lines in tables.items() if max(map(len, lines)) > 100] == []
    assert sum(len(lines) > 2 for lines in tables.values()) >= 20
