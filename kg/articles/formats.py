"""What one file becomes: drafts of articles, one function for each format that needs no other library.

A draft is the text with the metadata that came with it; ``kg.articles`` completes it to an article.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO

from kg.articles.metadata import Metadata, from_mapping, split_header
from kg.core.errors import ArticleError

_UTF8_BOM = b"\xef\xbb\xbf"
_UTF16_BOMS = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True, slots=True)
class RawArticle:
    """A text as found, with its own metadata; ``line`` is its line in a file of many."""

    text: str
    metadata: Metadata
    line: int | None = None


@dataclass(frozen=True, slots=True)
class BadLine:
    """One record of a file of many that cannot be read; the others go on."""

    reason: str
    line: int | None = None


def decode(raw: bytes) -> str:
    """UTF-8 as text, a byte order mark dropped, line ends as they are; ArticleError for anything else."""
    if raw.startswith(_UTF16_BOMS):
        raise ArticleError("UTF-16, not UTF-8: convert it, e.g. with `iconv -f utf-16 -t utf-8`")
    if b"\0" in raw:
        raise ArticleError("binary, not text: give the article as text, Markdown, HTML, a feed or JSON lines")
    try:
        return raw.removeprefix(_UTF8_BOM).decode("utf-8")
    except UnicodeDecodeError as error:
        raise ArticleError(
            f"not UTF-8 (byte 0x{raw[error.start]:02x} at {error.start}): convert it, "
            "e.g. with `iconv -f windows-1252 -t utf-8`"
        ) from error


def read_plain(raw: bytes) -> Iterator[RawArticle]:
    """One draft from plain text; header lines at the top, if any, are metadata and not part of the text."""
    metadata, text = split_header(decode(raw))
    yield RawArticle(text, metadata)


def read_json_lines(stream: IO[bytes], longest: int) -> Iterator[RawArticle | BadLine]:
    """A draft for each line ``{"text": …, "id": …, "published": …, …}``, read one line at a time.

    Lines above ``longest`` bytes are passed over unread. Blank lines do not count.
    """
    number = 0
    while line := stream.readline(longest + 1):
        number += 1
        if len(line) > longest and not line.endswith(b"\n"):
            while (rest := stream.readline(longest)) and not rest.endswith(b"\n"):
                pass
            yield BadLine(f"line above {longest:,} bytes: raise --max-chars to read it", number)
        elif line.strip():
            try:
                yield _from_record(decode(line), number)
            except ArticleError as error:
                yield BadLine(str(error), number)


def _from_record(line: str, number: int) -> RawArticle:
    try:
        record = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise ArticleError(f"not JSON ({error}): one object a line") from error
    if not isinstance(record, dict):
        raise ArticleError('not a JSON object: write {"id": …, "text": …, "published": …}')
    text = record.get("text")
    if not isinstance(text, str):
        raise ArticleError('no "text" in it: the article\'s text goes there as a string')
    return RawArticle(text, from_mapping(record), number)
