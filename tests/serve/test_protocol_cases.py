"""The protocols' cases in tests/cases/protocol.toml, asked of a real server that may write."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest

CASES = tomllib.loads((Path(__file__).parents[1] / "cases" / "protocol.toml").read_text("utf-8"))


def sent(server, request, location):
    """One request's answer."""
    to, body, headers = request["to"].replace("LOCATION", location), request.get("body"), {}
    if "form" in request:
        body, headers["content_type"] = urlencode(request["form"], doseq=True), "application/x-www-form-urlencoded"
    elif request.get("type"):
        headers["content_type"] = request["type"]
    if "accept" in request:
        headers["accept"] = request["accept"]
    method = request.get("by") or ("GET" if body is None else "POST")
    content = None if body is None else body.encode(request.get("encoding", "utf-8"))
    return server.ask(to, method, content, query=request.get("fields"), **headers)


@pytest.mark.parametrize("case", CASES["case"], ids=lambda case: case["name"])
def test_protocol(writing, case):
    """Status, format, truth and words of each answer."""
    changes = ["DROP ALL"] if "update" in str(case) or "/graphs" in str(case) else []
    changes += [f"INSERT DATA {{ GRAPH <{graph}> {{ {CASES['data'][graph]} }} }}" for graph in case.get("given", ())]
    if changes:  # in one request, which publishes once
        assert writing.update(" ; ".join(changes)).status == 204
    location = ""
    for request in case["requests"]:
        answer = sent(writing, request, location)
        assert {answer.status, answer.status // 100} & set(request["status"]), (request, answer)
        if answer.status >= 400:
            assert request.get("by") == "HEAD" or answer.media == "application/problem+json"
        if "yes" in request:
            assert json.loads(answer.body)["boolean"] is request["yes"], request
        assert request.get("media", answer.media) == answer.media
        assert request.get("holds", "") in answer.text
        assert "lacks" not in request or request["lacks"] not in answer.text
        if "location" in answer.headers:
            there = urlsplit(answer.headers["location"])
            location = f"{there.path}?{there.query}"
