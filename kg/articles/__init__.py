"""Files, folders and standard input become articles; what cannot be read is named and passed over.

Formats go by extension: ``.txt`` (header lines or a sidecar ``NAME.meta.json`` hold the metadata), ``.md``, ``.html``,
``.rss`` ``.atom`` ``.xml`` (feeds), ``.jsonl``; ``-`` is standard input, told apart by its first character.
One article is held at a time, whatever the number. The text is kept exactly as given; a title is not part of it.
"""

from __future__ import annotations

import hashlib
import io
import sys
from collections.abc import Callable, Container, Iterable, Iterator
from dataclasses import astuple, dataclass, replace
from pathlib import Path
from typing import IO, cast

from kg.articles.counting import count_articles
from kg.articles.encodings import mark_of
from kg.articles.files import FORMATS, KNOWN, files_of
from kg.articles.formats import BadLine, RawArticle, read_json_lines, read_plain
from kg.articles.language import declared_english, not_english
from kg.articles.limits import beyond_reading
from kg.articles.metadata import Metadata, from_mapping, read_sidecar
from kg.articles.runs import longest_run
from kg.articles.urls import page_id
from kg.core.bounded import open_patiently
from kg.core.budgets import FEED_BYTES, ID, PAGE_BYTES, RUN
from kg.core.errors import ArticleError
from kg.core.iris import is_address
from kg.core.model import Article

__all__ = ["KNOWN", "MAX_CHARS", "SkippedInput", "count_articles", "kind_of", "read_articles"]

MAX_CHARS = 1_000_000
"""The longest text taken by default, in characters: a long book, no news article."""

_RAW_FACTOR = 20
"""Bytes of a file for each character of text allowed: HTML is mostly markup."""

_HEAD = 1_024  # bytes of standard input by which its format is told


@dataclass(frozen=True, slots=True)
class SkippedInput:
    """An input that is not loaded: where it stands (as the user named it), why, and what to do."""

    where: str
    reason: str


def read_articles(
    paths: Iterable[str | Path],
    *,
    published: str | None = None,
    publisher: str | None = None,
    title: str | None = None,
    language: str | None = None,
    max_chars: int = MAX_CHARS,
    stdin: IO[bytes] | None = None,
    only: Container[str] | None = None,
) -> Iterator[Article | SkippedInput]:
    """Read the articles under ``paths`` lazily, in the order given, folders in the order of their file names.

    ``published`` (a date, any form that ``iso_date`` reads), ``publisher`` and ``title`` hold for articles that carry
    none; ``language`` (a code such as ``en``) holds for all, whatever they declare or look like.
    An article's id is the one given with it, else the page its URL leads to (``page_id``), else its path below the
    argument, without extension.
    In a folder, files of other kinds and hidden ones are passed over; named directly, they are skipped with a reason.
    ``only`` are the paths of files that are read, where not all are.
    Raises ArticleError at once when ``published`` is not a date.
    """
    defaults = from_mapping({"published": published, "publisher": publisher, "title": title})
    return _distinct(_read_all(paths, _Given(defaults, language, max_chars, stdin, only)))


@dataclass(frozen=True, slots=True)
class _Given:
    """What holds for every input of a run."""

    defaults: Metadata
    language: str | None
    max_chars: int
    stdin: IO[bytes] | None
    only: Container[str] | None = None


def _distinct(inputs: Iterable[tuple[str, Article | SkippedInput]]) -> Iterator[Article | SkippedInput]:
    """Let the first article of each id through; a second one would silently replace it."""
    seen: set[bytes] = set()  # digests: a million ids stay small
    for where, article in inputs:
        if isinstance(article, Article):
            digest = hashlib.blake2b(article.id.encode(), digest_size=16).digest()
            if digest in seen:
                page = is_address(article.id)
                what = "it is one page, read once" if page else "give it another id"
                yield SkippedInput(where, f"id {article.id!r} was already read in this run: {what}")
                continue
            seen.add(digest)
        yield article


def _read_all(paths: Iterable[str | Path], given: _Given) -> Iterator[tuple[str, Article | SkippedInput]]:
    for argument in paths:
        for path, own_id in files_of(str(argument)):
            if given.only is not None and path not in given.only:
                continue
            yield from _read_file(path, own_id, given)


def _read_file(path: str, own_id: str, given: _Given) -> Iterator[tuple[str, Article | SkippedInput]]:
    """Every article of one file; a failure anywhere is one skipped input, and the rest goes on."""
    where = "standard input" if path == "-" else path
    if not path.strip():  # kg load "$UNSET"
        yield "''", SkippedInput("''", "an empty path: give a file or folder")
        return
    try:
        beside = Metadata() if path == "-" else read_sidecar(Path(path))
        for draft in _drafts(path, given.max_chars, given.stdin):
            place = where if draft.line is None else f"{where}:{draft.line}"
            if isinstance(draft, BadLine):
                yield place, SkippedInput(place, draft.reason)
                continue
            metadata = draft.metadata.or_else(beside).or_else(given.defaults)
            metadata = replace(metadata, language=given.language or metadata.language)
            fallback = own_id if draft.line is None else f"{own_id}/{draft.line}"
            yield place, _complete(place, draft.text, metadata, fallback, given.max_chars)
    except ArticleError as error:
        yield where, SkippedInput(where, str(error))
    except OSError as error:
        yield where, SkippedInput(where, f"cannot be read ({error.strerror or error}): check path and permissions")
    except ImportError:  # a package of ours that is not installed
        raise
    except Exception as error:  # noqa: BLE001 - whatever a reader trips over is that input's fault and no other's
        what = " ".join(str(error).split())[:200]
        yield where, SkippedInput(where, f"cannot be read ({type(error).__name__}: {what}): give its text instead")


def _drafts(path: str, max_chars: int, stdin: IO[bytes] | None) -> Iterator[RawArticle | BadLine]:
    most = _RAW_FACTOR * max_chars
    if path == "-":
        stream = _peekable(stdin or sys.stdin.buffer)
        yield from _drafts_of(kind_of(stream.peek(_HEAD)), stream, most)
        return
    kind = FORMATS.get(Path(path).suffix.lower())
    if kind is None and Path(path).is_file():
        raise ArticleError(f"unknown kind of file: name it one of {' '.join(KNOWN)}, or give it on standard input")
    with open_patiently(path) as stream:
        yield from _drafts_of(kind or "text", stream, most)


def _drafts_of(kind: str, stream: io.BufferedReader, most: int) -> Iterator[RawArticle | BadLine]:
    if kind == "jsonl":
        yield from read_json_lines(stream, most)
        return
    budget = {"html": PAGE_BYTES, "feed": FEED_BYTES}.get(kind)
    most = min(most, budget.value) if budget else most
    raw = stream.read(most + 1)
    if len(raw) > most:
        more = budget.hint() if budget and most == budget.value else "raise --max-chars to read it"
        raise ArticleError(f"above {most:,} bytes: {more}")
    yield from _reader(kind)(raw)


def _reader(kind: str) -> Callable[[bytes], Iterator[RawArticle | BadLine]]:
    """The function that reads one whole file of this kind; its packages are imported only now."""
    match kind:
        case "markdown":
            from kg.articles.markdown import read_markdown

            return read_markdown
        case "html":
            from kg.articles.html import read_html

            return read_html
        case "feed":
            from kg.articles.feeds import read_feed

            return read_feed
        case _:
            return read_plain


def _peekable(stream: IO[bytes]) -> io.BufferedReader:
    return stream if isinstance(stream, io.BufferedReader) else io.BufferedReader(cast("io.RawIOBase", stream))


def kind_of(raw: bytes) -> str:
    """The format of bytes without a name, by their first characters: jsonl, feed, html or text."""
    mark, encoding = mark_of(raw) or (b"", "utf-8")
    head = raw[len(mark) : _HEAD].decode(encoding, "ignore").lstrip("\ufeff \t\r\n").lower()
    if head.startswith("{"):
        return "jsonl"
    if head.startswith("<"):
        return "feed" if any(mark in head for mark in ("<rss", "<feed", "<rdf:rdf", ":feed", ":rss")) else "html"
    return "text"


def _complete(place: str, text: str, metadata: Metadata, fallback_id: str, max_chars: int) -> Article | SkippedInput:
    """The article, once its text and id are fit to be stored."""
    article_id = metadata.id or page_id(metadata.url or "") or fallback_id
    reason = None
    if not text.strip():
        reason = "empty: there is no text in it"
    elif len(text) > max_chars:
        reason = f"{len(text):,} characters, above the limit of {max_chars:,}: raise --max-chars to read it"
    elif len(article_id) > ID.value or len(metadata.url or "") > ID.value:
        reason = f"an id or URL above {ID.value:,} characters: shorten it, or {ID.hint()}"
    elif run := longest_run(text, RUN.value):
        reason = f"a {run} of more than {RUN.value:,} characters, as no article has: take it out, or {RUN.hint()}"
    elif beyond := beyond_reading(text):
        reason = beyond
    elif "\0" in text:
        reason = "a NUL character in the text: remove it"
    elif article_id is fallback_id and not _is_unicode(fallback_id):
        reason = "the bytes of its name are no UTF-8: rename it, or give it an id in an Id: line"
    elif not all(map(_is_unicode, (text, article_id, *(word for word in astuple(metadata) if word)))):
        reason = "half a surrogate pair in its text or metadata: it is no valid Unicode, correct what wrote it"
    elif (english := declared_english(metadata.language)) is False:
        reason = f"not in English (its language is given as {metadata.language!r}): only English is read"
    elif english is None and (doubt := not_english(text)):
        reason = f"{doubt}: only English is read; if it is English, say so with --language en"
    if reason:
        return SkippedInput(place, reason)
    return Article(
        article_id, text, metadata.published, metadata.publisher, metadata.title, metadata.url, metadata.author
    )


def _is_unicode(words: str) -> bool:
    try:
        words.encode()
    except UnicodeEncodeError:
        return False
    return True
