"""The Reconciliation API 0.2, asked over HTTP of ``kg reconcile``; answers are checked with the API's own schemas.

``KG_CONFORMANCE`` names a folder that holds, as ``reconciliation/0.2``, ``schemas`` and ``examples`` of
https://github.com/reconciliation-api/specs at that version.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from urllib.parse import urlencode

import pytest

from tests import harbour
from tests.serving import serving

jsonschema = pytest.importorskip("jsonschema")
referencing = pytest.importorskip("referencing")

SPECS = Path(os.environ.get("KG_CONFORMANCE", "/nowhere")) / "reconciliation" / "0.2"
KG = "https://kg.example/ontology#"
FORM = "application/x-www-form-urlencoded"
REFINE = "http://refine.example:3333"
SENNA, RUELO = "https://news.example/place/port-senna", "https://news.example/person/ana-ruelo"
TIDE = "https://news.example/organization/grey-tide"


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """``kg reconcile`` on the two articles of the harbour."""
    store = harbour.in_folder(tmp_path_factory.mktemp("reconcile") / "store")
    with serving("--store", store, "--allow-origin", REFINE, verb="reconcile") as running:
        yield running


def valid(name, value):
    """The value, after the schema of this name has passed it; as it is where the schemas are not there."""
    if (SPECS / "schemas").is_dir():
        schemas = {path.name: json.loads(path.read_text()) for path in (SPECS / "schemas").glob("*.json")}
        schema = json.loads(json.dumps(schemas[name]).replace('"http://swagger.io/v2/schema.json#/', '"#/none/'))
        resources = [
            (schemas["type.json"].get("$id", ""), schemas["type.json"]),
            ("https://reconciliation-api.github.io/specs/0.2/schemas/type.json", schemas["type.json"]),
        ]
        registry = referencing.Registry().with_resources(
            (where, referencing.Resource.from_contents(one, referencing.jsonschema.DRAFT7)) for where, one in resources
        )
        jsonschema.Draft7Validator(schema, registry=registry).validate(value)
    return value


def asked(server, queries):
    """A batch, answered: the results of each query."""
    answer = server.ask("/reconcile", "POST", urlencode({"queries": json.dumps(queries)}), content_type=FORM)
    assert answer.status == 200, answer.text
    batch = valid("reconciliation-result-batch.json", json.loads(answer.body))
    assert list(batch) == list(queries)
    return {name: result["result"] for name, result in batch.items()}


@pytest.mark.skipif(not SPECS.is_dir(), reason="no specs of the Reconciliation API: set KG_CONFORMANCE")
def test_the_examples_of_the_api_are_answered(server):
    """Each valid batch and extension gets a valid answer, each invalid batch a problem."""
    batches = SPECS / "examples" / "reconciliation-query-batch"
    for path in sorted((batches / "valid").glob("*.json")):
        asked(server, json.loads(path.read_text()))
    for name in ("empty-query", "empty-properties"):
        body = urlencode({"queries": (batches / "invalid" / f"{name}.json").read_text()})
        assert server.ask("/reconcile", "POST", body, content_type=FORM).status == 400
    for path in sorted((SPECS / "examples" / "data-extension-query" / "valid").glob("*.json")):
        answer = server.ask("/reconcile", "POST", urlencode({"extend": path.read_text()}), content_type=FORM)
        rows = valid("data-extension-response.json", json.loads(answer.body))["rows"]
        assert set(rows) == set(json.loads(path.read_text())["ids"])


def test_the_manifest(server):
    """What the service can do, with addresses of its own."""
    answer = server.ask("/reconcile", origin=REFINE)
    manifest = valid("manifest.json", json.loads(answer.body))
    assert manifest["versions"] == ["0.2"]
    assert manifest["identifierSpace"] == "https://news.example/"
    assert manifest["view"]["url"] == f"http://127.0.0.1:{server.port}/thing?iri={{{{id}}}}"
    assert answer.headers["access-control-allow-origin"] == REFINE


@pytest.mark.parametrize(
    ("name", "first"),
    [
        ("Port Senna", SENNA),
        ("port senna", SENNA),
        ("Ruelo, Ana", RUELO),
        ("President Ana Ruelo", RUELO),
        ("Grey Tides", TIDE),
    ],
)
def test_names_are_found_in_other_spellings(server, name, first):
    """Case, order, titles, letters."""
    (results,) = asked(server, {"q": {"query": name}}).values()
    assert results[0]["id"] == first


def test_what_is_a_match_and_what_is_not(server):
    """The same name and nothing against it; a near name, a wrong type, a wrong value are candidates at most."""
    near = {"query": "Porto Senna"}
    typed = {"query": "Port Senna", "type": f"{KG}Person"}
    results = asked(
        server,
        {
            "same": {"query": "Port Senna", "type": "Place"},
            "near": near,
            "typed": typed,
            "strict": {**typed, "type_strict": "any"},
            "value": {"query": "Ana Ruelo", "properties": [{"pid": "position", "v": "Doctor"}]},
            "right": {"query": "Ana Ruelo", "properties": [{"pid": f"{KG}position", "v": ["president"]}]},
            "nobody": {"query": "Zork Blivet"},
        },
    )
    assert [one["match"] for one in results["same"]][:1] == [True]
    assert results["same"][0]["score"] == 100
    assert results["near"][0]["id"] == SENNA
    for name in ("near", "typed", "value"):
        assert not any(one["match"] for one in results[name]), name
    assert results["strict"] == []
    assert results["right"][0]["match"]
    assert results["nobody"] == []


def test_properties_alone_find_whom_they_fit(server):
    """A query without a name."""
    (results,) = asked(server, {"q": {"properties": [{"pid": "position", "v": "President"}]}}).values()
    assert [one["id"] for one in results] == [RUELO]


def test_suggestions(server):
    """Entities by the beginning of a name, types and properties by their words."""
    entities = json.loads(server.ask("/reconcile/suggest/entity", query={"prefix": "por"}).body)
    assert [one["id"] for one in valid("suggest-entities-response.json", entities)["result"]] == [SENNA]
    types = json.loads(server.ask("/reconcile/suggest/type", query={"prefix": "armed"}).body)
    assert {"id": f"{KG}ArmedGroup", "name": "armed group"} in valid("suggest-types-response.json", types)["result"]
    properties = json.loads(server.ask("/reconcile/suggest/property", query={"prefix": "posi"}).body)
    found = valid("suggest-properties-response.json", properties)["result"]
    assert [one["id"] for one in found] == [f"{KG}position"]
    assert server.ask("/reconcile/suggest/nothing").status == 404


def test_data_extension(server):
    """Properties are proposed for a type; their values come as rows, those of linked datasets too."""
    proposed = json.loads(server.ask("/reconcile/properties", query={"type": f"{KG}Person"}).body)
    ids = [one["id"] for one in valid("data-extension-property-proposal.json", proposed)["properties"]]
    assert f"{KG}position" in ids
    assert f"{KG}mention" not in ids
    extend = {"ids": [RUELO, SENNA, "no iri"], "properties": [{"id": f"{KG}position"}, {"id": "owl:sameAs"}]}
    answer = server.ask("/reconcile", "POST", urlencode({"extend": json.dumps(extend)}), content_type=FORM)
    rows = valid("data-extension-response.json", json.loads(answer.body))["rows"]
    assert rows[RUELO] == {f"{KG}position": [{"str": "President"}], "owl:sameAs": []}
    assert rows[SENNA]["owl:sameAs"] == [
        {"id": "https://gazetteer.example/4711", "name": "https://gazetteer.example/4711"}
    ]
    assert rows["no iri"] == {f"{KG}position": [], "owl:sameAs": []}


def test_the_preview_may_stand_in_a_frame_of_an_allowed_site(server):
    """And nowhere else; an unknown id is told."""
    answer = server.ask("/reconcile/preview", query={"id": RUELO})
    assert "Ana Ruelo" in answer.text
    assert f"frame-ancestors 'self' {REFINE}" in answer.headers["content-security-policy"]
    assert server.ask("/reconcile/preview", query={"id": "x:y"}).status == 404


@pytest.mark.parametrize(
    "fields",
    [
        {"queries": "[1"},
        {"queries": "[]"},
        {"queries": '{"q": 1}'},
        {"queries": '{"q": {"query": 1}}'},
        {"queries": '{"q": {"query": "x", "limit": "many"}}'},
        {"queries": '{"q": {"query": "x", "properties": [{"pid": "a b>"}]}}'},
        {"queries": '{"q": {"query": "x", "properties": [{"pid": "no:<iri>", "v": 1}]}}'},
        {"extend": '{"ids": 1}'},
        {"extend": '{"ids": ["x:y"], "properties": [{"id": "no:<iri>"}]}'},
        {"queries": json.dumps({str(n): {"query": "x"} for n in range(201)})},
    ],
)
def test_what_is_no_batch_is_told(server, fields):
    """400 or 413, never a failure."""
    answer = server.ask("/reconcile", "POST", urlencode(fields), content_type=FORM)
    assert answer.status in (400, 413), answer.text
    assert answer.media == "application/problem+json"
