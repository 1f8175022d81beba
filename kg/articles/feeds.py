"""RSS and Atom feeds become articles, one for each entry.

The only file that names feedparser. It reads broken feeds too, fetches nothing here (it is given bytes), and drops
document type declarations with their entities before parsing, so that none is expanded.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

from kg.articles.formats import BadLine, RawArticle
from kg.articles.html import fragment_text
from kg.articles.metadata import Metadata, iso_date
from kg.core.errors import ArticleError


def read_feed(raw: bytes) -> Iterator[RawArticle | BadLine]:
    """A draft for each entry, numbered from 1: its fullest text, its link as URL, the feed's title as publisher.

    Raises ArticleError where it is no feed, or the extra is not installed.
    """
    try:
        import feedparser
    except ImportError as error:
        raise ArticleError(f"feeds need more packages ({error}): run `pip install 'newskg[web]'`") from error
    feed = feedparser.parse(io.BytesIO(raw))
    if not feed.get("version"):
        why = f" ({feed.bozo_exception})" if feed.get("bozo") else ""
        raise ArticleError(f"neither RSS nor Atom{why}: give the feed itself, or the article as HTML")
    if not feed.entries and feed.get("bozo"):
        raise ArticleError(f"a feed that breaks off before its first entry ({feed.bozo_exception}): fetch it again")
    for number, entry in enumerate(feed.entries, start=1):
        try:
            yield RawArticle(_text(entry), _metadata(entry, feed.feed), number)
        except ArticleError as error:
            yield BadLine(str(error), number)


def _text(entry: Any) -> str:  # noqa: ANN401 - feedparser's own dictionaries, untyped
    candidates = [content.get("value", "") for content in entry.get("content", ())] + [entry.get("summary", "")]
    return max((fragment_text(words) for words in candidates), key=len)


def _metadata(entry: Any, feed: Any) -> Metadata:  # noqa: ANN401 - feedparser's own dictionaries, untyped
    date = entry.get("published") or entry.get("updated")
    return Metadata(
        published=iso_date(date) if date else None,
        publisher=entry.get("source", {}).get("title") or feed.get("title"),
        title=fragment_text(entry.get("title", "")) or None,
        url=entry.get("link") or entry.get("id"),
    )
