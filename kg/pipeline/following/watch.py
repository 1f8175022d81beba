"""The rounds of a watch: each source looked at when it is due, what is new taken, what is stored marked as taken.

A file is new when it was not there or has changed, and is taken when two looks find it alike (somebody may still be
writing it). An entry of a feed is taken once, by its page's address or its id.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit

from kg.articles import MAX_CHARS, SkippedInput, kind_of, read_articles
from kg.articles.files import files_of
from kg.core.budgets import FEED_BYTES, PAGE_BYTES
from kg.core.iris import is_address
from kg.core.model import Article
from kg.pipeline.following.fetching import LONGEST_PAUSE, Fetcher
from kg.pipeline.following.memory import Feed, Memory

Input = Article | SkippedInput
Take = Callable[[Iterable[Input]], None]
"""Stores what is given to it; raises nothing for a single article."""

_FEEDS = ("feed", "jsonl")
_WHOLE = "standard input"  # where a skipped input stands that is the whole answer
_SETTLED = 5.0  # seconds after which a file that is seen for the first time counts as written


@dataclass(frozen=True, slots=True)
class Watching:
    """What holds for a watch: its folders and addresses of feeds, the pause between two looks, the articles' rest."""

    sources: tuple[str, ...]
    every: float = 900
    pages: bool = False  # fetch the page of each entry
    published: str | None = None
    publisher: str | None = None
    title: str | None = None
    language: str | None = None
    max_chars: int = MAX_CHARS


@dataclass(frozen=True, slots=True)
class Looked:
    """One look at one source: how many inputs were new, or what went wrong.

    ``waiting`` files may still be being written; from ``until`` on (seconds since 1970) a look takes them.
    """

    source: str
    new: int
    problem: str = ""
    waiting: int = 0
    until: float = 0


class Watch:
    """Looks at sources and gives what is new to ``take``."""

    def __init__(self, watching: Watching, memory: Memory, take: Take, now: Callable[[], float]) -> None:
        self._watching, self._memory, self._take, self._now = watching, memory, take, now
        self._fetcher = Fetcher(now)
        self._last: dict[str, str] = {}  # files as the last look found them

    def round(self) -> Iterator[Looked]:
        """Look once at every source that is due."""
        for source in self._watching.sources:
            if is_address(source):
                if not self._rest(source):
                    yield self._feed(source)
            else:
                yield self._folder(source)

    def pause(self) -> float:
        """Seconds until a source is due again."""
        pauses = [self._rest(source) for source in self._watching.sources if is_address(source)]
        if len(pauses) < len(self._watching.sources):
            pauses.append(self._watching.every)
        return min(pauses)

    def _rest(self, source: str) -> float:
        """Seconds until a feed is due; none where its time lies so far ahead that the clock must have gone back."""
        rest = self._memory.feed(source).due - self._now()
        return max(0.0, rest) if rest <= max(self._watching.every, LONGEST_PAUSE) else 0.0

    # ----------------------------------------------------------------------------------------------------- folders

    def _folder(self, source: str) -> Looked:
        folder = Path(source)
        if not folder.exists():
            return Looked(source, 0, "no such file or folder: it may come")
        new = {path: state for path, state in self._states(source) if self._memory.state(source, path) != state}
        ready = {path: state for path, state in new.items() if self._is_written(path, state)}
        self._last = {**self._last, **new}
        if ready:
            self._take(self._read([source], only=ready.keys()))
            self._memory.mark(source, ready.items())
        waits = [_changed(state) + _SETTLED for path, state in new.items() if path not in ready]
        return Looked(source, len(ready), "", len(waits), max(waits, default=0))

    def _states(self, source: str) -> Iterator[tuple[str, str]]:
        for path, _ in files_of(source):
            try:
                found = Path(path).stat()
            except OSError:  # gone since it was listed
                continue
            yield path, f"{found.st_mtime_ns} {found.st_size}"

    def _is_written(self, path: str, state: str) -> bool:
        return self._now() - _changed(state) > _SETTLED or self._last.get(path) == state

    # ------------------------------------------------------------------------------------------------------- feeds

    def _feed(self, source: str) -> Looked:
        before = self._memory.feed(source)
        fetched = self._fetcher.fetch(source, before, every=self._watching.every, budget=FEED_BYTES)
        if fetched.content is None:
            self._memory.set_feed(source, fetched.feed)
            return Looked(source, 0, fetched.problem)
        if kind_of(fetched.content) not in _FEEDS:
            self._memory.set_feed(source, replace(fetched.feed, etag="", modified=""))
            return Looked(source, 0, "no feed is there, but a page or a text")
        inputs = list(self._read(["-"], fetched.content))
        if inputs and isinstance(inputs[0], SkippedInput) and inputs[0].where == _WHOLE:  # no feed, or none any more
            self._memory.set_feed(source, replace(fetched.feed, etag="", modified=""))
            return Looked(source, 0, inputs[0].reason)
        inputs = [self._named(item, source) for item in inputs]
        new = {_key(item): item for item in inputs if not self._is_taken(source, item)}
        whole = [self._page(item) for item in new.values()] if self._watching.pages else list(new.values())
        if whole:
            self._take(whole)
            self._memory.mark(source, ((key, "") for key in new))
        self._memory.set_feed(source, fetched.feed)
        return Looked(source, len(new))

    def _is_taken(self, source: str, item: Input) -> bool:
        """Whether an entry was taken from this feed; one with an address from any, since several feeds may have it."""
        anywhere = isinstance(item, Article) and is_address(item.id)
        return self._memory.has(_key(item)) if anywhere else self._memory.state(source, _key(item)) is not None

    def _named(self, item: Input, source: str) -> Input:
        """The input under the feed's name; an entry without address and id is known by its words."""
        if isinstance(item, SkippedInput):
            return SkippedInput(item.where.replace(_WHOLE, source), item.reason)
        if item.id.startswith("stdin/") and item.url is None:
            digest = hashlib.blake2b(item.text.encode(), digest_size=8).hexdigest()
            return replace(item, id=f"{_public(source)}#{digest}")
        return item

    def _page(self, item: Input) -> Input:
        """The entry with the text of its page, where that can be had and is longer; else as the feed has it."""
        if isinstance(item, SkippedInput) or item.url is None:
            return item
        fetched = self._fetcher.fetch(item.url, Feed(), every=self._watching.every, budget=PAGE_BYTES)
        found = self._read(["-"], fetched.content or b"", whole=False)
        page = next((one for one in found if isinstance(one, Article)), None) if fetched.content else None
        return replace(item, text=page.text) if page is not None and len(page.text) > len(item.text) else item

    def _read(
        self, paths: list[str], content: bytes = b"", *, only: Iterable[str] | None = None, whole: bool = True
    ) -> Iterator[Input]:
        given = self._watching
        return read_articles(
            paths,
            published=given.published if whole else None,
            publisher=given.publisher if whole else None,
            title=given.title if whole else None,
            language=given.language,
            max_chars=given.max_chars,
            stdin=io.BytesIO(content),
            only=None if only is None else set(only),
        )


def _changed(state: str) -> float:
    """When a file in this state was last written, in seconds since 1970."""
    return int(state.partition(" ")[0]) / 1e9


def _public(source: str) -> str:
    """A feed's address without the user and password in it."""
    parts = urlsplit(source)
    return parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()


def _key(item: Input) -> str:
    """What an entry is known by: its id; one that was skipped by why, so that it is told once."""
    return item.id if isinstance(item, Article) else f"skipped {item.where.rpartition(':')[2]} {item.reason}"
