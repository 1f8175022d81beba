"""What a store behind HTTP does when the server refuses, is busy, answers nonsense, or dies."""

from __future__ import annotations

import base64
import re
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import servers
from prepared_load import TRIPLES, content, graph

from kg.core.errors import KgError, QueryError, StoreError
from kg.store.endpoint import EndpointStore
from kg.store.opening import open_store

EMPTY = b'{"head": {"vars": ["g"]}, "results": {"bindings": []}}'
JSON = "application/sparql-results+json"


class Fake:
    """A server that answers each request as the test says and remembers what came."""

    def __init__(self) -> None:
        self.requests: list[tuple[str, dict[str, str], bytes]] = []
        self.answers: list[tuple[int, dict[str, str], bytes]] = []
        self.stall = 0.0
        fake = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                fake.requests.append((self.path, {k.lower(): v for k, v in self.headers.items()}, body))
                time.sleep(fake.stall)
                status, headers, answer = fake.answers.pop(0) if fake.answers else (200, {"Content-Type": JSON}, EMPTY)
                self.send_response(status)
                for name, value in {"Content-Length": str(len(answer)), **headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *args: object) -> None:
                """Nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_port}/sparql"


@pytest.fixture
def fake() -> Iterator[Fake]:
    """A fake endpoint."""
    server = Fake()
    yield server
    server.server.shutdown()
    server.server.server_close()


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """No settings of the person who runs the tests, and short pauses."""
    for name in ("USER", "PASSWORD", "TOKEN", "UPDATE"):
        monkeypatch.delenv(f"KG_STORE_{name}", raising=False)
    monkeypatch.setattr("kg.core.http.FIRST_PAUSE", 0.01)


def opened(fake: Fake) -> EndpointStore:
    """A store on the fake, its opening requests forgotten."""
    store = EndpointStore(fake.url)
    fake.requests.clear()
    return store


def test_a_busy_server_is_asked_again(fake: Fake) -> None:
    """429 with Retry-After, 502, 503 and 504 are waited out."""
    store = opened(fake)
    fake.answers = [(429, {"Retry-After": "0"}, b""), (502, {}, b""), (503, {}, b""), (504, {}, b"")]
    assert store.graphs() == []
    assert len(fake.requests) == 5


def test_patience_ends(fake: Fake) -> None:
    """After five tries the answer is the server's status, in words."""
    store = opened(fake)
    fake.answers = [(503, {}, b"maintenance")] * 5
    with pytest.raises(StoreError, match="HTTP 503: maintenance"):
        store.graphs()


def test_an_update_of_a_person_is_not_sent_twice(fake: Fake) -> None:
    """A gateway's 502 may hide that the update was done: only a replacement may be repeated."""
    store = opened(fake)
    fake.answers = [(502, {}, b"")] * 2
    with pytest.raises(StoreError, match="502"):
        store.update("INSERT DATA { GRAPH <a:g> { <a:s> <a:p> 1 } }")
    assert len(fake.requests) == 1
    store.replace(graph(1), content(1, 1))
    assert len(fake.requests) == 3


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({"KG_STORE_USER": "ann", "KG_STORE_PASSWORD": "s3cret"}, "Basic " + base64.b64encode(b"ann:s3cret").decode()),
        ({"KG_STORE_TOKEN": "s3cret"}, "Bearer s3cret"),
    ],
)
def test_credentials_are_sent_and_never_printed(
    fake: Fake, monkeypatch: pytest.MonkeyPatch, settings: dict[str, str], expected: str
) -> None:
    """Basic and bearer credentials come from the environment; no error repeats them."""
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    fake.answers = [(401, {}, b"who is s3cret?")]
    with pytest.raises(StoreError, match="KG_STORE_TOKEN") as caught:
        open_store(fake.url, mode="read")
    assert fake.requests[0][1]["authorization"] == expected
    assert "s3cret" not in str(caught.value)


def test_a_password_in_the_url_is_taken_out(fake: Fake) -> None:
    """A URL with a user in it is never shown whole."""
    with EndpointStore(fake.url.replace("http://", "http://ann:s3cret@")) as store:
        assert "s3cret" not in store.location
        fake.answers = [(500, {}, b"oops")]
        with pytest.raises(StoreError, match="oops") as caught:
            store.graphs()
    assert "s3cret" not in str(caught.value)
    assert fake.requests[0][1]["authorization"].startswith("Basic ")


def test_digest_authentication_is_answered(fake: Fake, monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that asks for Digest (Virtuoso's /sparql-auth) gets it."""
    monkeypatch.setenv("KG_STORE_USER", "ann")
    monkeypatch.setenv("KG_STORE_PASSWORD", "s3cret")
    store = opened(fake)
    challenge = 'Digest realm="SPARQL", nonce="n1", qop="auth", algorithm=MD5'
    fake.answers = [(401, {"WWW-Authenticate": challenge}, b"")]
    assert store.graphs() == []
    assert fake.requests[1][1]["authorization"].startswith('Digest username="ann"')


def test_the_client_says_who_it_is(fake: Fake) -> None:
    """Requests carry an honest User-Agent."""
    opened(fake).graphs()
    assert fake.requests[0][1]["user-agent"].startswith("kg/")


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ((200, {"Content-Type": "text/html"}, b"<html>"), "is it a SPARQL endpoint"),
        ((200, {"Content-Type": JSON, "X-SPARQL-MaxRows": "10000"}, EMPTY), "cut its answer at 10000 rows"),
        ((302, {"Location": "http://elsewhere.example/"}, b""), "moved to http://elsewhere.example/"),
        ((404, {}, b"no such dataset"), "HTTP 404: no such dataset"),
    ],
)
def test_a_wrong_answer_is_named(fake: Fake, answer: tuple[int, dict[str, str], bytes], said: str) -> None:
    """What is no complete SPARQL answer is an error that says what came."""
    store = opened(fake)
    fake.answers = [answer]
    with pytest.raises(StoreError, match=said):
        store.graphs()


def test_a_query_the_server_refuses_is_a_query_error(fake: Fake) -> None:
    """HTTP 400 is about the query, in the server's words."""
    store = opened(fake)
    fake.answers = [(400, {}, b"line 1: what?")] * 3
    with pytest.raises(QueryError, match="line 1: what"):
        store.query("SELECT * FROM <a:g> WHERE { ?s ?p ?o }")


def test_an_answer_that_breaks_off_is_asked_for_again(fake: Fake) -> None:
    """Half an answer is never taken for a whole one."""
    store = opened(fake)
    fake.answers = [(200, {"Content-Type": JSON, "Content-Length": "5000"}, EMPTY)]
    assert store.graphs() == []
    assert len(fake.requests) == 2


def test_a_silent_server_is_given_up(fake: Fake) -> None:
    """A query's time limit ends the waiting for an endpoint."""
    store = opened(fake)
    fake.stall = 3
    with pytest.raises(StoreError, match=r"silent for 0\.2 s"):
        store.query("SELECT * FROM <a:g> WHERE { ?s ?p ?o }", timeout=0.2)


def test_a_server_that_is_not_there(tmp_path: Path) -> None:
    """A refused connection says which endpoint and what to check."""
    with pytest.raises(StoreError, match="cannot be reached"):
        open_store(f"http://127.0.0.1:{servers.free_port()}/sparql", mode="read")


@pytest.mark.parametrize(
    ("path", "query", "update"),
    [
        ("", "/query", "/update"),
        ("/ds/query", "/ds/query", "/ds/update"),
        ("/sparql", "/sparql", "/sparql"),
        ("/repositories/news", "/repositories/news", "/repositories/news/statements"),
        ("/ds", "/ds", "/ds"),
    ],
)
def test_where_queries_and_updates_go(fake: Fake, path: str, query: str, update: str) -> None:
    """The update URL follows from the query URL by the customs of the servers."""
    with EndpointStore(fake.url.removesuffix("/sparql") + path) as store:
        store.drop("a:g")
    assert (fake.requests[0][0], fake.requests[-1][0]) == (query, update)


def test_a_server_that_repeats_the_password_is_not_quoted(fake: Fake, monkeypatch: pytest.MonkeyPatch) -> None:
    """A secret is cut out of what a server says."""
    monkeypatch.setenv("KG_STORE_TOKEN", "s3cret")
    store = opened(fake)
    fake.answers = [(500, {}, b"bad header: Bearer s3cret")]
    with pytest.raises(StoreError, match=r"bad header: Bearer \*\*\*"):
        store.graphs()


def test_a_server_without_union_is_told_all_graphs(fake: Fake) -> None:
    """Where nothing else makes the union, the protocol's own parameters name every graph."""
    store = opened(fake)
    no = b'{"head": {}, "boolean": false}'
    row = b'{"head": {"vars": ["g"]}, "results": {"bindings": [{"g": {"type": "uri", "value": "a:g"}}]}}'
    fake.answers = [(200, {"Content-Type": JSON}, answer) for answer in (no, no, row)]
    store.query("SELECT * WHERE { ?s ?p ?o }")
    assert b"&default-graph-uri=a%3Ag&named-graph-uri=a%3Ag" in fake.requests[-1][2]


def until(done: Callable[[], bool]) -> None:
    """Wait for something that happens soon."""
    limit = time.monotonic() + 30
    while not done():
        assert time.monotonic() < limit
        time.sleep(0.005)


@pytest.mark.parametrize("graphs", [40, pytest.param(300, marks=pytest.mark.long)])
def test_a_load_survives_a_server_that_dies(graphs: int, tmp_path: Path) -> None:
    """Killed half way, the server holds whole articles only; the same load run again completes it, nothing twice."""
    if servers.oxigraph_binary() is None:
        pytest.skip("Oxigraph's server is not installed (pip install oxigraph)")
    server = servers.oxigraph(tmp_path).start()
    everything = {graph(number): content(number, 1) for number in range(graphs)}
    store = open_store(server.url, mode="write")
    stored: list[str] = []
    failures: list[KgError] = []
    killed = threading.Event()

    def load() -> None:
        try:
            for name, triples in everything.items():
                if len(stored) == graphs - 5:  # never done before the kill, however slow that is
                    killed.wait(30)
                store.replace(name, triples)
                stored.append(name)
        except KgError as error:
            failures.append(error)

    loading = threading.Thread(target=load)
    loading.start()
    try:
        until(lambda: len(stored) >= graphs // 8)
        server.kill()
        killed.set()
        loading.join()
        assert "cannot be reached" in str(failures[0])
        server.start()
        there = store.graphs()
        assert set(stored) <= set(there), "what was confirmed is stored"
        assert len(there) < len(everything), "the server was killed too late to show anything"
        assert all(store.graph_bytes(name) == everything[name] for name in there)
        store.replace_many(everything)
        assert store.graphs() == sorted(everything)
        assert sum(store.graph_bytes(name).count(b"\n") for name in everything) == graphs * TRIPLES
    finally:
        server.kill()


def test_a_server_that_comes_back_is_not_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A restart within the retries costs a load nothing but time."""
    if servers.oxigraph_binary() is None:
        pytest.skip("Oxigraph's server is not installed (pip install oxigraph)")
    monkeypatch.setattr("kg.core.http.FIRST_PAUSE", 0.25)
    server = servers.oxigraph(tmp_path).start()
    store = open_store(server.url, mode="write")
    server.kill()
    restart = threading.Timer(0.5, server.start)
    restart.start()
    try:
        store.replace(graph(1), content(1, 1))
        assert store.graph_bytes(graph(1)) == content(1, 1)
    finally:
        restart.join()
        server.kill()


def test_updates_go_where_a_setting_says(fake: Fake, monkeypatch: pytest.MonkeyPatch) -> None:
    """``KG_STORE_UPDATE`` names the update URL of a server with customs of its own."""
    monkeypatch.setenv("KG_STORE_UPDATE", fake.url.replace("/sparql", "/write/here").replace("//", "//ann:s3cret@"))
    opened(fake).replace(graph(1), b"")
    assert fake.requests[-1][0] == "/write/here"


def test_every_setting_is_on_the_page_about_stores() -> None:
    """docs/stores.md names each environment variable that stores read."""
    root = Path(__file__).parents[2]
    source = "".join(path.read_text(encoding="utf-8") for path in (root / "kg" / "store").glob("*.py"))
    page = (root / "docs" / "stores.md").read_text(encoding="utf-8")
    settings = set(re.findall(r'(?:environ(?:\.get\(|\[)|secret_of\()"(\w+)"', source))
    assert len(settings) == 4
    assert [name for name in sorted(settings) if f"`{name}`" not in page] == []
