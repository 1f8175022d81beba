"""RSS (0.9 to 2.0, RDF) and Atom feeds become articles, one for each entry.

The only file that names feedparser. It reads broken feeds too, fetches nothing here (it is given bytes), and drops
document type declarations with their entities before parsing, so that none is expanded. An entry that cannot be read
costs itself and no other; a date that cannot be read leaves its entry undated.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any

from kg.articles.dates import read_date
from kg.articles.encodings import decode_markup
from kg.articles.formats import BadLine, RawArticle
from kg.articles.furniture import author_names
from kg.articles.html import fragment_text, missing
from kg.articles.metadata import Metadata
from kg.articles.urls import absolute
from kg.core.budgets import FEED_ENTRIES
from kg.core.errors import ArticleError

_DECLARATION = re.compile(r"<\?xml[^>]{0,200}\?>")
_REFERENCE = re.compile(r"&#(?:x([0-9a-f]{1,8})|([0-9]{1,10}));", re.IGNORECASE)
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_PREFIX = re.compile(r"xmlns:([\w.-]{1,100})")
_LONG_TAG = re.compile(r"<[^<>]{100000}")
_MOST_PREFIXES = 500  # feeds use a dozen; the parser's time grows with their square
_CDATA = re.compile(r"<!\[CDATA\[|\]\]>")
_MARKUP = re.compile(
    r"</?(?:p|div|br|a|b|i|em|strong|span|img|ul|ol|li|h[1-6]|blockquote|figure|table)\b[^<>]{0,2000}>|&#?\w{2,8};",
    re.IGNORECASE,
)
_MAIL = re.compile(r"\S{1,100}@\S{1,100}(?:\s*\(([^()]{1,200})\))?")
_ESCAPED = 6  # times that a text may have been escaped on its way


def read_feed(raw: bytes) -> Iterator[RawArticle | BadLine]:
    """A draft for each entry, numbered from 1: its fullest text, its link as URL, the feed's title as publisher.

    Raises ArticleError where it is no feed, or the extra is not installed.
    """
    try:
        import feedparser
    except ImportError as error:
        raise missing(error) from error
    text = _fit_to_parse(decode_markup(raw))
    try:  # whatever a hostile feed makes the parser trip over, it is that feed's fault
        feed = feedparser.parse(
            io.BytesIO(text.encode("utf-8", "replace")), sanitize_html=False, resolve_relative_uris=False
        )
    except Exception as error:
        raise ArticleError(f"a feed that cannot be read ({type(error).__name__}): fetch it again") from error
    if not feed.get("version") and not feed.entries:
        why = f" ({feed.bozo_exception})" if feed.get("bozo") else ""
        raise ArticleError(f"neither RSS nor Atom{why}: give the feed itself, or the article as HTML")
    if not feed.entries and feed.get("bozo"):
        raise ArticleError(f"a feed that breaks off before its first entry ({feed.bozo_exception}): fetch it again")
    for number, entry in enumerate(feed.entries, start=1):
        if number > FEED_ENTRIES.value:
            yield BadLine(f"this entry and those after it: {FEED_ENTRIES.hint()}", number)
            return
        try:
            yield RawArticle(_text(entry), _metadata(entry, feed.feed), number)
        except ArticleError as error:
            yield BadLine(str(error), number)
        except Exception as error:  # noqa: BLE001 - as above: one entry's fault is not the others'
            yield BadLine(f"an entry that cannot be read ({type(error).__name__}): fetch the page it links to", number)


def _fit_to_parse(text: str) -> str:
    """The feed's text as a parser can take it: in UTF-8 whatever it said, without characters that are none in XML.

    Raises ArticleError for what no feed has and a parser takes minutes or gigabytes for.
    """
    text = text.lstrip()
    if declaration := _DECLARATION.match(text):
        text = text[declaration.end() :]
    if _LONG_TAG.search(text):
        raise ArticleError("a tag of more than 100,000 characters, as no feed has: correct what wrote it")
    if len(set(_PREFIX.findall(text))) > _MOST_PREFIXES:
        raise ArticleError(f"more than {_MOST_PREFIXES} namespaces, as no feed has: correct what wrote it")
    return _REFERENCE.sub(_character, _NOT_XML.sub("", text))


def _character(reference: re.Match[str]) -> str:
    """A numeric character reference, as it stands where it is one: half a surrogate pair is no character."""
    code = int(reference[1], 16) if reference[1] else int(reference[2])
    fine = 0x20 <= code < 0xD800 or 0xE000 <= code < 0xFFFE or 0x10000 <= code < 0x110000 or code in (9, 10, 13)
    return reference[0] if fine else "\ufffd"


def plain(words: str) -> str:
    """The text of a feed's element, however often it was escaped on the way and wrapped in CDATA."""
    for _ in range(_ESCAPED):
        before, words = words, fragment_text(_CDATA.sub("", words))
        if words == before or not (_MARKUP.search(words) or "CDATA[" in words):
            break
    return words


def _text(entry: Any) -> str:  # noqa: ANN401 - feedparser's own dictionaries, untyped
    candidates = [content.get("value") or "" for content in entry.get("content", ())] + [entry.get("summary") or ""]
    return max((plain(words) for words in candidates), key=len)


def _metadata(entry: Any, feed: Any) -> Metadata:  # noqa: ANN401 - feedparser's own dictionaries, untyped
    date = entry.get("published") or dict.get(entry, "updated")  # feedparser's own `get` may give one for the other
    links = (entry.get("feedburner_origlink"), entry.get("link"))
    url = next((url for link in links if (url := absolute(link, feed.get("link"), feed.get("id")))), None)
    details = [*entry.get("content", ()), entry.get("summary_detail") or {}]
    return Metadata(
        id=None if url else (entry.get("id") or entry.get("link") or None),
        published=read_date(date) if date else None,
        publisher=_line(entry.get("source", {}).get("title") or feed.get("title")),
        title=_line(entry.get("title")),
        url=url,
        author=_authors(entry),
        language=next((d["language"] for d in details if d.get("language")), None) or feed.get("language") or None,
    )


def _authors(entry: Any) -> str | None:  # noqa: ANN401 - feedparser's own dictionaries, untyped
    whole = entry.get("author") or ""
    if mail := _MAIL.search(whole):  # RSS asks for "jane@paper.example (Jane Rowe)"
        return author_names(_line(mail[1] or whole[: mail.start()]) or "")
    names = [one.get("name") or "" for one in entry.get("authors", ())] or [whole]
    return author_names(", ".join(_line(name) or "" for name in names))


def _line(words: str | None) -> str | None:
    return " ".join(plain(words or "").split()) or None
