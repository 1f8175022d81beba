"""Dates as precise as words, ISO 8601 strings of their own grain ("2013", "2013-01"), as days and as people write them.

A graph holds days alone, so that every query compares them: a year's first and last day stand for the year, with the
grain of the words beside them. How people write the dates stays what the words said (docs/decisions/bounds.md).
"""

from __future__ import annotations

import calendar
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kg.core.model import Bounds

_MONTHS = (
    "January February March April May June July August September October November December".split()  # in any locale
)
_YEAR, _MONTH, _DAY = 1, 2, 3  # parts of a date of this grain


def first_day(text: str) -> date:
    """The first day of an ISO date of any grain; ValueError for what is none."""
    year, month, day = [*_parts(text), 1, 1][:3]
    return date(year, month, day)


def last_day(text: str) -> date:
    """The last day of an ISO date of any grain; ValueError for what is none."""
    parts = _parts(text)
    year, month = [*parts, 12][:2]
    return date(year, month, parts[2] if len(parts) == _DAY else calendar.monthrange(year, month)[1])


def dates_in_words(bounds: Bounds) -> str | None:
    """When, as people write it: "2012", "15–19 January 2013", "from May 2019"; None where nothing is resolved.

    Each end is as precise as it was told and no more.
    """
    begin, end = bounds.earliest_begin, bounds.latest_end
    if begin is None or end is None:
        return f"from {_date(begin)}" if begin else f"until {_date(end)}" if end else None
    return _date(begin) if begin == end else _range(_parts(begin), _parts(end))


def _parts(text: str) -> list[int]:
    return [int(part) for part in text[:10].split("-")]


def _date(text: str) -> str:
    return _written(_parts(text))


def _written(parts: list[int]) -> str:
    """A date of one, two or three parts: "2013", "January 2013", "19 January 2013"."""
    words = [str(parts[0])]
    if len(parts) >= _MONTH:
        words.insert(0, _MONTHS[parts[1] - 1])
    if len(parts) >= _DAY:
        words.insert(0, str(parts[2]))
    return " ".join(words)


def _range(begin: list[int], end: list[int]) -> str:
    """Two dates, what they share said once."""
    shared = next((n for n, (x, y) in enumerate(zip(begin, end, strict=False)) if x != y), 0)
    if len(begin) != len(end) or not shared:  # not of one grain, or of two years
        return f"{_written(begin)}{'–' if len(begin) == len(end) == _YEAR else ' – '}{_written(end)}"
    if shared == _MONTH:  # two days of one month
        return f"{begin[2]}–{_written(end)}"
    day = f"{begin[2]} " if len(begin) == _DAY else ""
    return f"{day}{_MONTHS[begin[1] - 1]}{' – ' if day else '–'}{_written(end)}"
