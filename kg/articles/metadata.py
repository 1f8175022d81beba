"""What is known about an article beside its text: where it may stand, and how its date is read.

Metadata comes, in falling order of weight, from the article itself (header lines, front matter, HTML or feed metadata,
JSON fields), from a sidecar file (``NAME.meta.json`` beside ``NAME.txt``), and from the defaults of the command line.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from email.utils import parsedate_to_datetime
from pathlib import Path

from kg.core.errors import ArticleError

SIDECAR_SUFFIX = ".meta.json"

_NAMES = {"date": "published", "source": "publisher", "headline": "title", "link": "url", "lang": "language"}
"""Other spellings of the field names, as header lines and front matter use them."""

_HEADER_LINE = re.compile(r"([A-Za-z]+)[ \t]*:[ \t]*(.*?)[ \t]*\r?\n")
_BLANK_LINE = re.compile(r"[ \t]*(\r?\n|\Z)")
_DATE_FORMATS = ("%Y-%m-%d", "%Y/%m/%d", "%Y%m%d", "%d %B %Y", "%B %d, %Y", "%d %b %Y", "%b %d, %Y")


@dataclass(frozen=True, slots=True)
class Metadata:
    """What an article says of itself; every field may be missing. ``published`` is an ISO date."""

    id: str | None = None
    published: str | None = None
    publisher: str | None = None
    title: str | None = None
    url: str | None = None
    language: str | None = None  # stated by whoever made the file: it overrules our own test for English

    def or_else(self, other: Metadata) -> Metadata:
        """These fields, and ``other``'s where one is missing here."""
        return Metadata(**{f.name: getattr(self, f.name) or getattr(other, f.name) for f in fields(self)})


_FIELDS = frozenset(f.name for f in fields(Metadata))


def from_mapping(values: Mapping[str, object]) -> Metadata:
    """Metadata from the fields of a JSON object; fields with other names are ignored.

    Raises ArticleError for a value that is no string or number, and for a date that is none.
    """
    found: dict[str, str] = {}
    for key, value in values.items():
        name = _NAMES.get(key.lower(), key.lower())
        if name not in _FIELDS or value is None or value == "":
            continue
        if isinstance(value, bool) or not isinstance(value, str | int):
            raise ArticleError(f"field {key!r} is {type(value).__name__}, not a string: write it as a string")
        found[name] = str(value).strip()
    if "published" in found:
        found["published"] = iso_date(found["published"])
    return Metadata(**found)


def iso_date(words: str) -> str:
    """The day that a date or a date with time names, as YYYY-MM-DD, in the time zone it is written in.

    Reads ISO 8601, RFC 2822 (mail and RSS) and English dates ("20 January 2013"); raises ArticleError for others.
    """
    words = words.strip()
    for date_format in _DATE_FORMATS:
        try:
            return datetime.strptime(words, date_format).date().isoformat()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
    for parse in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            return parse(words).date().isoformat()
        except (ValueError, TypeError, IndexError, OverflowError):
            continue
    raise ArticleError(f"publication date {words[:40]!r} is not a date: write it as YYYY-MM-DD")


def split_header(text: str) -> tuple[Metadata, str]:
    """Metadata from the header lines at the top, and the text after them and the blank line that ends them.

    A header is one or more lines ``Title: …``, ``Date: …``, ``Publisher: …``, ``URL: …``, ``Id: …``, ``Language: …``
    in any order, then a blank line. Anything else at the top is text.
    """
    values: dict[str, object] = {}
    position = 0
    while line := _HEADER_LINE.match(text, position):
        name = line[1].lower()
        if _NAMES.get(name, name) not in _FIELDS:
            return Metadata(), text
        values[name] = line[2]
        position = line.end()
    blank = _BLANK_LINE.match(text, position)
    if not values or blank is None:
        return Metadata(), text
    return from_mapping(values), text[blank.end() :]


def read_sidecar(path: Path) -> Metadata:
    """Metadata from ``NAME.meta.json`` beside ``NAME.txt`` (or ``.md``, ``.html``); empty where there is none.

    Raises ArticleError for a sidecar that is not a JSON object.
    """
    sidecar = path.with_name(path.stem + SIDECAR_SUFFIX)
    if not sidecar.is_file():
        return Metadata()
    try:
        values = json.loads(sidecar.read_text("utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise ArticleError(f"its metadata in {sidecar.name} cannot be read ({error}): correct it as JSON") from error
    if not isinstance(values, dict):
        raise ArticleError(f'its metadata in {sidecar.name} is not a JSON object: write {{"published": …}}')
    return from_mapping(values)
