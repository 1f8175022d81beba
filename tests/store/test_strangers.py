"""Endpoints that answer rubbish, addresses that only look allowed, and secrets that nobody is told."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from kg.core.errors import KgError, StoreError
from kg.core.secrets import hidden, secret_of
from kg.query.prepare import answered, prepare
from kg.query.results import write_results
from kg.store.opening import open_store
from kg.store.sparql.federation import ServicePolicy

ALLOWED = {
    ("http://h/a/", "http://h/a/"): True,
    ("http://h/a/", "http://h/a/x"): True,
    ("http://h/a", "http://h/a/x/y"): True,
    ("http://h/a/", "HTTP://H:80/a/x"): True,
    ("https://h", "https://h:443/x"): True,
    ("http://h/a/", "http://h./a/x"): True,
    ("http://h/caf%C3%A9/", "http://h/café/x"): True,
    ("http://h/a/", "http://h/a/%2e%2e/x"): False,
    ("http://h/a/", "http://h/a/%252e%252e/x"): False,
    ("http://h/a/", "http://h/a/..%2fx"): False,
    ("http://h/a/", "http://h/a/.%2E/x"): False,
    ("http://h/a/", "http://h/a/..\\x"): False,
    ("http://h/a/", "http://h/a/%5c..%5cx"): False,
    ("http://h/a/", "http://h/ab"): False,
    ("http://h/a/", "http://h:8080/a/x"): False,
    ("http://h/a/", "https://h/a/x"): False,
    ("http://h/a/", "http://h@evil/a/x"): False,
    ("http://h/a/", "http://user@h/a/x"): False,
    ("http://h/a/", "http://h.evil/a/x"): False,
    ("http://h/a/", "http://[h/a/x"): False,
    ("http://h/a/", "http://h:x/a/"): False,
    ("http://h/a/", ""): False,
}


@pytest.mark.parametrize(("allowed", "asked"), ALLOWED)
def test_addresses_are_compared_in_one_form(allowed: str, asked: str) -> None:
    """What is allowed is an address or lies below it, however it is spelt; nothing gets out of it by escapes."""
    assert ServicePolicy((allowed,)).permits(asked) is ALLOWED[allowed, asked]
    assert not ServicePolicy((allowed,), offline=True).permits(asked)


Answer = tuple[int, dict[str, str], bytes]
JSON = {"Content-Type": "application/sparql-results+json"}
GOOD = b'{"head":{"vars":["x"]},"results":{"bindings":[]}}'


@contextmanager
def serving(answer: Answer, *, drip: float = 0) -> Iterator[str]:
    """An endpoint that gives one answer to everything; with ``drip`` a byte in so many seconds."""
    status, headers, body = answer

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            if "Content-Length" not in headers:
                self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            for part in [body[i : i + 1] for i in range(len(body))] if drip else [body]:
                self.wfile.write(part)
                time.sleep(drip)

        def log_message(self, *_: object) -> None:
            """Nothing."""

        def handle(self) -> None:
            with suppress(OSError):  # the client may leave
                super().handle()

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/query"
    finally:
        server.shutdown()
        server.server_close()


RUBBISH: dict[str, Answer] = {
    "nothing": (200, JSON, b""),
    "no content": (204, {}, b""),
    "half of it": (200, JSON, b'{"head":{"vars":["g"]},"results":{"bindings":[{"g":{"type":"uri","va'),
    "no results": (200, JSON, b"{}"),
    "a list": (200, JSON, b"[" * 100_000),
    "no JSON": (200, JSON, b"<html>"),
    "no UTF-8": (200, JSON, b'{"head":{"vars":["\xff"]}}'),
    "a page": (200, {"Content-Type": "text/html"}, b"<html>"),
    "a wrong length": (200, {**JSON, "Content-Length": "many"}, GOOD),
    "a type that is none": (200, {"Content-Type": "x" * 500}, b"x"),
    "an error": (500, {}, b"\xff" * 5_000),
    "elsewhere": (302, {"Location": "http://user:secret@h/?key=secret"}, b""),
    "a bad address elsewhere": (302, {"Location": "http://[::1/"}, b""),
}


@pytest.mark.parametrize("answer", RUBBISH)
def test_an_endpoint_that_answers_rubbish_is_told(answer: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever comes back, it is a StoreError or QueryError in a line, or an empty store, and no secret is in it."""
    monkeypatch.setattr("kg.core.http.FIRST_PAUSE", 0.01)
    with serving(RUBBISH[answer]) as url:
        with pytest.raises(KgError) as told:
            open_store(url, mode="read").graphs()
        assert "\n" not in str(told.value)
        assert "secret" not in str(told.value)


def test_a_query_whose_answer_breaks_off_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path) -> None:
    """An answer that ends within its rows is no shorter answer."""
    body = b'{"head":{"vars":["x"]},"results":{"bindings":[{"x":{"type":"literal","value":"1"}},'
    with serving((200, JSON, GOOD)) as url:
        store = open_store(url, mode="read")
    monkeypatch.setattr(type(store), "_union_parameters", lambda _: {})
    with serving((200, JSON, body)) as url:
        store._http._query_url = url  # type: ignore[attr-defined]
        prepared = prepare("SELECT ?x { ?s ?p ?x }", prefixes={})
        with (
            (tmp_path / "out").open("wb") as file,
            pytest.raises(StoreError, match=r"half way|cannot be read"),
            answered(store, prepared, policy=ServicePolicy()) as results,
        ):
            write_results(results, file, "csv", prefixes={})


def test_an_answer_is_no_larger_and_no_slower_than_it_may_be(monkeypatch: pytest.MonkeyPatch) -> None:
    """An endpoint that never ends its answer, or gives a byte now and then, is not listened to for ever."""
    monkeypatch.setenv("KG_MAX_ANSWER_BYTES", "1000")
    with serving((200, JSON, b" " * 100_000)) as url, pytest.raises(StoreError, match="KG_MAX_ANSWER_BYTES"):
        open_store(url, mode="read")
    monkeypatch.setenv("KG_MAX_ANSWER_SECONDS", "1")
    monkeypatch.setattr("kg.core.http.TRIES", 1)
    with serving((200, JSON, b" " * 500), drip=0.05) as url, pytest.raises(StoreError, match="silent"):
        open_store(url, mode="read")


@pytest.mark.parametrize(
    ("kind", "body", "said"),
    [
        ("application/sparql-results+json", b" " * 5_000, "KG_MAX_SERVICE_BYTES"),
        ("application/sparql-results+json", b"[" * 500, "nested|deep|within each other"),
        ("application/sparql-results+xml", b"<a>" * 300, "within each other|well-formed"),
        (
            "application/sparql-results+xml",
            b'<!DOCTYPE a [<!ENTITY b "' + b"x" * 600 + b'">]><a>' + b"&b;" * 400 + b"</a>",
            "stand for",
        ),
    ],
    ids=["size", "json", "xml", "entities"],
)
def test_what_service_brings_is_bounded(kind: str, body: bytes, said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Size, nesting and entities of an answer to SERVICE are looked at before the engine reads it."""
    monkeypatch.setenv("KG_MAX_SERVICE_BYTES", "4000")
    monkeypatch.setenv("KG_MAX_ENTITIES", "100000")
    with serving((200, {"Content-Type": kind}, body)) as url, open_store(":memory:", mode="read") as store:
        prepared = prepare(f"SELECT * {{ SERVICE <{url}> {{ ?s ?p ?o }} }}", prefixes={})
        with pytest.raises(KgError, match=said), answered(store, prepared, policy=ServicePolicy((url,))) as results:
            list(results)  # type: ignore[call-overload]


TOKENS = ["s3cret-word\n", "s3cret-word\r\n", " s3cret-word ", "s3cret\nword", "s3cret\x00word", "s3crét-word"]


@pytest.mark.parametrize("name", ["KG_STORE_TOKEN", "KG_STORE_PASSWORD"])
@pytest.mark.parametrize("token", TOKENS, ids=repr)
@pytest.mark.parametrize("flags", [(), ("--debug",)])
def test_no_message_and_no_traceback_shows_a_secret(name: str, token: str, flags, run_kg, monkeypatch) -> None:
    """Tokens and passwords with line ends are stripped or refused; nothing that is said holds them."""
    if "\x00" in token:
        pytest.skip("no variable of the environment can hold it")
    monkeypatch.setenv(name, token)
    monkeypatch.setenv("KG_STORE_USER", "ana")
    monkeypatch.setattr("kg.core.http.FIRST_PAUSE", 0.01)
    body = b"You sent " + token.strip().encode()
    for answer in ((500, {}, body), (400, {}, body), (401, {}, body), (200, JSON, body)):
        with serving(answer) as url:
            for arguments in (["query", "ASK {}"], ["forget", "a"], ["stats"], ["stats", "--check"], ["export"]):
                at = url.replace("http://", "http://ana:s3cret-in-url@")
                status, out, said = run_kg(*arguments, "--store", at, *flags)
                assert status == 2
                assert "s3cret" not in out + said, said
                if not flags:
                    assert said.count("\n") == 1


def test_what_is_hidden() -> None:
    """Users and passwords of any address go; the rest of a message stays."""
    assert hidden("at https://ana:pw@h.example/a and ftp://x@y/") == "at https://***@h.example/a and ftp://***@y/"
    assert hidden("mail ana@h.example") == "mail ana@h.example"


def test_a_secret_is_stripped_or_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """White space around it goes, within it is no header."""
    monkeypatch.setenv("KG_STORE_TOKEN", "  abc\r\n")
    assert secret_of("KG_STORE_TOKEN") == "abc"
    monkeypatch.setenv("KG_STORE_TOKEN", "ab\nc")
    with pytest.raises(KgError, match="KG_STORE_TOKEN holds a line end"):
        secret_of("KG_STORE_TOKEN")
