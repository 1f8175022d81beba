"""The gateway between the engine and the endpoints that a query may reach: an HTTP server and client in this process.

The engine's own requests carry the engine's name, follow redirects anywhere, wait without end and fail in codes. It is
given addresses of this gateway instead (see ``federation``), which forwards with an honest User-Agent, a time limit,
no redirects, patience with "too many requests", and remembers in words what went wrong.
"""

from __future__ import annotations

import logging
import secrets
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPException, HTTPMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import IO

from kg.core.budgets import PAUSE, SERVICE_BYTES
from kg.core.errors import FederationError, KgError
from kg.core.nesting import check_json, check_turtle, check_xml
from kg.core.secrets import hidden
from kg.core.version import VERSION

USER_AGENT = f"kg/{VERSION} (news articles to linked data, a person's command line; Python urllib)"
TRIES = 3
_WORTH_A_WORD = 2.0  # seconds of a pause that a person should know of
_log = logging.getLogger("kg")

_RESULT_TYPES = ("application/sparql-results+json", "application/sparql-results+xml", "text/tab-separated-values")
_RDF_TYPES = ("turtle", "n-triples", "n-quads", "trig", "rdf+xml", "ld+json", "n3")


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """A redirect could lead where nobody allowed a query to go."""

    def redirect_request(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> None:
        del req, fp, code, msg, headers
        raise FederationError(f"it has moved to {hidden(newurl)}: name and allow that address instead")


@contextmanager
def gateway(endpoints: list[str], timeout: float) -> Iterator[tuple[list[str], list[str]]]:
    """A server on the loopback interface for the endpoints; yields its address for each, and a list of failures."""
    failures: list[str] = []
    secret = secrets.token_urlsafe(16)  # so that no other program on this machine can use the gateway
    opener = urllib.request.build_opener(_NoRedirects)

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
            request = urllib.request.Request(endpoint, body, {**headers, "User-Agent": USER_AGENT})  # noqa: S310 # http(s) only: check_calls
            try:
                kind, answer = _ask(opener, request, timeout, types)
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
    opener: urllib.request.OpenerDirector, request: urllib.request.Request, timeout: float, types: tuple[str, ...]
) -> tuple[str, bytes]:
    """Content type and body of an endpoint's answer; FederationError in words for anything else."""
    for attempt in range(1, TRIES + 1):
        try:
            with opener.open(request, timeout=timeout) as response:
                kind = response.headers.get("Content-Type", "")
                if not any(part in kind for part in types):
                    wanted = "SPARQL results" if types is _RESULT_TYPES else "RDF"
                    raise FederationError(f"it answered with {kind or 'no content type'} instead of {wanted}")
                return kind, _read(response, kind, time.monotonic() + timeout)
        except urllib.error.HTTPError as error:
            pause = _pause(error, attempt)
            if pause is None:
                raise FederationError(_status_in_words(error)) from error
            if pause >= _WORTH_A_WORD:
                _log.warning("kg: an endpoint asks to be asked later: waiting %.0f s", pause)
            time.sleep(pause)
        except TimeoutError as error:
            raise FederationError(f"no answer within {timeout:g} s; try a smaller question") from error
        except (urllib.error.URLError, HTTPException, OSError, ValueError) as error:
            reason = getattr(error, "reason", error)
            if isinstance(reason, TimeoutError):
                raise FederationError(f"no answer within {timeout:g} s; try a smaller question") from error
            raise FederationError(f"it cannot be reached ({reason}); is the address right, is it up?") from error
    raise AssertionError  # the last attempt returns or raises


def _read(response: IO[bytes], kind: str, until: float) -> bytes:
    """The whole answer, within the budgets of size, nesting and time."""
    parts: list[bytes] = []
    size = 0
    while part := response.read1(1 << 16):  # type: ignore[attr-defined]
        parts.append(part)
        size += len(part)
        if size > SERVICE_BYTES.value:
            raise FederationError(
                f"its answer is above {SERVICE_BYTES.value:,} bytes: ask for less; {SERVICE_BYTES.hint()}"
            )
        if time.monotonic() > until:
            raise TimeoutError
    answer = b"".join(parts)
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


def _pause(error: urllib.error.HTTPError, attempt: int) -> float | None:
    """Seconds to wait before trying again (RFC 6585 section 4, RFC 9110 section 10.2.3); None: give up."""
    if error.code not in (429, 503) or attempt == TRIES:
        return None
    asked = error.headers.get("Retry-After") or ""
    seconds = float(asked[:9]) if asked.isascii() and asked.isdigit() else 0.5 * 2**attempt
    return seconds if seconds <= PAUSE.value else None


def _status_in_words(error: urllib.error.HTTPError) -> str:
    said = " ".join(error.read(300).decode("utf-8", "replace").split())[:120]
    detail = f" ({said})" if said and not said.startswith("<") else ""
    match error.code:
        case 400:
            return f"it did not understand the query{detail}"
        case 401 | 403:
            return f"it wants other credentials, status {error.code}{detail}"
        case 429:
            asked = error.headers.get("Retry-After")
            return f"too many requests, status 429{f', it asks to wait {asked} s' if asked else ''}; try again later"
        case code:
            return f"it failed with status {code} {error.reason}{detail}"
