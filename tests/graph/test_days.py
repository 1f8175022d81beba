"""Dates of any grain as days that compare, and as people write them."""

from __future__ import annotations

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.core.days import first_day, last_day
from kg.core.model import Bounds
from kg.graph.dates import dates_in_words

WRITTEN = [
    ("2012", "2012", "2012"),
    ("2013-01", "2013-01", "January 2013"),
    ("2013-01-19", "2013-01-19", "19 January 2013"),
    ("1990", "1999", "1990–1999"),
    ("2013-01-15", "2013-01-19", "15–19 January 2013"),
    ("2013-01-28", "2013-02-03", "28 January – 3 February 2013"),
    ("2012-12-30", "2013-01-02", "30 December 2012 – 2 January 2013"),
    ("2013-03", "2013-05", "March–May 2013"),
    ("2012-11", "2013-02", "November 2012 – February 2013"),
    ("2019-05", "2020-06-03", "May 2019 – 3 June 2020"),
    ("2019", "2020-06", "2019 – June 2020"),
    ("2019-05", None, "from May 2019"),
    (None, "2019-05-02", "until 2 May 2019"),
    (None, None, None),
]
DATES = st.dates(min_value=date(1000, 1, 1))
ANY_GRAIN = st.builds(lambda day, length: day.isoformat()[:length], DATES, st.sampled_from([4, 7, 10]))


@pytest.mark.parametrize(("begin", "end", "words"), WRITTEN)
def test_dates_are_written_as_people_do(begin, end, words):
    """What begin and end share is said once, and an open side is said in words."""
    assert dates_in_words(Bounds(begin, end, begin, end)) == words


@given(ANY_GRAIN)
def test_a_date_is_a_stretch_of_days(text):
    """The first and the last day of a date begin with its digits, and no day outside them does."""
    first, last = first_day(text), last_day(text)
    assert first.isoformat().startswith(text)
    assert last.isoformat().startswith(text)
    assert first <= last
    assert first == date.min or not date.fromordinal(first.toordinal() - 1).isoformat().startswith(text)
    assert last == date.max or not date.fromordinal(last.toordinal() + 1).isoformat().startswith(text)


@given(ANY_GRAIN, ANY_GRAIN)
def test_words_are_never_more_precise_than_the_dates(begin, end):
    """Every number that is written stands in one of the dates, and a year alone stays one."""
    words = dates_in_words(Bounds(begin, end, begin, end)) or ""
    known = {int(part) for text in (begin, end) for part in text.split("-")}
    assert {int(number) for number in re.findall(r"\d+", words)} <= known
    assert (len(begin) == len(end) == len("2013")) <= words.replace("–", "").isdigit()
