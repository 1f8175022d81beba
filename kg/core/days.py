"""Dates as precise as words, ISO 8601 strings of their own grain ("2013", "2013-01"), as days.

A graph holds days alone, so that every query compares them: a year's first and last day stand for the year, with the
grain of the words beside them (docs/decisions/bounds.md). How people write them: kg/graph/dates.py.
"""

from __future__ import annotations

import calendar
from datetime import date

_DAY = 3  # parts of a date of this grain


def first_day(text: str) -> date:
    """The first day of an ISO date of any grain; ValueError for what is none."""
    year, month, day = [*date_parts(text), 1, 1][:3]
    return date(year, month, day)


def last_day(text: str) -> date:
    """The last day of an ISO date of any grain; ValueError for what is none."""
    parts = date_parts(text)
    year, month = [*parts, 12][:2]
    return date(year, month, parts[2] if len(parts) == _DAY else calendar.monthrange(year, month)[1])


def date_parts(text: str) -> list[int]:
    """Year, and month and day where the date is that precise: "2013-01" gives [2013, 1]; ValueError for no date."""
    return [int(part) for part in text[:10].split("-")]
