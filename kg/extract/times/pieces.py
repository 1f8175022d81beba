"""The words of time: what an expression is, what it is read against, and the pieces that its patterns are made of.

Patterns are regular expressions in which ``<NAME>`` stands for a piece below and a space for any white space; letter
case counts only in names (``May``, ``Sunday``). A rule gives a pattern its meaning. No language model, no spaCy.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, cast

from kg.core.model import Bounds
from kg.extract.amounts.numbers import ORDINALS, read_number
from kg.extract.times.calendar import UNRESOLVED, Tense, Unit
from kg.ontology.words import paired, words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import date

Kind = Literal["point", "range", "duration", "frequency"]


@dataclass(frozen=True, slots=True)
class Offset:
    """A distance from another time: "four days after X" is 4 days from X, "the day before" is -1 day.

    ``to`` says from what: the event named after the words, or the day that the passage is telling of.
    """

    amount: int
    unit: Unit
    to: Literal["event", "passage"]


@dataclass(frozen=True, slots=True)
class Meaning:
    """What an expression says: bounds where they are known, an offset where another time decides."""

    bounds: Bounds = UNRESOLVED
    kind: Kind = "point"
    offset: Offset | None = None


@dataclass(frozen=True, slots=True)
class Reference:
    """What expressions are read against: the publication date, the tense at an offset, and the passage so far.

    ``passage`` is the day of the story so far, near the publication date. ``told`` is the day that the last expression
    named, None after a coarser one; ``month`` and ``year`` are the first days of the last ones named.
    """

    published: date | None
    tense: Callable[[int], Tense | None]
    passage: date | None = None
    told: date | None = None
    month: date | None = None
    year: date | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """A pattern and its meaning; a handler returns None where the words are no time expression after all.

    The pattern is looked for only in texts that hold one of its clues (lower case), where it has any: rare ones are
    skipped at no cost.
    """

    pattern: re.Pattern[str]
    clues: tuple[str, ...]
    read: Callable[[re.Match[str], Reference], Meaning | None]


#: No word, price, decimal or compound before; "mid-" and the like may stand there.
_START = r"(?<![\w$€£₹.,:/])(?<!(?<!mid)(?<!late)(?<!early)(?<!pre)(?<!post)(?<!\d)-)"


class Rules(list[Rule]):
    """The rules of one module; used as a decorator on the function that reads the pattern."""

    def __call__(
        self, *patterns: str, clues: tuple[str, ...] = ()
    ) -> Callable[
        [Callable[[re.Match[str], Reference], Meaning | None]], Callable[[re.Match[str], Reference], Meaning | None]
    ]:
        """Register a handler under some patterns, to be tried where the text holds one of the clues."""

        def register(
            handler: Callable[[re.Match[str], Reference], Meaning | None],
        ) -> Callable[[re.Match[str], Reference], Meaning | None]:
            self.extend(Rule(compiled(rf"{_START}(?:{pattern})(?!\w)"), clues, handler) for pattern in patterns)
            return handler

        return register


#: How many units on a determiner points.
STEPS = {"last": -1, "past": -1, "previous": -1, "this": 0, "current": 0, "same": 0, "next": 1, "coming": 1}
MONTHS = words("months")
WEEKDAYS = words("weekdays")
DECADES = "twenties thirties forties fifties sixties seventies eighties nineties".split()
_SHORT_MONTHS = words("shortMonths")
_SHORT_DAYS = words("shortDays")


def _either(choices: Iterable[str]) -> str:
    return "|".join(choices)


def _names(full: Sequence[str], short: Sequence[str]) -> str:
    """Names in title case or capitals, and their abbreviations with or without a dot."""
    capitals = _either([name.title() for name in full] + [name.upper() for name in full])
    return rf"(?-i:{capitals}|(?:{_either(short)})\b\.?)" if short else rf"(?-i:{capitals})"


_SMALL = (
    "an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|"
    "eighteen|nineteen"
)
_SPELLED_TENS = "(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)"
_ZONE = "(?: (?:local time|GMT|UTC|ET|EST|EDT|IST|BST|PST|hours|hrs))?"
PIECES: dict[str, str] = {
    "MONTH": _names(MONTHS, _SHORT_MONTHS),
    "PLAIN_MONTH": _names([name for name in MONTHS if name not in {"march", "may"}], _SHORT_MONTHS[1:]),
    "WEEKDAY": _names(WEEKDAYS, _SHORT_DAYS),
    "FULL_WEEKDAY": _names(WEEKDAYS, []),
    "DAY": r"(?:0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?(?![\w%:]|[,.]\d)",
    "YEAR": r"(?:1\d\d\d|20\d\d|2100)(?![\w%]|[.,]\d)",
    "NUMBER": rf"(?:\d{{1,4}}|{_SMALL}|{_SPELLED_TENS}(?:[- ](?:{_SMALL}))?|a hundred)",
    "VAGUE": "(?:several|many|a few|few|some|a couple of|a number of|recent|numerous|countless|the last few)",
    "ABOUT": "(?:about|around|almost|nearly|some|roughly|over|more than|just over|less than|at least|up to|another)",
    "UNIT": "(?:(?:second|minute|hour|day|night|week|month|quarter|year|decade|generation)s?|centur(?:y|ies))",
    "UNITS": "(?:minutes|hours|days|nights|weeks|months|years|decades|centuries|generations)",
    "SEASON": "(?:spring|summer|autumn|fall|winter)",
    "ORDINAL": _either(list(ORDINALS)),
    "DECADE": _either(DECADES),
    "CLOCK": (
        r"(?:(?:1[0-2]|0?\d)(?:[:.][0-5]\d){0,2} ?(?:[ap]\.m\.|[ap]m\b)|"
        r"(?:[01]?\d|2[0-3])(?::|\.(?=[0-5]\d (?:hours|hrs|GMT)))[0-5]\d(?![\d%]|[.,]\d)|"
        r"\d{4} (?=GMT|UTC|hours|hrs)|(?:1[0-2]|\d) ?o['’]clock)" + _ZONE
    ),
    "PART": "(?:morning|afternoon|evening|night|midnight|noon|dawn|dusk|midday|daybreak|sunrise|sunset|lunchtime)",
}


def compiled(pattern: str) -> re.Pattern[str]:
    """Return the pattern with its pieces filled in, and any white space for a space."""
    for name, piece in PIECES.items():
        pattern = pattern.replace(f"<{name}>", piece)
    return re.compile(pattern.replace(" ", r"\s"), re.IGNORECASE)


def month_number(name: str) -> int:
    """Return the number, 1 to 12, of a month's name or abbreviation."""
    return next(number for number, full in enumerate(MONTHS, 1) if full[:3] == name[:3].lower())


def weekday_number(name: str) -> int:
    """Return the number, Monday 0 to Sunday 6, of a weekday's name or abbreviation."""
    return next(number for number, full in enumerate(WEEKDAYS) if full[:3] == name[:3].lower())


def whole_number(words: str) -> int | None:
    """Return the whole number of the words ("a", "12", "twenty-three"), None if they are none."""
    low = words.lower()
    if low in {"a", "an"}:
        return 1
    number = read_number(low.replace("-", " - ").split(), 0)
    return int(number.value) if number and number.value.denominator == 1 else None


_UNITS = cast("dict[str, Unit]", paired("timeUnits"))


def unit_of(word: str) -> Unit | None:
    """Return the unit of a word ("days", "night"), None for those without arithmetic ("centuries", "generations")."""
    return _UNITS.get(word.lower().removesuffix("s"))


def group(match: re.Match[str], name: str) -> str:
    """Return the words of a named group in lower case with plain spaces, "" where it is absent from the match."""
    found = cast("str | None", match.groupdict().get(name))
    return " ".join(found.lower().replace("’", "'").split()) if found else ""
