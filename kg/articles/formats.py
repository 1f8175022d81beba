"""What one file becomes: drafts of articles, one function for each format that needs no other library.

A draft is the text with the metadata that came with it; ``kg.articles`` completes it to an article.
"""

from __future__ import annotations

import codecs
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from kg.articles.encodings import decode, mark_of
from kg.articles.metadata import Metadata, from_mapping, split_header
from kg.core.errors import ArticleError


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


def read_plain(raw: bytes) -> Iterator[RawArticle]:
    """One draft from plain text; header lines at the top, if any, are metadata and not part of the text."""
    metadata, text = split_header(decode(raw))
    yield RawArticle(text, metadata)


def read_json_lines(stream: io.BufferedReader, longest: int) -> Iterator[RawArticle | BadLine]:
    """A draft for each line ``{"text": …, "id": …, "published": …, …}``, read one line at a time.

    UTF-8, or UTF-16 and UTF-32 with a byte order mark. Lines above ``longest`` bytes are passed over unread. Blank
    lines do not count.
    """
    mark, encoding = mark_of(stream.peek(4)) or (b"", "utf-8")
    if encoding != "utf-8":
        stream.read(len(mark))
        recoded: Any = codecs.EncodedFile(stream, "utf-8", encoding, "replace")
        stream = recoded
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
        record = json.loads(line, object_pairs_hook=_once)
    except (ValueError, RecursionError) as error:
        raise ArticleError(f"not JSON ({error}): one object a line") from error
    if not isinstance(record, dict):
        raise ArticleError('not a JSON object: write {"id": …, "text": …, "published": …}')
    text = record.get("text")
    if not isinstance(text, str):
        raise ArticleError('no "text" in it: the article\'s text goes there as a string')
    return RawArticle(text, from_mapping(record), number)


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """The fields of a JSON object; ArticleError where the text stands twice in it, as nobody knows which is meant."""
    found = dict(pairs)
    if len(found) < len(pairs) and sum(name == "text" for name, _ in pairs) > 1:
        raise ArticleError('"text" stands in it twice: write each field once')
    return found
