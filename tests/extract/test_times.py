"""Times: what an expression means against the publication date, and that it means no more than it says."""

import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from spacy.tokens import Doc, Span

from kg.extract.times import calendar as dates
from kg.extract.times.mentions import Anchor, find_times, resolve_relative
from tests.parsed import ENGLISH as NLP

CASES = Path(__file__).parents[1] / "cases" / "times.tsv"
DAYS = st.dates(date(1900, 1, 1), date(2100, 12, 31))


def rows() -> list[list[str]]:
    """Read the table of cases."""
    lines = CASES.read_text(encoding="utf8").splitlines()
    return [line.split("\t") for line in lines if line and not line.startswith("#")]


def shown(value: str | tuple[str | None, str | None] | None) -> str:
    """Write a value as the table does."""
    if value is None:
        return "-"
    return value if isinstance(value, str) else f"{value[0] or ''}..{value[1] or ''}"


def parsed(*rows: tuple[str, int, str, str, str]) -> Doc:
    """A document from (word, head index, relation, part of speech, Penn tag)."""
    words, heads, deps, pos, tags = map(list, zip(*rows, strict=True))
    return Doc(NLP.vocab, words=words, heads=heads, deps=deps, pos=pos, tags=tags, lemmas=[w.lower() for w in words])


def test_table_is_large_enough():
    """The table holds more than a hundred expressions with their dateline."""
    assert len(rows()) >= 110


@pytest.mark.parametrize(
    ("published", "text", "value", "grain", "kind"), [pytest.param(*row, id=f"{row[0]} {row[1]}") for row in rows()]
)
def test_expression_has_the_value_of_its_words(published, text, value, grain, kind):
    """An expression is found whole, with the date, the grain and the kind that its words and the dateline give it."""
    marked = re.search(r"\[(.+)\]", text)
    plain = text.replace("[", "").replace("]", "")
    found = find_times(NLP(plain), None if published == "-" else published)
    if marked is None:
        assert found == []
        return
    [mention] = [m for m in found if m.start_char == marked.start()]
    assert mention.text == marked[1]
    assert (shown(mention.value), mention.grain or "-", mention.kind) == (value, grain, kind)


@given(
    st.text(max_size=60)
    | st.lists(st.sampled_from(CASES.read_text(encoding="utf8").split()), max_size=15).map(" ".join),
    DAYS,
)
@example("SINCE 2001", date(2000, 1, 1))
@example("0001-01-01 midnight Saturday", date(2000, 1, 1))
def test_any_text_is_read_and_the_mentions_are_its_own_words(text, published):
    """Whatever the text, mentions are stretches of it in order, and their begin is not after their end."""
    doc = NLP(text)
    end = 0
    for mention in find_times(doc, published.isoformat()):
        assert mention.text == doc.text[mention.start_char : mention.end_char]
        assert mention.start_char >= end
        assert mention.text in doc[mention.start : mention.end].text
        end = mention.end_char
        if mention.earliest_begin and mention.latest_end:
            assert dates.first_day(mention.earliest_begin) <= dates.last_day(mention.latest_end)


@given(DAYS, st.sampled_from("Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()))
def test_weekday_lies_in_the_week_before_or_after(published, weekday):
    """A bare weekday is at most six days off: back for what happened, ahead for what will."""
    [past] = find_times(NLP(f"It rained on {weekday}."), published.isoformat())
    [future] = find_times(NLP(f"It will rain on {weekday}."), published.isoformat())
    assert 0 <= (published - date.fromisoformat(past.value)).days <= 6
    assert 0 <= (date.fromisoformat(future.value) - published).days <= 6


@given(DAYS)
def test_written_dates_read_back(day):
    """A full date reads as itself in every usual form, whatever the publication date."""
    name = day.strftime("%B")
    for words in (f"{name} {day.day}, {day.year}", f"{day.day} {name} {day.year}", day.isoformat()):
        [mention] = find_times(NLP(f"It rained on {words}."), "2022-07-28")
        assert mention.value == day.isoformat()


@given(DAYS, st.integers(1, 400))
def test_days_ago_and_later_are_inverse(day, amount):
    """Going an amount of days back and ahead again ends where it began."""
    back = resolve_relative(Anchor(-amount, "day", "event"), dates.day(day))
    assert resolve_relative(Anchor(amount, "day", "event"), back) == dates.day(day)
    assert back.value == (day - timedelta(days=amount)).isoformat()


def test_offset_is_no_more_exact_than_what_it_counts_from():
    """Four days after some month is no date, a year after it is a year; four days after a day is a day."""
    assert resolve_relative(Anchor(4, "day", "event"), dates.month(2013, 1)).value is None
    assert resolve_relative(Anchor(1, "year", "event"), dates.month(2013, 1)).value == "2014"
    assert resolve_relative(Anchor(4, "day", "event"), dates.day(date(2013, 1, 15))).value == "2013-01-19"
    assert resolve_relative(Anchor(4, "day", "event"), dates.UNRESOLVED).value is None


def test_dates_beyond_the_calendar_stay_unresolved():
    """Counting past the first or the last year of the calendar gives nothing, and no error."""
    assert dates.shifted(date(1, 1, 5), -1, "year").value is None
    assert dates.shifted(date(9999, 12, 30), 2, "month").value is None
    for words in ("3000 years ago", "3000 years ago on Sunday", "a million weeks ago on Sunday"):
        assert {m.value for m in find_times(NLP(f"It rained {words}."), "2022-07-28")} <= {None, "2022-07-24"}
    assert dates.back_by(date(2022, 7, 28), 2022 * 12, "month") is None
    assert dates.back_by(date(2022, 7, 28), 2021 * 12 + 6, "month") == date(1, 1, 28)
    assert dates.back_by(date(1, 1, 20), 2, "week") is None


def test_broken_publication_date_is_no_date():
    """A publication date that is none leaves relative expressions unresolved."""
    assert [m.value for m in find_times(NLP("It rained yesterday."), "soon")] == [None]


def test_offset_from_an_event_names_the_event():
    """An offset before a clause ("four days after boats struck") counts from the verb of the clause."""
    doc = parsed(
        ("It", 1, "nsubj", "PRON", "PRP"), ("fell", 1, "ROOT", "VERB", "VBD"), ("four", 3, "nummod", "NUM", "CD"),
        ("days", 1, "obl", "NOUN", "NNS"), ("after", 6, "mark", "SCONJ", "IN"), ("boats", 6, "nsubj", "NOUN", "NNS"),
        ("struck", 1, "advcl", "VERB", "VBD"),
    )  # fmt: skip
    [mention] = find_times(doc, "2022-07-28")
    assert mention.anchor == Anchor(4, "day", "event", 6)
    assert mention.governor == 1


def test_known_day_of_the_main_clause_dates_the_event_it_counts_from():
    """In "fell yesterday, four days after boats struck" the boats struck five days before the publication date."""
    doc = parsed(
        ("It", 1, "nsubj", "PRON", "PRP"), ("fell", 1, "ROOT", "VERB", "VBD"), ("yesterday", 1, "obl", "NOUN", "NN"),
        (",", 5, "punct", "PUNCT", ","), ("four", 5, "nummod", "NUM", "CD"), ("days", 1, "obl", "NOUN", "NNS"),
        ("after", 8, "mark", "SCONJ", "IN"), ("boats", 8, "nsubj", "NOUN", "NNS"),
        ("struck", 1, "advcl", "VERB", "VBD"),
    )  # fmt: skip
    main, other = find_times(doc, "2022-07-28")
    assert (main.value, main.governor) == ("2022-07-27", 1)
    assert (other.value, other.governor) == ("2022-07-23", 8)


def test_tense_of_the_governing_verb_decides():
    """Of two weekdays in one sentence each follows its own verb."""
    doc = parsed(
        ("Ann", 1, "nsubj", "PROPN", "NNP"), ("said", 1, "ROOT", "VERB", "VBD"), ("on", 3, "case", "ADP", "IN"),
        ("Monday", 1, "obl", "PROPN", "NNP"), ("she", 6, "nsubj", "PRON", "PRP"), ("will", 6, "aux", "AUX", "MD"),
        ("leave", 1, "ccomp", "VERB", "VB"), ("on", 8, "case", "ADP", "IN"), ("Sunday", 6, "obl", "PROPN", "NNP"),
    )  # fmt: skip
    assert [m.value for m in find_times(doc, "2022-07-28")] == ["2022-07-25", "2022-07-31"]


def test_attribute_keeps_the_preposition_of_its_noun():
    """In "after the Friday fall" the day tells when the fall was, not that something came after Friday."""
    doc = parsed(
        ("It", 1, "nsubj", "PRON", "PRP"), ("closed", 1, "ROOT", "VERB", "VBD"), ("after", 4, "case", "ADP", "IN"),
        ("Friday", 4, "compound", "PROPN", "NNP"), ("storms", 1, "obl", "NOUN", "NNS"),
    )  # fmt: skip
    [mention] = find_times(doc, "2022-07-28")
    assert (mention.value, mention.kind, mention.governor) == ("2022-07-22", "point", 4)


def test_names_are_no_times():
    """A person called April and a paper called after a day tell no time."""
    doc = NLP("April read the Sunday Bugle in March.")
    doc.ents = [Span(doc, 0, 1, "PERSON"), Span(doc, 3, 5, "ORG")]
    assert [m.text for m in find_times(doc, "2022-07-28")] == ["in March"]
