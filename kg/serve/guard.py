"""Around every request: hosts, token, other sites, bounded bodies, slow clients, and the headers of every answer.

A web page of a stranger can make a browser on this machine send requests here. So a request must name a host that this
server is (DNS rebinding), must not come from another site's page (Fetch Metadata and Origin) unless its origin was
allowed, and no answer lets a page run a script that is not ours (Content-Security-Policy without inline script).
"""

from __future__ import annotations

import asyncio
import hmac
import secrets
from collections.abc import Iterable
from http.cookies import CookieError, SimpleCookie
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from kg.core.budgets import SERVE_BODY_BYTES, SERVE_PATIENCE
from kg.serve.problems import MEDIA, Problem

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, MutableMapping

    from kg.serve.settings import Settings

    Message = MutableMapping[str, Any]
    Receive = Callable[[], Awaitable[Message]]
    Send = Callable[[Message], Awaitable[None]]
    App = Callable[[Message, Receive, Send], Awaitable[None]]

COOKIE = "kg-token"
_SAFE = ("GET", "HEAD", "OPTIONS")
_SHARED = ("/sparql", "/reconcile", "/graphs")  # what pages of allowed origins may read
_OPEN = ("/token", "/assets/")  # asked for without a token
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'{styles}; img-src 'self' data: blob:; "
    "font-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors {frames}"
)
_HEADERS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",  # without any, browsers send our own forms with the origin "null"
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
    "cache-control": "no-store",
}


class CutError(Exception):
    """A client took too long for the next bytes; the connection is closed."""


class Guard:
    """An ASGI application around the one that answers."""

    def __init__(self, app: App, settings: Settings) -> None:
        self._app, self._settings = app, settings
        self._cookie = secrets.token_urlsafe(32)  # stands for the token in browsers, until this server ends

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer one request, or refuse it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = _headers(scope)
        origin = self._allowed_origin(scope, headers)
        answer = _Answer(send, scope["path"], origin, self._settings.origins)
        scope.setdefault("state", {})["cookie"] = self._cookie
        try:
            self._check(scope, headers, origin)
        except Problem as problem:
            if problem.kind == "token" and "text/html" in headers.get("accept", ""):
                await _redirect(answer.send, "/token")
                return
            await _tell(answer.send, problem)
            return
        if scope["method"] == "OPTIONS":
            await _tell_options(answer.send)
            return
        try:
            await self._app(scope, _Body(receive).receive, answer.send)
        except CutError:
            if answer.begun:
                raise
            await _tell(answer.send, Problem("timeout", "the request took too long to arrive"))

    def _check(self, scope: Message, headers: dict[str, str], origin: str | None) -> None:
        self._check_host(headers.get("host", ""))
        self._check_site(scope["method"], headers, origin)
        if int(_digits(headers.get("content-length", "0"))) > SERVE_BODY_BYTES.value:
            raise Problem("too-large", f"the body is above {SERVE_BODY_BYTES.value:,} bytes; {SERVE_BODY_BYTES.hint()}")
        if self._settings.token and not scope["path"].startswith(_OPEN) and not self._knows_token(headers):
            raise Problem("token", "send the header `Authorization: Bearer TOKEN`, or open /token in a browser")
        if "\0" in scope["path"]:  # no file has such a name: to ask the system for one is a mistake, not a "no"
            raise Problem("not-found", "no address holds the character NUL")

    def _check_host(self, host: str) -> None:
        try:
            name = urlsplit(f"//{host}").hostname or ""
        except ValueError:
            name = ""
        if name.casefold() not in self._settings.names:
            raise Problem("misdirected", f"host {host[:80]!r} is not known here: allow it with --allow-host")

    def _check_site(self, method: str, headers: dict[str, str], origin: str | None) -> None:
        """Refuse what another site's page sends, but for a person who follows a link."""
        if origin is not None:
            if method not in _SAFE and "authorization" not in headers and self._settings.write:
                raise Problem("forbidden", "a page of another site changes nothing here without a token")
            return
        sent = headers.get("origin")
        if sent is not None and sent.casefold() not in self._own_origins(headers.get("host", "")):
            raise Problem("forbidden", f"a page of {sent[:80]} asks: allow it with --allow-origin")
        if headers.get("sec-fetch-site") in ("cross-site", "same-site"):
            follows = headers.get("sec-fetch-mode") == "navigate" and headers.get("sec-fetch-dest") == "document"
            if method not in ("GET", "HEAD") or not follows:
                raise Problem("forbidden", "a page of another site asks: allow its origin with --allow-origin")

    def _allowed_origin(self, scope: Message, headers: dict[str, str]) -> str | None:
        origin = headers.get("origin", "").casefold()
        return origin if origin in self._settings.origins and scope["path"].startswith(_SHARED) else None

    @staticmethod
    def _own_origins(host: str) -> tuple[str, str]:
        return f"http://{host.casefold()}", f"https://{host.casefold()}"

    def _knows_token(self, headers: dict[str, str]) -> bool:
        assert self._settings.token  # noqa: S101 # asked before
        scheme, _, given = headers.get("authorization", "").partition(" ")
        if scheme.casefold() == "bearer" and _same(given.strip(), self._settings.token):
            return True
        return _same(cookie_of(headers.get("cookie", "")), self._cookie)


def cookie_of(header: str) -> str:
    """The token's cookie among those that a browser sends."""
    try:
        morsel = SimpleCookie(header).get(COOKIE)
    except CookieError:
        return ""
    return morsel.value if morsel else ""


def _same(given: str, expected: str) -> bool:
    return hmac.compare_digest(given.encode("utf-8", "surrogateescape"), expected.encode())


def _headers(scope: Message) -> dict[str, str]:
    return {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}


def _digits(words: str) -> str:
    return words if words.isascii() and words.isdigit() else "0"


class _Body:
    """A request's body: bounded, and not waited for longer than the client may take."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._read = 0
        self._whole = False

    async def receive(self) -> Message:
        """The next message; Problem for too many bytes, CutError for too slow ones."""
        if self._whole:  # from here on only that the client leaves is told, which may take any time
            return await self._receive()
        try:
            message = await asyncio.wait_for(self._receive(), SERVE_PATIENCE.value)
        except TimeoutError as error:
            raise CutError from error
        self._read += len(message.get("body", b""))
        self._whole = not message.get("more_body", False)
        if self._read > SERVE_BODY_BYTES.value:
            raise Problem("too-large", f"the body is above {SERVE_BODY_BYTES.value:,} bytes; {SERVE_BODY_BYTES.hint()}")
        return message


class _Answer:
    """An answer on its way: with the headers that all have, and not waited for longer than the client may take."""

    def __init__(self, send: Send, path: str, origin: str | None, origins: Iterable[str]) -> None:
        self._send, self.begun = send, False
        shared = path.startswith("/reconcile/preview") and tuple(origins)
        frames = f"'self' {' '.join(origins)}" if shared else "'none'"
        styles = " 'unsafe-inline'" if path == "/editor" else ""
        self._headers = {**_HEADERS, "content-security-policy": _POLICY.format(frames=frames, styles=styles)}
        if path.startswith("/assets/"):
            self._headers["cache-control"] = "max-age=3600"
        if origin is not None:
            self._headers |= {
                "access-control-allow-origin": origin,
                "access-control-allow-headers": "accept, authorization, content-type",
                "access-control-allow-methods": "GET, POST, OPTIONS",
                "cross-origin-resource-policy": "cross-origin",
                "vary": "Origin",
            }

    async def send(self, message: Message) -> None:
        """Pass on; CutError where the client takes nothing."""
        if message["type"] == "http.response.start":
            self.begun = True
            there = {name.lower() for name, _ in message.get("headers", ())}
            added = [
                (k.encode(), v.encode()) for k, v in self._headers.items() if k == "vary" or k.encode() not in there
            ]
            message = {**message, "headers": [*message.get("headers", ()), *added]}
        try:
            await asyncio.wait_for(self._send(message), SERVE_PATIENCE.value)
        except TimeoutError as error:
            raise CutError from error


async def _tell(send: Send, problem: Problem) -> None:
    body = problem.body()
    headers = [(b"content-type", MEDIA.encode()), (b"content-length", str(len(body)).encode())]
    if problem.kind == "token":
        headers.append((b"www-authenticate", b"Bearer"))
    await send({"type": "http.response.start", "status": problem.status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def _tell_options(send: Send) -> None:
    await send({"type": "http.response.start", "status": 204, "headers": [(b"allow", b"GET, HEAD, POST, OPTIONS")]})
    await send({"type": "http.response.body", "body": b""})


async def _redirect(send: Send, path: str) -> None:
    await send({"type": "http.response.start", "status": 303, "headers": [(b"location", path.encode())]})
    await send({"type": "http.response.body", "body": b""})
