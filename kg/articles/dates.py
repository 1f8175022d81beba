"""Publication dates as news writes them: ISO, mail, feeds, meta tags and English words, to a day.

No day is guessed: ``05/08/2024`` is none, nor is a month without a day, nor the zero of some program
(``0001-01-01``, ``0000-00-00``). The day is the one written, whatever the time zone.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime

from kg.ontology.words import words

EARLIEST, LATEST = date(1500, 1, 1), date(2500, 12, 31)
"""The days between which something can have been published; beyond them a date is some program's zero."""

_MONTHS = words("months")
_MONTH = r"(?P<month>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.?"
_DAY, _YEAR = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?", r"(?P<year>\d{4})"
_IN_WORDS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"\b(?P<year>\d{4})(?P<mark>[-/.])(?P<month>\d{1,2})(?P=mark)(?P<day>\d{1,2})(?!\d)",
        rf"\b{_DAY}(?: of)?[\s-]+{_MONTH},?[\s-]+{_YEAR}\b",
        rf"\b{_MONTH}\s+{_DAY},?\s+{_YEAR}\b",
        rf"\b{_MONTH}\s+{_DAY}\s+[\d:]{{5,8}}\s+(?:[A-Z]{{1,5}}\s+)?{_YEAR}\b",  # as C's ctime writes it
    )
)
_NUMBERS = re.compile(r"\b(\d{1,2})([-/.])(\d{1,2})\2(\d{4})\b")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(?:T\d{4,6}\S*)?$", re.IGNORECASE)
_EPOCH = re.compile(r"(\d{10})(?:\d{3})?$")
_LONGEST = 200  # characters: a date is a few words
_LATER = re.compile(r"\b(?:updated?|modified|edited|corrected|last|revised|reviewed)\b", re.IGNORECASE)
_FIRST = re.compile(r"\b(?:published|posted|first|created|filed|issued|printed|date)\b", re.IGNORECASE)


def read_date(words: str) -> str | None:
    """The day that a date, or a date with time, names, as YYYY-MM-DD; None where it names none for certain."""
    words = " ".join(words.split())
    if not words or len(words) > _LONGEST:
        return None
    for parse in (_compact, _from_epoch, datetime.fromisoformat, parsedate_to_datetime):
        try:
            found = parse(words)
        except (ValueError, TypeError, IndexError, OverflowError, AttributeError):
            continue
        return _plausible(found.date() if isinstance(found, datetime) else found)
    return first_date(words)


def first_date(words: str) -> str | None:
    """The first full date in some words, in figures or in English; None where there is none."""
    found = sorted(
        (match.start(), day)
        for pattern in _IN_WORDS
        if (match := pattern.search(words[:2000])) and (day := _from_parts(match["year"], match["month"], match["day"]))
    )
    if found:
        return found[0][1]
    if (match := _NUMBERS.search(words)) and (int(match[1]) > 12 or int(match[3]) > 12):
        day, month = (match[1], match[3]) if int(match[1]) > 12 else (match[3], match[1])
        return _from_parts(match[4], month, day)
    return None


def publication_date(words: str) -> str | None:
    """The day of publication in a line such as ``Published 8 May 2024, updated 30 June 2024``; never the later one."""
    later, first = _LATER.search(words), _FIRST.search(words)
    if later is None:
        return first_date(words)
    if first is None or later.start() < first.start():
        return first_date(words[: later.start()]) or (first_date(words[first.start() :]) if first else None)
    return first_date(words[: later.start()])


def _compact(words: str) -> date:
    match = _COMPACT.match(words)
    if match is None:
        raise ValueError(words)
    return date(int(match[1]), int(match[2]), int(match[3]))


def _from_epoch(words: str) -> date:
    """Seconds or milliseconds since 1970, as programs write them."""
    match = _EPOCH.match(words)
    if match is None:
        raise ValueError(words)
    return datetime.fromtimestamp(int(match[1]), UTC).date()


def _from_parts(year: str, month: str, day: str) -> str | None:
    number = int(month) if month.isdigit() else 1 + [name[:3] for name in _MONTHS].index(month.lower())
    try:
        return _plausible(date(int(year), number, int(day)))
    except ValueError:
        return None


def _plausible(day: date) -> str | None:
    return day.isoformat() if EARLIEST <= day <= LATEST else None
