"""Dates as people write them: "2012", "15–19 January 2013", "from May 2019".

What a time of the graph says beside its days, so that it stays as precise as the words were (docs/decisions/bounds.md).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.core.days import date_parts
from kg.ontology.words import words

if TYPE_CHECKING:
    from kg.core.model import Bounds

_MONTHS = tuple(month.capitalize() for month in words("months"))
_YEAR, _MONTH, _DAY = 1, 2, 3  # parts of a date of this grain


def dates_in_words(bounds: Bounds) -> str | None:
    """When, as people write it: "2012", "15–19 January 2013", "from May 2019"; None where nothing is resolved.

    Each end is as precise as it was told and no more.
    """
    begin, end = bounds.earliest_begin, bounds.latest_end
    if begin is None or end is None:
        return f"from {_date(begin)}" if begin else f"until {_date(end)}" if end else None
    return _date(begin) if begin == end else _range(date_parts(begin), date_parts(end))


def _date(text: str) -> str:
    return _written(date_parts(text))


def _written(parts: list[int]) -> str:
    """A date of one, two or three parts: "2013", "January 2013", "19 January 2013"."""
    year, *finer = [str(parts[0]), *(_MONTHS[month - 1] for month in parts[1:2]), *map(str, parts[2:])]
    return " ".join([*reversed(finer), year])


def _range(begin: list[int], end: list[int]) -> str:
    """Two dates, what they share said once."""
    shared = next((n for n, (x, y) in enumerate(zip(begin, end, strict=False)) if x != y), 0)
    if len(begin) != len(end) or not shared:  # not of one grain, or of two years
        return f"{_written(begin)}{'–' if len(begin) == len(end) == _YEAR else ' – '}{_written(end)}"
    if shared == _MONTH:  # two days of one month
        return f"{begin[2]}–{_written(end)}"
    day = f"{begin[2]} " if len(begin) == _DAY else ""
    return f"{day}{_MONTHS[begin[1] - 1]}{' – ' if day else '–'}{_written(end)}"
