"""Asking web servers politely: what changed since the last time, only what robots.txt allows, later where told so.

Conditional requests (RFC 9110 §13: ETag, Last-Modified), the Robots Exclusion Protocol (RFC 9309), ``Retry-After``. One
try an asking: who fails is asked again later, by a pause that doubles.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from email.utils import parsedate_to_datetime
from urllib.parse import urljoin, urlsplit, urlunsplit

from kg.core.budgets import Budget
from kg.core.http import Client, HttpError, Limits, MovedError, StatusError, UnreachableError
from kg.pipeline.following.memory import Feed
from kg.pipeline.following.robots import NOTHING, Rules, read_rules

AGENT = "kg"  # the name that a robots.txt may speak to
LONGEST_PAUSE = 24 * 3600  # seconds
_ROBOTS_LAST, _ROBOTS_AGAIN = 24 * 3600, 600  # seconds that a robots.txt holds (RFC 9309 §2.4); one not to be had
_ROBOTS_BYTES = 512 * 1024
_MOVES = 5
_SILENCE, _LONGEST = 30, 300  # seconds: without a byte, and for all of an answer
_NOT_MODIFIED, _GONE = 304, 410


@dataclass(frozen=True, slots=True)
class Fetched:
    """What came of asking: the content (None: nothing new), how the feed stands now, and what went wrong."""

    content: bytes | None
    feed: Feed
    problem: str = ""
    address: str = ""  # where it was found in the end


class Fetcher:
    """Asks servers; ``now`` gives the time in seconds since 1970."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._client = Client("a server of news", tries=1)
        self._now = now
        self._robots: dict[str, tuple[float, Rules]] = {}
        self._unheard: dict[str, HttpError] = {}  # servers whose rules could not be had, and why

    def fetch(self, url: str, feed: Feed, *, every: float, budget: Budget) -> Fetched:
        """Ask for a feed or page; ``every`` is the pause in seconds after which it may be asked again."""
        now = self._now()
        if not self._allowed(url):
            if unheard := self._unheard.get(urlsplit(url).netloc):
                later = self._later(feed, unheard, every)
                said = isinstance(unheard, StatusError)  # it answers, but does not say what it allows
                return replace(later, problem=f"its robots.txt cannot be had: {later.problem}") if said else later
            problem = "its robots.txt does not allow it: ask who publishes it"
            return Fetched(None, replace(feed, due=now + LONGEST_PAUSE), problem)
        headers = {"If-None-Match": feed.etag, "If-Modified-Since": feed.modified}
        headers = {name: value for name, value in headers.items() if value and value.isascii()}
        try:
            address, content, answered = self._get(url, headers, budget)
        except StatusError as error:
            if error.status == _NOT_MODIFIED:
                return Fetched(None, replace(feed, failures=0, due=now + max(every, self._delay(url))))
            return self._later(feed, error, every)
        except HttpError as error:
            return self._later(feed, error, every)
        found = Feed(answered.get("etag", ""), answered.get("last-modified", ""), 0, now + max(every, self._delay(url)))
        return Fetched(content, found, address=address)

    def _get(self, url: str, headers: dict[str, str], budget: Budget) -> tuple[str, bytes, dict[str, str]]:
        """The address in the end, the content and the headers; moves are followed as far as robots allow."""
        for _ in range(_MOVES):
            try:
                limits = Limits(_SILENCE, _LONGEST, budget.value)
                answer = self._client.send(url, None, headers, limits, repeatable=True)
            except MovedError as moved:
                url = urljoin(url, str(moved))
                if urlsplit(url).scheme not in ("http", "https") or not self._allowed(url):
                    raise
                continue
            with answer.body as body:
                return url, body.read(), dict(answer.headers)
        raise _moving(url)

    def _later(self, feed: Feed, error: HttpError, every: float) -> Fetched:
        """A failure: asked again after a pause that doubles, or as long as the server says, at most a day."""
        failures = feed.failures + 1
        pause = min(every * 2 ** min(failures, 20), LONGEST_PAUSE)
        if isinstance(error, StatusError):
            pause = max(pause, min(_seconds(error.retry_after, self._now()), LONGEST_PAUSE))
            if error.status == _GONE:
                pause = LONGEST_PAUSE
        words = {MovedError: "it has moved to ", UnreachableError: "its server cannot be reached: "}.get(
            type(error), ""
        )
        problem = f"{words}{error}; asked again in {pause:.0f} s at the earliest"
        return Fetched(None, replace(feed, failures=failures, due=self._now() + pause), problem)

    def _allowed(self, url: str) -> bool:
        return self._rules(url).allow(url)

    def _delay(self, url: str) -> float:
        return min(self._rules(url).delay, LONGEST_PAUSE)

    def _rules(self, url: str) -> Rules:
        """The rules of a server: none where it has none, nothing allowed where they cannot be had (RFC 9309 §2.3.1)."""
        parts = urlsplit(url)
        site = urlunsplit((parts.scheme, parts.netloc, "", "", ""))
        known = self._robots.get(site)
        if known is not None and known[0] > self._now():
            return known[1]
        self._unheard.pop(parts.netloc, None)
        rules, lasts = NOTHING, _ROBOTS_AGAIN
        try:
            rules, lasts = read_rules(self._read_robots(f"{site}/robots.txt"), AGENT), _ROBOTS_LAST
        except HttpError as error:
            if isinstance(error, StatusError) and 400 <= error.status < 500 and error.status != 429:
                rules, lasts = Rules(), _ROBOTS_LAST
            else:
                self._unheard[parts.netloc] = error
        self._robots[site] = (self._now() + lasts, rules)
        return rules

    def _read_robots(self, url: str) -> str:
        """The text of a robots.txt, wherever it has moved to (RFC 9309 §2.3.1.2)."""
        for _ in range(_MOVES):
            try:
                answer = self._client.send(url, None, {}, Limits(_SILENCE, _LONGEST, _ROBOTS_BYTES), repeatable=True)
            except MovedError as moved:
                url = urljoin(url, str(moved))
                if urlsplit(url).scheme not in ("http", "https"):
                    raise
                continue
            with answer.body as body:
                return body.read().decode("utf-8", "replace")
        raise _moving(url)


def _moving(url: str) -> MovedError:
    return MovedError(f"{url}, after {_MOVES} moves, and on from there")


def _seconds(retry_after: str, now: float) -> float:
    """``Retry-After`` in seconds, whichever way it was said; 0 where it was not, or makes no sense."""
    words = retry_after.strip()[:40]
    if words.isascii() and words.isdigit():
        return float(words)
    try:
        return max(0.0, parsedate_to_datetime(words).timestamp() - now)
    except (ValueError, TypeError):
        return 0.0
