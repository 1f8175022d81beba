"""What a server must not do: answer strangers' pages, write for them, wait for ever, hold more than it may."""

from __future__ import annotations

import json
import socket
import time

import pytest

from kg.serve import tasks
from tests import harbour
from tests.serving import serving

REFINE = "http://refine.example:3333"
FORM = "application/x-www-form-urlencoded"


def test_only_known_hosts_are_answered(reading):
    """DNS rebinding: a name of a stranger that leads here."""
    assert reading.ask("/", host="evil.example").status == 421
    assert reading.ask("/", host=f"evil.example:{reading.port}").status == 421
    for host in ("localhost", "127.0.0.1:1", f"LOCALHOST:{reading.port}", "[::1]:80"):
        assert reading.ask("/", host=host).status == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "http://evil.example"},
        {"origin": "null"},
        {"sec_fetch_site": "cross-site", "sec_fetch_mode": "no-cors", "sec_fetch_dest": "image"},
        {"sec_fetch_site": "same-site", "sec_fetch_mode": "cors"},
    ],
)
def test_pages_of_other_sites_are_not_answered(reading, writing, headers):
    """Neither a query that costs time nor a write; the store stays."""
    assert reading.sparql("ASK {}", **headers).status == 403
    assert writing.update("DROP ALL", **headers).status == 403
    assert writing.ask("/sparql", "POST", "update=DROP+ALL", content_type=FORM, **headers).status == 403
    assert "true" in writing.sparql("ASK { ?e a kg:Killing }").text


def test_a_link_from_another_site_may_be_followed(reading):
    """Going to a page is no harm; sending a form from there is."""
    follow = {"sec_fetch_site": "cross-site", "sec_fetch_mode": "navigate", "sec_fetch_dest": "document"}
    assert reading.ask("/", accept="text/html", **follow).status == 200
    assert reading.ask("/sparql", "POST", "query=ASK{}", content_type=FORM, **follow).status == 403


def test_an_allowed_origin_may_read(reading):
    """CORS: for the services alone, without a star, and never for a page."""
    answer = reading.sparql("ASK {}", origin=REFINE, sec_fetch_site="cross-site", sec_fetch_mode="cors")
    assert (answer.status, answer.headers["access-control-allow-origin"]) == (200, REFINE)
    asked = {"origin": REFINE, "access_control_request_method": "POST"}
    assert reading.ask("/sparql", "OPTIONS", **asked).headers["access-control-allow-origin"] == REFINE
    assert reading.ask("/", origin=REFINE).status == 403
    assert "access-control-allow-origin" not in reading.sparql("ASK {}").headers


def test_a_star_is_no_origin(run_kg, tmp_path):
    """Whoever wants all sites to read names them."""
    store = harbour.in_folder(tmp_path / "store")
    status, _, error = run_kg("serve", "--store", store, "--port", "0", "--allow-origin", "*")
    assert (status, "--allow-origin *" in error) == (2, True)


def test_every_answer_carries_the_policy(reading):
    """Pages, data, problems, assets: no inline script, nothing from elsewhere, no frame."""
    for path in ("/", "/sparql?query=ASK{}", "/nothing", "/assets/kg.css", "/problems"):
        headers = reading.ask(path, accept="text/html").headers
        policy = dict(part.strip().split(" ", 1) for part in headers["content-security-policy"].split(";"))
        assert policy["default-src"] == "'none'"
        assert policy["script-src"] == "'self'"
        assert policy["frame-ancestors"] == "'none'"
        assert headers["x-content-type-options"] == "nosniff"
        assert "set-cookie" not in headers


def test_a_token_is_asked_of_everybody(tmp_path):
    """By header, or by a cookie that the form gives; the token itself is in no page and no cookie."""
    store = harbour.in_folder(tmp_path / "store")
    with serving("--store", store, "--write", KG_SERVE_TOKEN="hush-hush-hush") as server:  # noqa: S106
        assert server.sparql("ASK {}").status == 401
        assert server.sparql("ASK {}").headers["www-authenticate"] == "Bearer"
        assert server.sparql("ASK {}", authorization="Bearer wrong").status == 401
        assert server.sparql("ASK {}", authorization="Bearer hush-hush-hush").status == 200
        assert server.ask("/", accept="text/html").headers["location"] == "/token"
        assert server.ask("/token", "POST", "token=wrong", content_type=FORM).status == 401
        entered = server.ask("/token", "POST", "token=hush-hush-hush", content_type=FORM)
        cookie = entered.headers["set-cookie"]
        assert entered.status == 303
        assert "HttpOnly" in cookie
        assert "SameSite=strict" in cookie
        assert "hush" not in cookie
        assert server.sparql("ASK {}", cookie=cookie.partition(";")[0]).status == 200


def test_beyond_the_loopback_only_with_a_token(tmp_path):
    """One is made and told where none is set."""
    store = harbour.in_folder(tmp_path / "store")
    with serving("--store", store, "--host", "0.0.0.0") as server:  # noqa: S104 - that is the question
        assert server.sparql("ASK {}").status == 401


@pytest.fixture(scope="module")
def strict(tmp_path_factory):
    """A server with small budgets and one process."""
    store = harbour.in_folder(tmp_path_factory.mktemp("strict") / "store")
    budgets = {
        "KG_MAX_SERVE_BODY_BYTES": "5000",
        "KG_MAX_SERVE_ANSWER_BYTES": "2000",
        "KG_MAX_SERVE_PATIENCE": "1",
    }
    with serving("--store", store, "--processes", "1", "--timeout", "50", **budgets) as server:
        yield server


def test_large_bodies_are_refused(strict):
    """By what they say, and by what they send."""
    text = f"ASK {{}} # {'x' * 6000}"
    said = strict.ask("/sparql", "POST", text, content_type="application/sparql-query")
    assert (said.status, "KG_MAX_SERVE_BODY_BYTES" in json.loads(said.body)["detail"]) == (413, True)
    with socket.create_connection(("127.0.0.1", strict.port), timeout=20) as line:
        head = "POST /sparql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/sparql-query\r\n"
        line.sendall(f"{head}Transfer-Encoding: chunked\r\n\r\n".encode())
        line.sendall(f"{len(text):x}\r\n{text}\r\n0\r\n\r\n".encode())
        assert b" 413 " in line.recv(100)


@pytest.mark.parametrize(("size", "status"), [(5000, 200), (5001, 413)])
def test_a_body_may_be_as_large_as_the_budget(strict, size, status):
    """To the byte, whether its length is told before or not."""
    text = f"ASK {{}} #{'x' * (size - 8)}"
    assert strict.ask("/sparql", "POST", text, content_type="application/sparql-query").status == status
    with socket.create_connection(("127.0.0.1", strict.port), timeout=20) as line:
        head = "POST /sparql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/sparql-query\r\n"
        line.sendall(f"{head}Transfer-Encoding: chunked\r\n\r\n{size:x}\r\n{text}\r\n0\r\n\r\n".encode())
        assert f" {status} ".encode() in line.recv(100)


@pytest.mark.parametrize(("lifted", "limit"), [(False, 300 * 1024 * 1024), (True, 2**40)])
def test_the_memory_of_a_question_is_bounded(monkeypatch, lifted, limit):
    """In megabytes of 1,048,576 bytes; lifted, it is what the system allows."""
    told = []
    monkeypatch.setenv("KG_MAX_SERVE_MEGABYTES", "300")
    monkeypatch.setattr(tasks.resource, "getrlimit", lambda _: (2**30, 2**40))
    monkeypatch.setattr(tasks.resource, "setrlimit", lambda kind, limits: told.append((kind, limits)))
    tasks.limit_memory(lifted=lifted)
    assert told == [(tasks.resource.RLIMIT_DATA, (limit, 2**40))]


def test_large_answers_are_refused(strict):
    """With the variable that allows more; nothing of it is sent."""
    answer = strict.sparql("SELECT * { ?s ?p ?o }")
    assert (answer.status, json.loads(answer.body)["type"]) == (422, "/problems#answer-too-large")
    assert strict.sparql("SELECT * { ?s ?p ?o } LIMIT 1").status == 200


def test_slow_clients_are_cut(strict):
    """No head, half a head, half a body: the connection is closed and others are answered meanwhile."""
    beginnings = [
        b"",
        b"GET / HTTP/1.1\r\nHost: loc",
        b"POST /sparql HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\nAS",
    ]
    lines = [socket.create_connection(("127.0.0.1", strict.port), timeout=20) for _ in beginnings]
    for line, beginning in zip(lines, beginnings, strict=True):
        line.sendall(beginning)
    assert strict.sparql("ASK {}").status == 200
    for line in lines:
        while line.recv(4096):  # what is told, then the end
            pass
        line.close()


def test_a_client_that_leaves_leaves_nothing_running(strict):
    """The one process that answers it is ended, and the next question is answered long before the timeout of 50 s."""
    with socket.create_connection(("127.0.0.1", strict.port), timeout=20) as line:
        query = "SELECT(COUNT(*)AS?n){?a?b?c.?d?e?f.?g?h?i}"
        line.sendall(f"GET /sparql?query={query} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        time.sleep(0.3)
    with socket.create_connection(("127.0.0.1", strict.port), timeout=25) as line:
        line.sendall(b"GET /sparql?query=ASK{} HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert b" 200 " in line.recv(100)


PATHS = (
    *("/", "/search", "/timeline", "/map", "/network", "/article", "/entity", "/event"),
    *("/links", "/ask", "/why", "/thing", "/reconcile", "/graphs", "/sparql"),
)
ODD = (
    (
        404,
        "/assets/../app.py",
        "/assets/%2e%2e/app.py",
        "/assets/..%2fapp.py",
        "/assets//etc/passwd",
        "/assets/%00",
        "/%zz",
    ),
    (404, "/article?iri=x:y", "/entity?iri=javascript:alert(1)", "/event?iri=x:y", "/thing?iri=x:y", "/timeline.zork"),
    (404, "//evil.example/", "/event.svg?iri=x:y", "/reconcile/preview?id=x:y"),
    (
        400,
        "/article?iri=%ff",
        "/sparql?query=%ff",
        "/timeline?limit=9999999999999",
        "/timeline?limit=-1",
        "/why?iri=%20",
    ),
    (400, "/map?box=nan%20nan%20nan%20nan", "/map?box=0%200%201e308%201", "/timeline?type=%3Cscript%3E", "/ask?view=x"),
    (400, "/links?status=x", "/reconcile?queries=%7B", "/map.geojson?place=no%20iri", "/ask?query=SELEC", "/thing"),
    (200, "/search?q=%zz", "/search?q=%ff%fe", f"/search?q={'a%20' * 5000}", "/timeline?limit=999999999"),
    (200, "/network?limit=0", "/search?skip=999999999", "/links?at=99999999999999999999", "/links?last=x:y"),
    (
        200,
        f"/search?{'&'.join(f'a{n}=1' for n in range(3000))}",
        "/timeline?since=2024-99-99",
        "/search?kind=event&type=x:y",
    ),
)


def test_odd_addresses_are_answered_with_what_they_are(reading):
    """No file outside of the assets, no broken escape, no huge number, no unknown thing makes it fail."""
    for status, *paths in ODD:
        for path in paths:
            assert reading.ask(path, accept="text/html").status == status, path[:80]


def test_every_method_is_answered(reading):
    """HEAD as GET without a body, OPTIONS; others are refused, none fails."""
    for path in PATHS:
        head = reading.ask(path, "HEAD", accept="text/html, text/turtle;q=0.5")
        assert (head.status < 500, head.body) == (True, b""), path
        assert reading.ask(path, "OPTIONS").status == 204
        for method in ("PUT", "DELETE", "PATCH", "TRACE"):
            assert reading.ask(path, method).status in (400, 404, 405), (method, path)
