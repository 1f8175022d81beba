"""What is known about an article beside its text: where it may stand, and how its date is read.

Metadata comes, in falling order of weight, from the article itself (header lines, front matter, HTML or feed metadata,
JSON fields), from a sidecar file (``NAME.meta.json`` beside ``NAME.txt``), and from the defaults of the command line.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path

from kg.articles.dates import read_date
from kg.articles.encodings import decode
from kg.core.errors import ArticleError

SIDECAR_SUFFIX = ".meta.json"

_NAMES = {
    **dict.fromkeys(("date", "publication_date", "published_on", "published_at", "pubdate"), "published"),
    **dict.fromkeys(("date_published", "datepublished"), "published"),
    **dict.fromkeys(("byline", "authors", "by"), "author"),
    "source": "publisher",
    "headline": "title",
    "link": "url",
    "lang": "language",
}
"""Other spellings of the field names, as header lines and front matter use them."""

_HEADER_NAME = re.compile(r"[A-Za-z]\w*(?:[ -]\w+){0,2}")
_LINE_END = re.compile(r"\r\n|\n|\r")
_LONGEST_LINE = 2_000  # characters of a header line, of which there are few
_MOST_LINES = 50


@dataclass(frozen=True, slots=True)
class Metadata:
    """What an article says of itself; every field may be missing. ``published`` is an ISO date."""

    id: str | None = None
    published: str | None = None
    publisher: str | None = None
    title: str | None = None
    url: str | None = None
    author: str | None = None  # names, joined by ", "
    language: str | None = None  # stated by whoever made the file: it overrules our own test for English

    def or_else(self, other: Metadata) -> Metadata:
        """These fields, and ``other``'s where one is missing here."""
        return Metadata(**{f.name: getattr(self, f.name) or getattr(other, f.name) for f in fields(self)})


_FIELDS = frozenset(f.name for f in fields(Metadata))


def from_mapping(values: Mapping[str, object]) -> Metadata:
    """Metadata from the fields of a JSON object; fields with other names are ignored.

    A person or organisation may be a string or an object with a name, authors a list of them. Raises ArticleError for
    other values that are no string or number, and for a date that is none.
    """
    found: dict[str, str] = {}
    for key, value in values.items():
        name = _field(key)
        if name is None or value is None or value == "" or (name in found and key.lower() in _NAMES):
            continue
        found[name] = _words(key, value)
    if "published" in found:
        found["published"] = iso_date(found["published"])
    return Metadata(**found)


def _field(key: str) -> str | None:
    """The field that a name stands for, or None for a name of others."""
    name = re.sub(r"[ -]", "_", key.strip().lower())
    name = _NAMES.get(name, name)
    return name if name in _FIELDS else None


def _words(key: str, value: object) -> str:
    if isinstance(value, dict) and isinstance(value.get("name"), str):
        value = value["name"]
    if isinstance(value, list) and value and _field(key) == "author":
        return ", ".join(_words(key, one) for one in value)
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise ArticleError(f"field {key!r} is {type(value).__name__}, not a string: write it as a string")
    return str(value).strip()


def iso_date(words: str) -> str:
    """The day that a date or a date with time names, as YYYY-MM-DD, in the time zone it is written in.

    Reads ISO 8601, RFC 2822 (mail and RSS) and English dates ("20 January 2013"); raises ArticleError for others.
    """
    if day := read_date(words):
        return day
    raise ArticleError(f"publication date {words.strip()[:40]!r} is not a date: write it as YYYY-MM-DD")


def split_header(text: str) -> tuple[Metadata, str]:
    """Metadata from the header lines at the top, and the text after them and the blank line that ends them.

    A header is lines ``Name: value``, at least one of them ``Title``, ``Date``, ``Publisher``, ``Author``, ``URL``,
    ``Id`` or ``Language``, then a blank line (which may be missing after two such lines). Lines with other names
    belong to it and are not used; an indented line goes on with the one above. Anything else at the top is text.
    """
    values: dict[str, object] = {}
    start = position = len(text) - len(text.lstrip("\r\n"))
    last, known = "", 0
    for _ in range(_MOST_LINES):
        line, after = _line(text, position)
        if not line.strip():
            return (from_mapping(values), text[after:]) if known else (Metadata(), text)
        name, colon, value = line.partition(":")
        if last and line[0] in " \t":
            values[last] = f"{values[last]} {line.strip()}"
        elif colon and _HEADER_NAME.fullmatch(name.rstrip()):
            last = name.strip()
            known += _field(last) is not None
            values.setdefault(last, value.strip())
        else:
            break
        position = after
    return (from_mapping(values), text[position:]) if known > 1 and position > start else (Metadata(), text)


def _line(text: str, position: int) -> tuple[str, int]:
    """The line at a position, cut where it is too long for a header, and where the next one begins."""
    end = _LINE_END.search(text, position, position + _LONGEST_LINE)
    if end is None:
        return text[position : position + _LONGEST_LINE], min(len(text), position + _LONGEST_LINE)
    return text[position : end.start()], end.end()


def read_sidecar(path: Path) -> Metadata:
    """Metadata from ``NAME.meta.json`` beside ``NAME.txt`` (or ``.md``, ``.html``); empty where there is none.

    Raises ArticleError for a sidecar that is not a JSON object.
    """
    sidecar = path.with_name(path.stem + SIDECAR_SUFFIX)
    if not sidecar.is_file():
        return Metadata()
    try:
        values = json.loads(decode(sidecar.read_bytes()))
    except (OSError, ValueError, RecursionError, ArticleError) as error:
        raise ArticleError(f"its metadata in {sidecar.name} cannot be read ({error}): correct it as JSON") from error
    if not isinstance(values, dict):
        raise ArticleError(f'its metadata in {sidecar.name} is not a JSON object: write {{"published": …}}')
    return from_mapping(values)
