"""The gateway between the engine and the endpoints that a query may reach: an HTTP server and client in this process.

The engine's own requests carry the engine's name, follow redirects anywhere, wait without end and fail in codes. It is
given addresses of this gateway instead (see ``federation``), which forwards with an honest User-Agent, a time limit,
no redirects, patience with "too many requests", and remembers in words what went wrong.
"""

from __future__ import annotations

import secrets
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

from kg.core.budgets import SERVICE_BYTES
from kg.core.errors import FederationError, KgError
from kg.core.http import Client, HttpError, Limits, MovedError, OversizedError, SilentError, StatusError
from kg.core.nesting import check_json, check_turtle, check_xml
from kg.core.secrets import hidden

if TYPE_CHECKING:
    from collections.abc import Iterator

_RESULT_TYPES = ("application/sparql-results+json", "application/sparql-results+xml", "text/tab-separated-values")
_RDF_TYPES = ("turtle", "n-triples", "n-quads", "trig", "rdf+xml", "ld+json", "n3")


@contextmanager
def gateway(endpoints: list[str], timeout: float) -> Iterator[tuple[list[str], list[str]]]:
    """A server on the loopback interface for the endpoints; yields its address for each, and a list of failures."""
    failures: list[str] = []
    secret = secrets.token_urlsafe(16)  # so that no other program on this machine can use the gateway
    client = Client()

    class Handler(BaseHTTPRequestHandler):
        """Forwards one request of the engine."""

        def do_POST(self) -> None:  # the name that http.server calls
            self._forward(self.rfile.read(int(self.headers.get("Content-Length") or 0)), _RESULT_TYPES)

        def do_GET(self) -> None:  # likewise: LOAD
            self._forward(None, _RDF_TYPES)

        def _forward(self, body: bytes | None, types: tuple[str, ...]) -> None:
            key, _, number = self.path.strip("/").partition("/")
            if key != secret or not number.isdigit() or int(number) >= len(endpoints):
                self.send_error(404)
                return
            endpoint = endpoints[int(number)]
            headers = {name: self.headers[name] for name in ("Accept", "Content-Type") if name in self.headers}
            try:
                kind, answer = _ask(client, endpoint, body, headers, timeout, types)
            except FederationError as error:
                failures.append(f"SERVICE <{endpoint}>: {error}" if body is not None else f"LOAD <{endpoint}>: {error}")
                self.send_error(502)
                return
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *args: object) -> None:
            """Say nothing: failures are told once, by whoever runs the query."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        here = f"http://127.0.0.1:{server.server_port}/{secret}"
        yield [f"{here}/{number}" for number in range(len(endpoints))], failures
    finally:
        server.shutdown()
        server.server_close()


def _ask(
    client: Client, endpoint: str, body: bytes | None, headers: dict[str, str], timeout: float, types: tuple[str, ...]
) -> tuple[str, bytes]:
    """Content type and body of an endpoint's answer; FederationError in words for anything else."""
    try:
        answer = client.send(endpoint, body, headers, Limits(timeout, timeout, SERVICE_BYTES.value), repeatable=True)
    except SilentError as error:
        raise FederationError(f"no answer within {timeout:g} s; try a smaller question") from error
    except MovedError as error:
        raise FederationError(f"it has moved to {hidden(str(error))}: name and allow that address instead") from error
    except OversizedError as error:
        raise FederationError(f"its answer is {error}: ask for less; {SERVICE_BYTES.hint()}") from error
    except StatusError as error:
        raise FederationError(_status_in_words(error)) from error
    except HttpError as error:
        raise FederationError(
            f"it cannot be reached ({hidden(str(error))}); is the address right, is it up?"
        ) from error
    kind = answer.headers.get("content-type", "")
    if not any(part in kind for part in types):
        wanted = "SPARQL results" if types is _RESULT_TYPES else "RDF"
        raise FederationError(f"it answered with {kind or 'no content type'} instead of {wanted}")
    with answer.body as file:
        return kind, _checked(file.read(), kind)


def _checked(answer: bytes, kind: str) -> bytes:
    """The answer, when it is within the budgets of nesting that its form has."""
    try:
        if "xml" in kind:
            check_xml(answer)
        elif "json" in kind:
            check_json(answer)
        elif "turtle" in kind or "trig" in kind or "n3" in kind:
            check_turtle(answer)
    except KgError as error:
        raise FederationError(f"its answer cannot be read: {error}") from error
    return answer


def _status_in_words(error: StatusError) -> str:
    said = error.said[:120]
    detail = f" ({said})" if said and not said.startswith("<") else ""
    match error.status:
        case 400:
            return f"it did not understand the query{detail}"
        case 401 | 403:
            return f"it wants other credentials, status {error.status}{detail}"
        case 429:
            asked = error.retry_after[:40]
            return f"too many requests, status 429{f', it asks to wait {asked} s' if asked else ''}; try again later"
        case code:
            return f"it failed with status {code} {error.reason}{detail}"
