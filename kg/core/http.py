"""The one HTTP client: a request to a stranger in; its whole answer, or what went wrong as a value of its own, out.

One policy for all that speaks HTTP (the store behind an endpoint, SERVICE and LOAD): no redirects, for an update must
not become a GET elsewhere nor a password travel; patience with who is busy (RFC 6585 section 4, RFC 9110 section
10.2.3); a second try only where doing a thing twice is as good as once, or where nothing was sent; bounds on size and
time; no answer is asked for compressed, so that its bytes are what is counted. Who calls says in words of its own what
a failure means.
"""

from __future__ import annotations

import logging
import tempfile
import time
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, BinaryIO, cast

import httpx

from kg.core.budgets import PAUSE
from kg.core.version import VERSION

if TYPE_CHECKING:
    import ssl
    from collections.abc import Generator, Iterable, Mapping

TRIES = 5
FIRST_PAUSE = 0.25  # seconds before the second try, doubled for each further one
USER_AGENT = f"kg/{VERSION} (news articles to linked data, a person's command line; Python httpx)"
_BUSY = (429, 502, 503, 504)
_NOT_BEGUN = (429, 503)  # the server says that it has not taken the request up
_MOVED = (301, 302, 303, 307, 308)
_WORTH_A_WORD = 2.0  # seconds of a pause that a person should know of
_SPOOL = 16 * 2**20  # bytes of an answer that stay in memory
_QUOTED = 2_000  # bytes of a failure's body that are kept
_log = logging.getLogger("kg")


class HttpError(Exception):
    """No answer came, or not one that can be used."""


class SilentError(HttpError):
    """Nothing came within the time limit."""


class UnreachableError(HttpError):
    """The server cannot be reached, or broke off; says why."""


class MovedError(HttpError):
    """The server says that what is asked for is elsewhere; says where."""


class OversizedError(HttpError):
    """The answer is larger than was allowed."""


class StatusError(HttpError):
    """The server answered with a status that is no success."""

    def __init__(self, status: int, reason: str, said: str, retry_after: str) -> None:
        super().__init__(f"HTTP {status} {reason}")
        self.status, self.reason, self.said, self.retry_after = status, reason, said, retry_after


@dataclass(frozen=True, slots=True)
class Limits:
    """How long and how large an answer may be."""

    silence: float  # seconds without a byte after which a server counts as silent
    whole: float  # seconds that the whole answer may take
    largest: int  # bytes that it may have


@dataclass(frozen=True, slots=True)
class Answer:
    """A success: the media type without parameters, the headers (names in lower case), the body from its start."""

    media: str
    headers: Mapping[str, str]
    body: BinaryIO


class _BasicOrDigest(httpx.Auth):
    """Basic at once, Digest where the server asks for it (RFC 7616)."""

    def __init__(self, user: str, password: str) -> None:
        self._basic = httpx.BasicAuth(user, password)
        self._digest = httpx.DigestAuth(user, password)

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        response = yield next(self._basic.auth_flow(request))
        if response.status_code == 401 and "digest" in response.headers.get("www-authenticate", "").lower():
            flow = self._digest.auth_flow(request)
            next(flow)  # what it would send before it was challenged
            try:
                yield flow.send(response)
            except StopIteration:  # no challenge that it can answer
                return


@dataclass(frozen=True)
class Client:
    """Requests with one identity; ``named`` is what the log calls the server when it has to be waited for."""

    named: str = "an endpoint"
    token: str = field(default="", repr=False)
    user: str = ""
    password: str = field(default="", repr=False)
    tries: int = TRIES

    def send(
        self, url: str, body: bytes | None, headers: Mapping[str, str], limits: Limits, *, repeatable: bool
    ) -> Answer:
        """POST a body, or GET where there is none, and take the whole answer.

        Args:
            url: an http or https address without user and password.
            body: the bytes to post.
            headers: those of the request; User-Agent and credentials are added.
            limits: how long and how large the answer may be.
            repeatable: whether sending it twice is as good as once.

        Raises:
            HttpError: one of its kinds; the last one seen where all tries failed.

        """
        for turn in range(self.tries):
            pause = FIRST_PAUSE * 2**turn
            last = turn == self.tries - 1
            why = "asks to be asked later"
            try:
                return self._once(url, body, headers, limits)
            except StatusError as error:
                if last or error.status not in _BUSY or not (repeatable or error.status in _NOT_BEGUN):
                    raise
                asked = error.retry_after[:9]
                pause = float(asked) if asked.isascii() and asked.isdigit() else pause
                if pause > PAUSE.value:
                    raise
            except UnreachableError as error:
                unsent = isinstance(error.__cause__, httpx.ConnectError)
                if last or not (repeatable or unsent):
                    raise
                why = f"cannot be reached ({error})"
            if pause >= _WORTH_A_WORD:
                _log.warning("kg: %s %s: waiting %.0f s", self.named, why, pause)
            time.sleep(pause)
        raise AssertionError  # the last turn returned or raised

    def _once(self, url: str, body: bytes | None, headers: Mapping[str, str], limits: Limits) -> Answer:
        own = {"User-Agent": USER_AGENT, "Accept-Encoding": "identity", "Connection": "close"}
        if self.token:
            own["Authorization"] = f"Bearer {self.token}"
        auth = _BasicOrDigest(self.user, self.password) if self.user and not self.token else None
        method = "GET" if body is None else "POST"
        try:
            with (
                httpx.Client(timeout=limits.silence, auth=auth, verify=_trusted()) as client,
                client.stream(method, url, content=body, headers={**own, **headers}) as response,
            ):
                return _answer(response, limits)
        except httpx.TimeoutException as error:
            raise SilentError(f"no answer within {limits.silence:g} s") from error
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, OSError, ValueError) as error:
            raise UnreachableError(" ".join(str(error).split())[:200] or type(error).__name__) from error


@cache
def _trusted() -> ssl.SSLContext:
    """Whom https trusts, read once: the list of authorities costs six times what a request does."""
    return httpx.create_ssl_context()


def _answer(response: httpx.Response, limits: Limits) -> Answer:
    if response.status_code in _MOVED:
        raise MovedError(response.headers.get("location", "nowhere"))
    until = time.monotonic() + limits.whole
    if not response.is_success:
        said = _begin(response.iter_bytes(), until)
        raise StatusError(response.status_code, response.reason_phrase, said, response.headers.get("retry-after", ""))
    media = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    file = cast("BinaryIO", tempfile.SpooledTemporaryFile(max_size=_SPOOL))  # noqa: SIM115 - the caller's
    size = 0
    for chunk in response.iter_bytes():
        size += file.write(chunk)
        if size > limits.largest:
            raise OversizedError(f"above {limits.largest:,} bytes")
        if time.monotonic() > until:
            raise SilentError(f"no whole answer within {limits.whole:g} s")
    file.seek(0)
    return Answer(media, {name.lower(): value for name, value in response.headers.items()}, file)


def _begin(chunks: Iterable[bytes], until: float) -> str:
    """The first words of a failure, on one line."""
    begun = b""
    for chunk in chunks:
        begun += chunk
        if len(begun) >= _QUOTED or time.monotonic() > until:
            break
    return " ".join(begun[:_QUOTED].decode("utf-8", "replace").split())
