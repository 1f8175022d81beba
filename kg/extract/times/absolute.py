"""Time expressions that the calendar and the publication date decide: "24 July 2022", "last Friday", "this week".

The value keeps to the words: "late March" is a month, "the end of the year" a year, "last week" Monday to Sunday.
"""

from __future__ import annotations

import re
from datetime import date

from kg.extract.amounts.numbers import ORDINALS
from kg.extract.times import calendar as dates
from kg.extract.times.pieces import (
    STEPS,
    WEEKDAYS,
    Meaning,
    Reference,
    Rules,
    group,
    month_number,
    unit_of,
    weekday_number,
)
from kg.ontology.words import paired

RULES = Rules()

_OF_YEAR = "(?:,? (?:of )?(?P<of_year>last|this|next) year)?"
_TO_DAY = "(?: ?(?:-|–|—|to|and|through|until|&) ?(?P<last><DAY>))?"
_SUNDAY = 6


# -- dates ------------------------------------------------------------------------------------------------------------


@RULES(r"(?P<iso>\d{4}-[01]\d-[0-3]\d)", r"(?P<numeric>\d{1,2}([/.-])\d{1,2}\2\d{4})(?![/.-]\d)", clues=("-", "/", "."))
def _numeric(match: re.Match[str], _: Reference) -> Meaning:
    """Read dates in figures; where day and month could be swapped (03/04/2013) nothing is resolved."""
    first, second, third = (int(part) for part in re.split(r"[/.-]", match[0]))
    if match.groupdict().get("iso"):
        when = dates.make_day(first, second, third)
    elif first <= 12 and second <= 12 and first != second:
        return Meaning()
    else:
        when = dates.make_day(third, *((first, second) if first <= 12 else (second, first)))
    return Meaning(dates.day(when)) if when else Meaning()


@RULES(
    rf"(?:(?P<weekday><WEEKDAY>),? (?:the )?)?(?P<month><MONTH>) (?:the )?(?P<day><DAY>){_TO_DAY}"
    rf"(?: ?,? (?:of )?(?P<year><YEAR>))?{_OF_YEAR}",
    rf"(?:(?P<weekday><WEEKDAY>),? )?(?:the )?(?P<day><DAY>){_TO_DAY} (?:of )?(?P<month><MONTH>)"
    rf"(?:,? (?P<year><YEAR>))?{_OF_YEAR}",
)
def _date(match: re.Match[str], reference: Reference) -> Meaning:
    """Read "July 24", "Friday, 24 July 2022", "July 24-26", "March 3 last year"."""
    month, first = month_number(match["month"]), int(re.sub(r"\D", "", match["day"]))
    begin = _in_year(month, first, match, reference)
    if begin is None:
        return Meaning()
    if not match["last"]:
        return Meaning(dates.day(begin))
    end = dates.make_day(begin.year, month, int(re.sub(r"\D", "", match["last"])))
    if end is None or end <= begin:
        return Meaning()
    return Meaning(dates.lasting(begin.isoformat(), end.isoformat()), "range")


def _in_year(month: int, day: int, match: re.Match[str], reference: Reference) -> date | None:
    """Return the day in the year that the words, the weekday or the tense give it."""
    if group(match, "year"):
        return dates.make_day(int(group(match, "year")), month, day)
    if reference.published is None:
        return None
    if group(match, "of_year"):
        return dates.make_day(reference.published.year + STEPS[group(match, "of_year")], month, day)
    weekday = weekday_number(group(match, "weekday")) if group(match, "weekday") else None
    return dates.nearest_year(month, day, reference.published, reference.tense(match.start()), weekday)


_BEFORE_FEAST = re.compile(r"\b(?:at|by|before|after|since|until|till|over|on|around|this) $", re.IGNORECASE)
_FEASTS = paired("feasts")


@RULES(
    r"(?:(?P<which>last|next) )?(?P<feast>Christmas(?: Eve| Day)?|Boxing Day|New Year['’]s (?:Eve|Day)|(?-i:May Day)|"
    r"Valentine['’]s Day|Halloween)"
    rf"(?:,? (?P<year><YEAR>))?{_OF_YEAR}",
    clues=("christmas", "boxing", "new year", "may day", "valentine", "halloween"),
)
def _feast(match: re.Match[str], reference: Reference) -> Meaning | None:
    """Read feasts of fixed date; plain "Christmas" only after a preposition ("at Christmas", no "Christmas tree")."""
    which = group(match, "which")
    if group(match, "feast") == "christmas" and not which and not _BEFORE_FEAST.search(match.string[: match.start()]):
        return None
    month, day = map(int, _FEASTS[group(match, "feast")].split("-"))
    when = _in_year(month, day, match, reference)
    if which and when is not None and reference.published is not None and not group(match, "year"):
        beyond = when >= reference.published if which == "last" else when <= reference.published
        if beyond:  # "last Christmas" on 24 December is that of the year before
            when = dates.make_day(when.year + (-1 if which == "last" else 1), month, day)
    return Meaning(dates.day(when)) if when else Meaning()


_BEFORE_MONTH = re.compile(
    r"\b(?:in|since|until|till|late|early|mid|before|after|during|of|between|by|from|to|through|on)[ -]$", re.IGNORECASE
)


@RULES(
    r"(?P<month><MONTH>)(?:,| of| in)? (?P<year><YEAR>)",
    r"(?P<month><MONTH>),? (?:of )?(?P<of_year>last|this|next) year",
    r"(?P<which>last|past|this|next|coming) (?P<month><MONTH>)",
    r"(?P<month><PLAIN_MONTH>)",
    # "May" and "March" are words too: only after a word that a month follows
    r"(?P<month>(?P<word>(?-i:March|May)))(?! (?:be|have|not)\b)",
)
def _month(match: re.Match[str], reference: Reference) -> Meaning | None:
    """Read "March 2021", "March of last year", "last March", "in March"."""
    if group(match, "word") and not _BEFORE_MONTH.search(match.string[max(0, match.start() - 10) : match.start()]):
        return None
    number = month_number(match["month"])
    if group(match, "year"):
        return Meaning(dates.month(int(group(match, "year")), number))
    published, which = reference.published, group(match, "which")
    if published is None:
        return Meaning()
    if group(match, "of_year"):
        return Meaning(dates.month(published.year + STEPS[group(match, "of_year")], number))
    if which in {"last", "past"}:
        return Meaning(dates.month(published.year - (number >= published.month), number))
    if which in {"next", "coming"}:
        return Meaning(dates.month(published.year + (number <= published.month), number))
    if which == "this":
        return Meaning(dates.month(published.year, number))
    return Meaning(dates.nearest_month(number, published, reference.tense(match.start())))


@RULES(r"9/11|(?-i:September) 11 attacks", clues=("11",))
def _nine_eleven(_: re.Match[str], __: Reference) -> Meaning:
    """Read the one date that became a name."""
    return Meaning(dates.day(date(2001, 9, 11)))


@RULES(r"(?P<first><MONTH>) ?[-–/] ?(?P<last><MONTH>)(?: (?P<year><YEAR>))?")
def _months(match: re.Match[str], reference: Reference) -> Meaning:
    """Read "January-February 2017"."""
    first, last = month_number(match["first"]), month_number(match["last"])
    if group(match, "year"):
        year = int(group(match, "year")) - (first > last)
    elif reference.published is None:
        return Meaning()
    else:
        begin = dates.nearest_month(first, reference.published, reference.tense(match.start())).earliest_begin
        year = dates.first_day(begin).year if begin else reference.published.year
    span = dates.months(year, first, last if first <= last else last + 12)
    return Meaning(dates.lasting(span.earliest_begin, span.latest_end), "range")


# -- days and weeks ---------------------------------------------------------------------------------------------------


_OF_MONTH = (
    r"(?:of|in) (?:(?P<month><MONTH>)(?:,? (?P<year><YEAR>))?|(?:the )?(?P<which>this|last|next|current|same) month)"
)


@RULES(r"(?:the )?(?P<day><DAY>) of (?:the )?(?P<which>this|last|next|current|same) month",
       rf"(?:the )?(?P<nth>first|second|third|fourth|fifth|last|final) (?P<weekday><FULL_WEEKDAY>) {_OF_MONTH}",
       rf"(?:the )?(?P<nth>first|last|final) day {_OF_MONTH}", clues=(" of ", " in "))  # fmt: skip
def _in_month(match: re.Match[str], reference: Reference) -> Meaning | None:
    """Read "the 3rd of this month", "the second Sunday of March", "the last day of April"."""
    if group(match, "month"):
        number = month_number(match["month"])
        if group(match, "year"):
            month = dates.month(int(group(match, "year")), number)
        elif reference.published is None:
            return Meaning()
        else:
            month = dates.nearest_month(number, reference.published, reference.tense(match.start()))
    else:
        told = reference.month if group(match, "which") == "same" else reference.published
        month = dates.shifted(told, STEPS[group(match, "which")], "month") if told else dates.UNRESOLVED
    if month.earliest_begin is None:
        return Meaning()
    first, last = dates.first_day(month.earliest_begin), dates.last_day(month.earliest_begin)
    when = _nth_day(match, first, last)
    return Meaning(dates.day(when)) if when is not None else Meaning()


def _nth_day(match: re.Match[str], first: date, last: date) -> date | None:
    """Return the day of a month that the words name; None where it has no such day."""
    if group(match, "day"):
        return dates.make_day(first.year, first.month, int(re.sub(r"\D", "", match["day"])))
    end = group(match, "nth") in {"last", "final"}
    if not group(match, "weekday"):
        return last if end else first
    weekday = weekday_number(match["weekday"])
    if end:
        return dates.nearest_weekday(weekday, last, "past")
    when = dates.plus_days(dates.nearest_weekday(weekday, first, "future"), 7 * (ORDINALS[group(match, "nth")] - 1))
    return when if when.month == first.month else None


@RULES(r"(?P<weekday><FULL_WEEKDAY>) week(?!s|end|-| of\b)", clues=(" week",))
def _weekday_week(match: re.Match[str], reference: Reference) -> Meaning:
    """Read "Tuesday week": that day of the week after this one."""
    if reference.published is None:
        return Meaning()
    monday = dates.plus_days(reference.published, 7 - reference.published.weekday())
    return Meaning(dates.day(dates.plus_days(monday, weekday_number(match["weekday"]))))


@RULES(
    r"(?:(?P<which>last|past|this|next|coming|previous) )?(?P<weekday><FULL_WEEKDAY>)"
    r"(?:,? (?:of )?(?P<of_week>last|this|next) week)?",
    clues=tuple(WEEKDAYS),
)
def _weekday(match: re.Match[str], reference: Reference) -> Meaning:
    """Read "on Friday", "last Friday", "Friday next week". The publication day itself counts for a bare weekday."""
    published, number, which = reference.published, weekday_number(match["weekday"]), group(match, "which")
    if published is None:
        return Meaning()
    if group(match, "of_week"):
        monday = dates.plus_days(published, -published.weekday() + 7 * STEPS[group(match, "of_week")])
        return Meaning(dates.day(dates.plus_days(monday, number)))
    if which in {"next", "coming"}:
        return Meaning(dates.day(dates.nearest_weekday(number, dates.plus_days(published, 1), "future")))
    if which in {"last", "past", "previous"}:
        return Meaning(dates.day(dates.nearest_weekday(number, dates.plus_days(published, -1), "past")))
    tense = reference.tense(match.start()) or ("future" if which == "this" else "past")
    return Meaning(dates.day(dates.nearest_weekday(number, published, tense)))


@RULES(r"(?:the )?(?P<word>day before yesterday|day after tomorrow|today|tonight|yesterday|tomorrow)")
def _day_word(match: re.Match[str], reference: Reference) -> Meaning:
    steps = {"day before yesterday": -2, "yesterday": -1, "tomorrow": 1, "day after tomorrow": 2}
    if reference.published is None:
        return Meaning()
    return Meaning(dates.day(dates.plus_days(reference.published, steps.get(group(match, "word"), 0))))


@RULES(r"(?P<which>last|this) (?:night|evening|morning|afternoon)", clues=("night", "evening", "morning", "noon"))
def _part_of_day(match: re.Match[str], reference: Reference) -> Meaning:
    """Read "last night" (the day before) and "this morning" (the day itself)."""
    if reference.published is None:
        return Meaning()
    return Meaning(dates.day(dates.plus_days(reference.published, STEPS[group(match, "which")])))


@RULES(r"overnight", clues=("overnight",))
def _overnight(_: re.Match[str], reference: Reference) -> Meaning:
    """Read the night between the day before and the publication day; a day named beside it is more exact."""
    if reference.published is None:
        return Meaning()
    return Meaning(dates.within(dates.plus_days(reference.published, -1).isoformat(), reference.published.isoformat()))


@RULES(r"(?:(?:the|this) )?(?P<which>last|past|this|next|coming|current) (?P<unit>week|month|quarter|year)(?! of )")
def _calendar_unit(match: re.Match[str], reference: Reference) -> Meaning:
    """Read "last week", "this month", "next year", "the current quarter"."""
    unit, published, step = unit_of(match["unit"]), reference.published, STEPS[group(match, "which")]
    if published is None or unit is None:
        return Meaning()
    if unit == "quarter":
        first = (published.month - 1) // 3 * 3 + 1 + 3 * step
        return Meaning(dates.months(published.year, first, first + 2, "quarter"))
    return Meaning(dates.shifted(published, step, unit))


@RULES(
    r"(?P<which>last|past|this|next|coming) weekend",
    r"(?:at|over|during|on|throughout) the weekend",
    clues=("weekend",),
)
def _weekend(match: re.Match[str], reference: Reference) -> Meaning:
    """Read "last weekend" (over before today), "next weekend", "at the weekend" (by the tense; else the latest)."""
    published, which = reference.published, group(match, "which")
    if published is None:
        return Meaning()
    saturday = dates.nearest_weekday(5, published, "past")
    if which in {"last", "past"}:
        running = published.weekday() > 4
        return Meaning(dates.weekend(dates.plus_days(saturday, -7 if running else 0)))
    if which in {"next", "coming"}:
        return Meaning(dates.weekend(dates.plus_days(saturday, 7)))
    ahead = reference.tense(match.start()) == "future" and published.weekday() != _SUNDAY
    return Meaning(dates.weekend(dates.nearest_weekday(5, published, "future") if ahead else saturday))
