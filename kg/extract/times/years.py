"""Years and their parts: "2012", "the first quarter of 2021", "last summer", "the nineties", "the 19th century".

A bare year is one only where the word before asks for it; seasons are those of the northern hemisphere.
"""

from __future__ import annotations

import re

from kg.extract.amounts.numbers import ORDINALS
from kg.extract.times import calendar as dates
from kg.extract.times.pieces import DECADES, STEPS, Meaning, Reference, Rules, group, unit_of
from kg.ontology.words import words

RULES = Rules()

_SEASONS = {"spring": (3, 5), "summer": (6, 8), "autumn": (9, 11), "fall": (9, 11), "winter": (12, 14)}


@RULES(
    r"(?P<which>last|past|this|next|coming) (?P<season><SEASON>)",
    r"(?:the )?(?P<season><SEASON>)(?: of)? (?P<year><YEAR>)",
    clues=("spring", "summer", "autumn", "fall", "winter"),
)
def _season(match: re.Match[str], reference: Reference) -> Meaning:
    """Read seasons of the northern hemisphere; winter begins in December of its year."""
    first, last = _SEASONS[group(match, "season")]
    if group(match, "year"):
        return Meaning(dates.months(int(group(match, "year")), first, last))
    published, which = reference.published, group(match, "which")
    if published is None:
        return Meaning()
    year = published.year
    if which in {"last", "past"}:
        year -= published.month <= last
    elif which in {"next", "coming"}:
        year += published.month >= first
    elif last > 12 and published.month < 3:
        year -= 1
    return Meaning(dates.months(year, first, last))


_NTH = {"first": 1, "second": 2, "third": 3, "fourth": 4, "last": 4, "final": 4}


@RULES(
    r"(?:the )?(?P<nth>first|second|third|fourth|last|final) (?P<part>quarter|half) of "
    r"(?:(?P<year><YEAR>)|(?P<of_year>last|this|next|the) year)",
    r"(?:the )?(?P<nth>first|second|third|fourth) (?P<part>quarter|half)(?= results| profits?| earnings)",
    clues=("quarter", "half"),
)
def _part_of_year(match: re.Match[str], reference: Reference) -> Meaning:
    """Read "the first quarter of 2021", "the second half of last year"."""
    size = {"quarter": 3, "half": 6}[group(match, "part")]
    number = min(_NTH[group(match, "nth")], 12 // size)
    if not group(match, "year") and reference.published is None:
        return Meaning()
    named = group(match, "year")
    year = int(named) if named else reference.published.year + STEPS.get(group(match, "of_year"), 0)  # type: ignore[union-attr]
    first = (number - 1) * size + 1
    return Meaning(dates.months(year, first, first + size - 1, "quarter" if size == 3 else "span"))


@RULES(
    r"(?:the )?(?:end|start|beginning|middle|turn) of the (?P<unit>week|month|year)",
    r"(?P<unit>year)[- ]end",
    clues=("end", "start", "beg", "mid", "turn"),
)
def _end_of_unit(match: re.Match[str], reference: Reference) -> Meaning:
    """Read "by the end of the year": the running year, and no more than that."""
    unit = unit_of(match["unit"])
    return Meaning(dates.shifted(reference.published, 0, unit)) if reference.published and unit else Meaning()


@RULES(r"(?P<first>1[5-9]\d\d|20\d\d) ?[-–—/] ?(?P<last>(?:1[5-9]|20)\d\d|\d\d)(?![-–/]?\d)")
def _years(match: re.Match[str], _: Reference) -> Meaning | None:
    """Read "2012-13", "1909–1949"."""
    first, last = int(match["first"]), int(match["last"])
    last += first // 100 * 100 if last < 100 else 0
    return Meaning(dates.lasting(f"{first:04d}", f"{last:04d}"), "range") if last > first else None


_UNITS = frozenset(words("units")) | frozenset(words("currencies"))
_BEFORE_YEAR = re.compile(
    r"(?:\b(?:in|since|by|until|till|through|during|before|after|late|early|mid|circa|year|the|fiscal|season|of|from|to|"
    r"and|between|or|than|as|around|over|for|into|with|this|that|an?|its|his|her|their|our|whose|fellow|about)[ -]|"
    r"[(\[;,–-] ?|\b[a-z]\. |['’]s )$",
    re.IGNORECASE,
)
_SURE_BEFORE_YEAR = re.compile(
    r"(?:\b(?:in|since|by|until|the|during|before|after|late|early|mid|circa|year) |['’]s |[A-Z]\w+ )$"
)
#: "a bloodless 2006 coup": a word between the article and the year, and one thing behind it.
_DESCRIBED = re.compile(r"\b(?i:an?|the|its|his|her|their|our) [a-z-]+ $")
_COUNTED = re.compile(r"\s[a-z]+s\b|\s(?:people|men|women|children|police|personnel)\b|\s(?:or|and) more\b")


def _measured(after: str) -> bool:
    """Whether the words behind a number are what it counts or measures: "2000 people", "1500 metre course"."""
    return bool(_COUNTED.match(after)) or after.split(maxsplit=1)[0] in _UNITS


@RULES(r"(?P<year>1[5-9]\d\d|20\d\d|2100)(?![%°]|[.,]\d|-[^\W\d])")
def _year(match: re.Match[str], _: Reference) -> Meaning | None:
    """Read a bare year where the words before ask for one ("in 2012", "the 2012 vote"), not "2000 people"."""
    before, after = match.string[max(0, match.start() - 30) : match.start()], match.string[match.end() :][:20]
    if _COUNTED.match(after) and not _SURE_BEFORE_YEAR.search(before):
        return None
    if _DESCRIBED.search(before) and after[:1] == " " and after[1:2].islower() and not _measured(after):
        return Meaning(dates.year(int(match["year"])))
    if not before.strip() or _BEFORE_YEAR.search(before) or _SURE_BEFORE_YEAR.search(before):
        return Meaning(dates.year(int(match["year"])))
    return None


@RULES(r"(?P<year>\d{1,4}) (?-i:AD|CE)", r"(?-i:AD) (?P<year>\d{1,4})", clues=(" ad", "ad ", " ce"))
def _year_of_era(match: re.Match[str], _: Reference) -> Meaning | None:
    return Meaning(dates.year(int(match["year"]))) if int(match["year"]) else None


@RULES(
    r"(?:the )?(?P<figures>1[0-9]\d0|20\d0)['’]?s",
    r"(?:the )?['’](?P<short>[1-9]0)s",
    r"the (?P<spelled><DECADE>)",
    clues=("0s", "0's", "0’s", "ties"),
)
def _decade(match: re.Match[str], reference: Reference) -> Meaning:
    """Read "the 1990s", "the '90s", "the nineties": without a century, the latest such decade that has begun."""
    if group(match, "figures"):
        first = int(group(match, "figures"))
        return Meaning(dates.years(first, first + (99 if first % 100 == 0 and first < 2000 else 9)))
    if reference.published is None:
        return Meaning()
    spelled = group(match, "spelled")
    tens = 10 * (DECADES.index(spelled) + 2) if spelled else int(group(match, "short"))
    first = reference.published.year // 100 * 100 + tens
    first -= 100 if first > reference.published.year else 0
    return Meaning(dates.years(first, first + 9))


@RULES(r"(?:the )?(?P<nth>\d{1,2}(?:st|nd|rd|th)|<ORDINAL>)[- ]century", clues=("century",))
def _century(match: re.Match[str], _: Reference) -> Meaning | None:
    nth = group(match, "nth")
    number = ORDINALS.get(nth) or int(re.sub(r"\D", "", nth))
    return Meaning(dates.years(100 * (number - 1), 100 * number - 1)) if 1 < number < 90 else None
