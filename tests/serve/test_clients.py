"""Ordinary clients of SPARQL endpoints: each asks, and those that can write."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from rdflib import Graph, Literal, URIRef
from rdflib.plugins.stores.sparqlstore import SPARQLStore, SPARQLUpdateStore

from kg.store.opening import open_store

KILLINGS = "PREFIX kg: <https://kg.example/ontology#> SELECT ?e { ?e kg:eventType kg:Killing } ORDER BY ?e"
FOUND = ["https://news.example/article/harbour_1#killing-7", "https://news.example/article/harbour_2#killing-30"]


def test_sparqlwrapper(reading):
    """Rows as JSON, by GET and POST; a graph."""
    wrapper = pytest.importorskip("SPARQLWrapper")
    client = wrapper.SPARQLWrapper(f"{reading.url}sparql")
    client.setReturnFormat(wrapper.JSON)
    client.setQuery(KILLINGS)
    for method in (wrapper.GET, wrapper.POST):
        client.setMethod(method)
        rows = client.queryAndConvert()["results"]["bindings"]
        assert [row["e"]["value"] for row in rows] == FOUND
    client.setReturnFormat(wrapper.TURTLE)
    client.setQuery("PREFIX kg: <https://kg.example/ontology#> CONSTRUCT WHERE { ?e kg:eventType kg:Killing }")
    assert len(Graph().parse(data=client.query().convert(), format="turtle")) == 2


def test_rdflib(reading, writing):
    """A graph behind the endpoint, read and written."""
    graph = Graph(SPARQLStore(f"{reading.url}sparql", returnFormat="json"))
    assert [str(row.e) for row in graph.query(KILLINGS)] == FOUND
    store = SPARQLUpdateStore(f"{writing.url}sparql", f"{writing.url}sparql", context_aware=False)
    mine = Graph(store)
    mine.add((URIRef("x:s"), URIRef("x:p"), Literal("from rdflib")))
    assert list(mine.objects(URIRef("x:s"), URIRef("x:p"))) == [Literal("from rdflib")]


def test_our_own(reading):
    """A server is a store for `kg query` and the rest."""
    with open_store(f"{reading.url}sparql", mode="read") as store:
        assert store.base == "https://news.example/"
        assert [row["e"].value for row in store.query(KILLINGS)] == FOUND
        assert "https://news.example/graph/links" in store.graphs()


@pytest.mark.skipif(shutil.which("curl") is None, reason="no curl here")
def test_curl(reading):
    """As docs/serve.md has it."""
    command = ["curl", "-sf", f"{reading.url}sparql", "-H", "Accept: text/csv", "--data-urlencode", f"query={KILLINGS}"]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout.split() == ["e", *FOUND]
    command = ["curl", "-sf", f"{reading.url}sparql?query=ASK{{}}", "-g"]
    assert json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)["boolean"] is True


NODE_MODULES = os.environ.get("KG_NODE_MODULES")
COMUNICA = Path(NODE_MODULES or "/nowhere") / "@comunica" / "query-sparql" / "bin" / "query.js"


@pytest.mark.skipif(shutil.which("node") is None, reason="no Node.js here: comunica is not tried")
@pytest.mark.skipif(
    not COMUNICA.exists(),
    reason="no comunica here: npm install @comunica/query-sparql@2.10.2, KG_NODE_MODULES=…/node_modules",
)
def test_comunica(reading):
    """A SPARQL engine in JavaScript that takes queries apart: it reads our description, and sends the whole query."""
    command = ["node", str(COMUNICA), f"sparql@{reading.url}sparql", KILLINGS, "-t", "application/sparql-results+json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stderr
    assert [row["e"]["value"] for row in json.loads(done.stdout)["results"]["bindings"]] == FOUND
    command[2] = f"{reading.url}sparql"  # what it is, it finds out by itself
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stderr
    assert [row["e"]["value"] for row in json.loads(done.stdout)["results"]["bindings"]] == FOUND
