"""The W3C's tests of the SPARQL 1.1 Protocol against a real server that may write.

KG_CONFORMANCE names a folder that holds ``sparql/sparql11/protocol`` of the W3C's rdf-tests.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path

import pytest
from rdflib import RDF, RDFS, Graph, Namespace
from rdflib.collection import Collection

from tests import harbour
from tests.serving import serving

MF = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
HT, CNT = Namespace("http://www.w3.org/2011/http#"), Namespace("http://www.w3.org/2011/content#")
UT = Namespace("http://www.w3.org/2009/sparql/tests/test-update#")
ROOT = os.environ.get("KG_CONFORMANCE")
MANIFEST = Path(ROOT or "/nowhere") / "sparql" / "sparql11" / "protocol" / "manifest.ttl"
FORMATS = {
    "boolean": "application/sparql-results+json",
    "tabular": "application/sparql-results+json",
    "RDF": "text/turtle",
}


@dataclass(frozen=True)
class Asked:
    """One request and what is expected of its answer."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes | None
    statuses: tuple[int, ...]  # 2, 3, 4: the first figure
    boolean: bool | None
    form: str | None


@dataclass(frozen=True)
class Case:
    """A test: the graphs that it needs, and its requests in order."""

    name: str
    graphs: dict[str, Path]
    requests: tuple[Asked, ...]


def cases():
    """Every test of the manifest."""
    if not MANIFEST.exists():
        return []
    graph = Graph().parse(MANIFEST)
    entries = Collection(
        graph, graph.value(predicate=RDF.type, object=MF.Manifest) and next(graph.objects(None, MF.entries))
    )
    return [case(graph, entry) for entry in entries]


def case(graph, entry):
    """A test as a value."""
    data = {
        str(graph.value(one, RDFS.label)): MANIFEST.parent / str(graph.value(one, UT.graph)).rpartition("/")[2]
        for one in graph.objects(entry, UT.graphData)
    }
    requests = Collection(graph, graph.value(graph.value(entry, MF.action), HT.requests))
    return Case(str(entry).rpartition("#")[2], data, tuple(asked(graph, one) for one in requests))


def asked(graph, one):
    """A request as a value."""
    headers = graph.value(one, HT.headers)
    body = graph.value(one, HT.body)
    answer = graph.value(one, HT.resp)
    chars = graph.value(body, CNT.chars) if body is not None else None
    encoding = str(graph.value(body, CNT.characterEncoding) or "utf-8") if body is not None else "utf-8"
    boolean = graph.value(answer, MF.expectedBoolean)
    form = graph.value(answer, MF.expectedFormat)
    return Asked(
        method=str(graph.value(one, HT.methodName)),
        path="/sparql" + str(graph.value(one, HT.absolutePath)).removeprefix("/sparql").removeprefix("/"),
        headers={
            str(graph.value(h, HT.fieldName)).lower(): str(graph.value(h, HT.fieldValue))
            for h in (Collection(graph, headers) if headers is not None else ())
        },
        body=str(chars).encode(encoding) if chars is not None else None,
        statuses=tuple(int(str(s).rpartition("StatusCode")[2][0]) for s in graph.objects(answer, MF.expectedStatus)),
        boolean=None if boolean is None else bool(boolean.toPython()),
        form=None if form is None else str(form),
    )


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """A server whose store is emptied by each test."""
    store = harbour.in_folder(tmp_path_factory.mktemp("protocol") / "store")
    with serving("--store", store, "--write") as running:
        yield running


@pytest.mark.skipif(ROOT is None, reason="no tests of the W3C here: KG_CONFORMANCE names their folder")
def test_there_are_all_of_them():
    """None was lost on the way."""
    assert len(cases()) == 34


@pytest.mark.parametrize("one", cases(), ids=lambda one: one.name)
def test_protocol(server, one):
    """Status, format and truth of each answer."""
    assert server.update("DROP ALL").status == 204
    for graph, path in one.graphs.items():
        query = {"graph": graph}
        put = server.ask("/graphs", "PUT", path.read_bytes(), query=query, content_type="application/n-triples")
        assert put.status in (201, 204)
    for request in one.requests:
        answer = server.ask(request.path, request.method, request.body, **request.headers)
        assert answer.status // 100 in request.statuses, (request, answer)
        if answer.status // 100 == 2 and request.form:
            assert answer.media == FORMATS[request.form] or request.headers.get("accept", "*/*") != "*/*"
        if request.boolean is not None:
            assert json.loads(answer.body)["boolean"] is request.boolean
