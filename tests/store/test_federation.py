"""Other endpoints in a query: reached only where allowed, and their failures read well."""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import servers

from kg.core.errors import FederationError, QueryError
from kg.core.http import USER_AGENT
from kg.query.prepare import answered, known_prefixes, prepare
from kg.store.opening import QuerySolutions, open_store
from kg.store.sparql.federation import ServicePolicy, check_calls, check_sent, policy_from_settings, remote_calls
from kg.store.sparql.request import Sparql

PREFIXES = known_prefixes("https://news.example/")
JSON = b'{"head":{"vars":["x"]},"results":{"bindings":[{"x":{"type":"literal","value":"from afar"}}]}}'


class Endpoint(BaseHTTPRequestHandler):
    """Answers by path: /ok, /busy (once 429, then well), /busier (always 429), /html, /slow, /moved, /broken."""

    asked: list[tuple[str, str]] = []  # noqa: RUF012 # one list for the server
    patience = threading.Event()

    def do_POST(self) -> None:
        """Answer a query."""
        self.rfile.read(int(self.headers["Content-Length"]))
        before = [path for path, _ in self.asked if path == self.path]
        self.asked.append((self.path, self.headers["User-Agent"]))
        kind, body, status = "application/sparql-results+json", JSON, 200
        extra = {}
        if self.path == "/busier" or (self.path == "/busy" and not before):
            status, extra = 429, {"Retry-After": "0" if self.path == "/busy" else "3600"}
        elif self.path == "/html":
            kind, body = "text/html", b"<html>welcome</html>"
        elif self.path == "/slow":
            self.patience.wait(5)
        elif self.path == "/moved":
            status, extra = 302, {"Location": "http://127.0.0.1:1/elsewhere"}
        elif self.path == "/broken":
            status, body = 500, b"out of memory"
        self.send_response(status)
        for name, value in {"Content-Type": kind, "Content-Length": str(len(body)), **extra}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        """Say nothing."""


@pytest.fixture(autouse=True)
def _collect() -> Iterator[None]:
    """The engine's results must be dropped by the thread that made them, not by a later server's."""
    yield
    gc.collect()
    gc.freeze()  # the next search goes through what the next test makes, not again through all of the process


@pytest.fixture
def endpoint() -> Iterator[str]:
    """A small endpoint on this machine; its address."""
    Endpoint.asked.clear()
    Endpoint.patience.clear()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Endpoint)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    Endpoint.patience.set()
    server.shutdown()
    server.server_close()


def ask(query: str, policy: ServicePolicy, *, limit: int | None = None) -> list[list[str]]:
    """The rows of a query over an empty store."""
    prepared = prepare(query, prefixes=PREFIXES, limit=limit)
    with open_store(":memory:", mode="read") as store, answered(store, prepared, policy=policy) as results:
        assert isinstance(results, QuerySolutions)
        return [[getattr(term, "value", "") for term in row] for row in results]


def test_allowed_endpoint_answers(endpoint: str) -> None:
    """An allowed endpoint is asked, under an honest name."""
    policy = ServicePolicy(allowed=(endpoint + "/ok",))
    assert ask(f"SELECT ?x {{ SERVICE <{endpoint}/ok> {{ ?s ?p ?x }} }}", policy) == [["from afar"]]
    assert Endpoint.asked == [("/ok", USER_AGENT)]
    assert USER_AGENT.startswith("kg/")


def test_endpoint_by_prefix_and_base(endpoint: str) -> None:
    """An endpoint is recognised behind a prefix and relative to a base."""
    policy = ServicePolicy(allowed=(endpoint,))
    assert ask(f"PREFIX e: <{endpoint}/> SELECT ?x {{ SERVICE e:ok {{ ?s ?p ?x }} }}", policy, limit=5)
    assert ask(f"BASE <{endpoint}/x> SELECT ?x {{ SERVICE SILENT <ok> {{ ?s ?p ?x }} }}", policy)
    assert [path for path, _ in Endpoint.asked] == ["/ok", "/ok"]


# Each is a call in the engine's reading; none may reach the endpoint.
HIDDEN = [
    "SELECT * {{ SERVICE <{0}/ok> {{ ?s ?p ?x }} }}",
    "SELECT * {{ service<{0}/ok>{{ ?s ?p ?x }} }}",
    "SELECT * {{ SERVICE # comment\n <{0}/ok> {{ ?s ?p ?x }} }}",
    "SELECT * {{ SERVICE SILENT <{0}/\\u006Fk> {{ ?s ?p ?x }} }}",
    "PREFIX : <{0}/> SELECT * {{ SERVICE:ok {{ ?s ?p ?x }} }}",
    "PREFIX : <{0}/> SELECT * {{ SERVICESILENT:ok {{ ?s ?p ?x }} }}",
    "PREFIX : <{0}/> SELECT * {{ {{ ?s ?p 5SERVICE:ok {{ ?s ?p ?x }} }} UNION {{}} }}",
    "PREFIX service: <x:> PREFIX : <{0}/> SELECT * {{ OPTIONAL {{ ?s ?p ?o }} service:ok {{ ?s ?p ?x }} }}",
    "SELECT * {{ OPTIONAL {{ ?s ?p trueSERVICE <{0}/ok> {{ ?s ?p ?x }} }} }}",
    "SELECT * {{ OPTIONAL {{ ?s ?p 5SERVICE <{0}/ok> {{ ?s ?p ?x }} }} }}",
    "SELECT * {{ VALUES ?x {{ 1 }} SERVICE ?x {{ ?s ?p ?o }} }}",
    "SELECT * {{ BIND(<{0}/ok> AS ?e) SERVICE ?e {{ ?s ?p ?x }} }}",
    "ASK {{ FILTER EXISTS {{ SERVICE <{0}/ok> {{ ?s ?p ?x }} }} }}",
    "CONSTRUCT {{ ?s ?p ?x }} WHERE {{ SERVICE <{0}/ok> {{ ?s ?p ?x }} }}",
    "DESCRIBE ?x {{ SERVICE <{0}/ok> {{ ?s ?p ?x }} }}",
    "SELECT * {{ BIND(0 AS ?a) FILTER(?a<1)SERVICE#>\n<{0}/ok>{{ ?s ?p ?x }} }}",
    "SELECT * {{ BIND('a' AS ?a) FILTER(?a<'x>')SERVICE<{0}/ok>{{ ?s ?p ?x }}FILTER('1'='1') }}",
    "SELECT * {{ BIND(1 AS ?a) FILTER(?a<x:#> '''\n)SERVICE<{0}/ok>{{ ?s ?p ?x }}#'''\n) }}",
    "SELECT * {{ BIND('a' AS ?a) FILTER(?a<='x>')SERVICE<{0}/ok>{{ ?s ?p ?x }}FILTER('1'='1') }}",
    "SELECT * {{ BIND(1 AS ?a) FILTER(?a<<'x>')SERVICE<{0}/ok>{{ ?s ?p ?x }}FILTER('1'='1') }}",
    "SELECT * {{ BIND('a' AS ?a) FILTER(?a='x'@en--ltrSERVICE) SERVICE <{0}/ok> {{ ?s ?p ?x }} }}",
    "SELECT * {{ BIND(1 AS ?a) FILTER((?a)<x:'>')SERVICE<{0}/ok>{{ ?s ?p ?x }}FILTER('1'='1') }}",
    "SELECT * {{ FILTER(EXISTS {{}}<x:#>'''\n)SERVICE<{0}/ok>{{ ?s ?p ?x }}#'''\n) }}",
]


@pytest.mark.parametrize("query", HIDDEN)
def test_nothing_is_reached_without_leave(endpoint: str, query: str) -> None:
    """A call that nobody allowed reaches nobody, however it is written."""
    with pytest.raises(QueryError):
        ask(query.format(endpoint), ServicePolicy())
    assert Endpoint.asked == []


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { ?s ?p 'SERVICE <http://x.example/>' } # SERVICE <http://x.example/> {}",
        "SELECT ?SERVICE { ?SERVICE <http://x.example/SERVICE> ?LOAD }",
        "PREFIX service: <x:> SELECT * { ?s a service:x ; service:y service:z . { ?a ?b ?c } }",
        "PREFIX service: <x:> SELECT * { GRAPH service:g { ?s ?p ?o } }",
    ],
)
def test_words_that_are_no_calls_are_let_through(query: str) -> None:
    """SERVICE in a comment, a string, a variable or a prefix is no call."""
    assert ask(query, ServicePolicy(offline=True)) == []


@pytest.mark.parametrize(
    "update",
    [
        "LOAD <http://x.example/data.ttl>",
        "CLEAR ALL ; LOAD SILENT <http://x.example/d> INTO GRAPH <x:g>",
        "PREFIX : <http://x.example/> LOAD:d",
        "INSERT { ?s ?p ?o } WHERE { SERVICE <http://x.example/> { ?s ?p ?o } }",
        "LOAD <file:///etc/passwd>",
    ],
)
def test_updates_are_checked_too(update: str) -> None:
    """LOAD and SERVICE in an update are refused in the same way."""
    with pytest.raises(QueryError):
        check_calls(Sparql(update), ServicePolicy())


@pytest.mark.parametrize(
    "query",
    [
        r'SELECT * { ?s ?p "a\u0022 . SERVICE <http://a.example/> { ?s ?p ?o } }#"' + "\n}",
        r"SELECT * { ?s ?p ?o #\u000A SERVICE <http://a.example/> { ?s ?p ?o }" + "\n }",
        r"SELECT * { ?s ?p ?o . \u0053ERVICE <http://a.example/> { ?s ?p ?o } }",
        r'INSERT DATA { <a:a> <a:b> "\u0022 } ; LOAD <http://a.example/> #" }',
    ],
)
def test_what_an_endpoint_may_read_otherwise_is_checked_like_that(query: str) -> None:
    r"""A server decodes ``\uXXXX`` before it looks for strings and comments: no call hides in them."""
    with pytest.raises((FederationError, QueryError)):
        check_sent(Sparql(query), ServicePolicy())


def test_escapes_in_strings_and_comments_may_be_sent() -> None:
    """Letters written as code points are letters, and words in strings stay words."""
    check_sent(Sparql(r'SELECT * { ?s ?p "caf\u00e9 SERVICE" } # \u00e9 LOAD'), ServicePolicy())


def test_calls_are_listed() -> None:
    """Every call is found with its absolute address."""
    calls = remote_calls(Sparql("BASE <http://a.example/b> LOAD <c> ; LOAD <http://d.example/> INTO GRAPH <x:g>"))
    assert [(call.word, call.endpoint) for call in calls] == [
        ("LOAD", "http://a.example/c"),
        ("LOAD", "http://d.example/"),
    ]


@pytest.mark.parametrize(
    ("allowed", "asked", "answer"),
    [
        ("https://a.example/sparql", "https://a.example/sparql", True),
        ("https://a.example/", "https://a.example/sparql", True),
        ("https://a.example", "https://a.example/sparql", True),
        ("https://a.example/sparql", "https://a.example/sparql2", False),
        ("https://a.example/sparql", "https://a.example/other", False),
        ("https://a.example", "https://a.example.evil.example/", False),
        ("https://a.example", "http://a.example/", False),
        ("https://a.example/data", "https://a.example/data/../admin", False),
        ("https://a.example", "https://b.example@a.example/", False),
    ],
)
def test_an_address_allows_what_lies_below_it(allowed: str, asked: str, answer: bool) -> None:
    """An allowed address covers itself and what lies below it on the same host."""
    assert ServicePolicy(allowed=(allowed,)).permits(asked) is answer
    assert not ServicePolicy(allowed=(allowed,), offline=True).permits(asked)


def test_settings_come_from_flags_and_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Flags and KG_ALLOW_SERVICE add up; KG_OFFLINE forbids everything."""
    monkeypatch.setenv("KG_ALLOW_SERVICE", "http://a.example http://b.example")
    assert policy_from_settings(["http://c.example"]).allowed == (
        "http://c.example",
        "http://a.example",
        "http://b.example",
    )
    monkeypatch.setenv("KG_OFFLINE", "1")
    assert policy_from_settings([]).offline


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/busier", "too many requests, status 429, it asks to wait 3600 s"),
        ("/html", "it answered with text/html instead of SPARQL results"),
        ("/slow", "no answer within 0.3 s"),
        ("/moved", "it has moved to http://127.0.0.1:1/elsewhere"),
        ("/broken", "it failed with status 500 Internal Server Error .out of memory"),
    ],
)
def test_failures_read_well(endpoint: str, path: str, words: str) -> None:
    """Each way to fail is told in words, with the endpoint's address."""
    policy = ServicePolicy(allowed=(endpoint,), timeout=0.3)
    with pytest.raises(FederationError, match=words) as caught:
        ask(f"SELECT ?x {{ SERVICE <{endpoint}{path}> {{ ?s ?p ?x }} }}", policy)
    assert f"<{endpoint}{path}>" in str(caught.value)


def test_endpoint_that_is_down_is_named() -> None:
    """An endpoint that nobody serves is named, with a hint."""
    address = f"http://127.0.0.1:{servers.free_port()}/sparql"
    with pytest.raises(FederationError, match="cannot be reached"):
        ask(f"SELECT ?x {{ SERVICE <{address}> {{ ?s ?p ?x }} }}", ServicePolicy(allowed=(address,)))


def test_busy_endpoint_is_asked_again(endpoint: str) -> None:
    """An endpoint that asks for patience is asked again."""
    policy = ServicePolicy(allowed=(endpoint,))
    assert ask(f"SELECT ?x {{ SERVICE <{endpoint}/busy> {{ ?s ?p ?x }} }}", policy) == [["from afar"]]
    assert len(Endpoint.asked) == 2


def test_offline_says_so(endpoint: str) -> None:
    """--offline forbids an allowed endpoint too, and says that it was the flag."""
    with pytest.raises(FederationError, match="--offline"):
        ask(f"SELECT * {{ SERVICE <{endpoint}/ok> {{}} }}", ServicePolicy(allowed=(endpoint,), offline=True))


def test_silent_failure_gives_no_rows_of_its_own(endpoint: str) -> None:
    """SERVICE SILENT goes on where the endpoint fails, as the standard says."""
    policy = ServicePolicy(allowed=(endpoint,))
    rows = ask(f"SELECT ?x {{ SERVICE SILENT <{endpoint}/broken> {{ ?s ?p ?x }} }}", policy)
    assert rows == [[""]]


def test_real_server_answers_within_a_query(tmp_path: Path) -> None:
    """A join of our store with a real SPARQL server works."""
    if servers.oxigraph_binary() is None:
        pytest.skip("Oxigraph's server is not installed (pip install oxigraph)")
    server = servers.oxigraph(tmp_path).start()
    try:
        with open_store(server.url, mode="write") as remote:
            remote.replace(
                "https://news.example/graph/dataset/far", b'<x:a> <x:name> "Alpha" .\n<x:b> <x:name> "Beta" .\n'
            )
        query = (
            f"SELECT ?name {{ VALUES ?s {{ <x:b> }} SERVICE <{server.url}/query?union-default-graph> "
            "{ ?s <x:name> ?name } }"
        )
        assert ask(query, ServicePolicy(allowed=(server.url,))) == [["Beta"]]
    finally:
        server.kill()
