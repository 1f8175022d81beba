"""Calendar arithmetic on dates that are as precise as the words they came from. Pure: no text, no language model.

A date is an ISO 8601 string of its own grain: "2013", "2013-01", "2013-01-19". A stretch of time has four bounds
(earliest and latest begin, earliest and latest end; SEM, https://semanticweb.cs.vu.nl/2009/11/sem/), None where open.
Weeks run Monday to Sunday (ISO 8601). Nothing here is more precise than its unit: two years before a day is a year.
"""

from __future__ import annotations

from datetime import MAXYEAR, MINYEAR, date, timedelta
from typing import TYPE_CHECKING, Literal

from kg.core import days
from kg.core.model import Bounds

if TYPE_CHECKING:
    from kg.core.model import Grain

Tense = Literal["past", "future"]
Unit = Literal["hour", "day", "week", "month", "quarter", "year", "decade"]


UNRESOLVED = Bounds()
first_day, last_day = days.first_day, days.last_day  # the arithmetic's own words for them
_NEAR = 92  # days: news names the year of anything farther off, so a date this near is meant whatever the verb


def read_date(text: str | None) -> date | None:
    """Return the day of an ISO date or date-time ("2013-01-20T08:00Z"), None if there is none or it is no date."""
    try:
        return date.fromisoformat((text or "")[:10])
    except ValueError:
        return None


def within(begin: str, end: str, grain: Grain = "span") -> Bounds:
    """Bounds of something that happens at some time from begin to end."""
    return Bounds(begin, end, begin, end, grain)


def lasting(begin: str | None, end: str | None) -> Bounds:
    """Bounds of something that goes on from begin to end."""
    return Bounds(begin, begin, end, end, "span")


def day(when: date) -> Bounds:
    """Bounds of a day."""
    return within(when.isoformat(), when.isoformat(), "day")


def week(when: date) -> Bounds:
    """Bounds of the week, Monday to Sunday, that holds a day."""
    monday = plus_days(when, -when.weekday())
    return within(monday.isoformat(), plus_days(monday, 6).isoformat(), "week")


def month(year_number: int, month_number: int) -> Bounds:
    """Bounds of a month; month numbers beyond 1 to 12 count on into the years beside it."""
    text = _month_text(year_number, month_number)
    return within(text, text, "month")


def months(year_number: int, first: int, last: int, grain: Grain = "span") -> Bounds:
    """Bounds of a row of months, first and last included (a quarter, a season, a half-year)."""
    return within(_month_text(year_number, first), _month_text(year_number, last), grain)


def year(number: int) -> Bounds:
    """Bounds of a year."""
    return within(f"{number:04d}", f"{number:04d}", "year")


def years(first: int, last: int) -> Bounds:
    """Bounds of a row of years (a decade, a century)."""
    return within(f"{first:04d}", f"{last:04d}")


def weekend(saturday: date) -> Bounds:
    """Bounds of the weekend that begins with a Saturday."""
    return within(saturday.isoformat(), plus_days(saturday, 1).isoformat())


def make_day(year_number: int, month_number: int, day_number: int) -> date | None:
    """Return the day, None if the calendar has no such day."""
    try:
        return date(year_number, month_number, day_number)
    except ValueError:
        return None


def nearest_weekday(weekday: int, anchor: date, tense: Tense | None) -> date:
    """Return the weekday (Monday is 0) on or after the anchor for the future, else on or before it.

    News says "on Thursday" of the day it appears on: the anchor itself counts both ways.
    """
    if tense == "future":
        return plus_days(anchor, (weekday - anchor.weekday()) % 7)
    return plus_days(anchor, -((anchor.weekday() - weekday) % 7))


def nearest_year(
    month_number: int, day_number: int, anchor: date, tense: Tense | None, weekday: int | None = None
) -> date | None:
    """Return the month and day in the year that the tense asks for, the nearest one where it asks for none.

    A weekday given with the date ("Friday, July 21") decides where it fits one of the years around the anchor.
    """
    around = [make_day(anchor.year + shift, month_number, day_number) for shift in (-1, 0, 1)]
    candidates = [when for when in around if when is not None]
    if weekday is not None:
        fitting = [when for when in candidates if when.weekday() == weekday]
        candidates = fitting or candidates
    near = [when for when in candidates if abs((when - anchor).days) <= _NEAR]
    if tense == "past":
        candidates = near or [when for when in candidates if when <= anchor] or candidates
    elif tense == "future":
        candidates = near or [when for when in candidates if when >= anchor] or candidates
    return min(candidates, key=lambda when: abs((when - anchor).days), default=None)


def nearest_month(month_number: int, anchor: date, tense: Tense | None) -> Bounds:
    """Return the month that the tense asks for; the running month counts both ways.

    Without a tense it is the last such month, but for the two that come next: news looks back, and a little ahead.
    """
    distance = (month_number - anchor.month) % 12
    if tense == "past" or (tense is None and distance > 2):
        distance = distance - 12 if distance else 0
    return month(anchor.year, anchor.month + distance)


def shifted(anchor: date, amount: int, unit: Unit) -> Bounds:
    """Return the time that lies an amount of units from a day, as precise as the unit; unresolved beyond the calendar.

    Hours stay on the day. "A week later" is the day a week on; more weeks are known to the week only.
    """
    if unit in {"hour", "day"}:
        steps = amount if unit == "day" else 0
        return day(anchor + timedelta(days=steps)) if _in_calendar(anchor, steps) else UNRESOLVED
    if unit == "week":
        return week(anchor + timedelta(weeks=amount)) if _in_calendar(anchor, 7 * amount) else UNRESOLVED
    if unit in {"month", "quarter"}:
        number = anchor.month + amount * (3 if unit == "quarter" else 1)
        return month(anchor.year, number) if MINYEAR <= anchor.year + (number - 1) // 12 <= MAXYEAR else UNRESOLVED
    number = anchor.year + amount * (10 if unit == "decade" else 1)
    return year(number) if MINYEAR <= number <= MAXYEAR else UNRESOLVED


def back_by(anchor: date, amount: int, unit: Unit) -> date | None:
    """Return the day an amount of weeks, months or years before another; a day that a month lacks is its last.

    None before the calendar begins.
    """
    if unit == "week":
        return anchor - timedelta(weeks=amount) if _in_calendar(anchor, -7 * amount) else None
    months = anchor.year * 12 + anchor.month - 1 - amount * (12 if unit == "year" else 1)
    if months < 12 * MINYEAR:
        return None
    first = date(months // 12, months % 12 + 1, 1)
    return min(first + timedelta(days=anchor.day - 1), last_day(first.isoformat()[:7]))


def stretch(anchor: date, amount: int, unit: Unit) -> Bounds:
    """Return the stretch between a day and the time an amount of units away ("the past 30 days", "the next 2 years").

    Both ends have the unit's grain: days for days and weeks, else months or years.
    """
    if unit == "week":
        other = shifted(anchor, 7 * amount, "day").earliest_begin
    else:
        other = shifted(anchor, amount, unit).earliest_begin
    if other is None:
        return UNRESOLVED
    here = anchor.isoformat()[: len(other)]
    return within(min(here, other), max(here, other))


def _in_calendar(anchor: date, days: int) -> bool:
    return anchor.toordinal() + days - 7 >= 1 and anchor.toordinal() + days + 7 <= date.max.toordinal()


def plus_days(when: date, days: int) -> date:
    """Add days, stopping at the ends of the calendar (years 1 and 9999)."""
    return date.fromordinal(min(max(when.toordinal() + days, 1), date.max.toordinal()))


def _month_text(year_number: int, month_number: int) -> str:
    return f"{year_number + (month_number - 1) // 12:04d}-{(month_number - 1) % 12 + 1:02d}"
