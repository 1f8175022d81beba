"""Finds the time expressions of a text and reads them, in text order: patterns, then what stands around them.

Takes the text and a ``Reference``; gives expressions with half-open offsets (code points) that do not overlap. Around a
pattern's match belong its preposition ("since", "until"), the part of the day ("late on", "morning") and the other end
of a range ("from Monday to Friday"). No language model: the caller says what is a name and what is an attribute.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from kg.core.model import Bounds
from kg.extract.times import absolute as timerules
from kg.extract.times import calendar as dates
from kg.extract.times import relative as timerelative
from kg.extract.times import years as timeyears
from kg.extract.times.calendar import UNRESOLVED
from kg.extract.times.pieces import Meaning, Reference, Rule, compiled, group

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

RULES: tuple[Rule, ...] = (*timerules.RULES, *timeyears.RULES, *timerelative.RULES)


@dataclass(frozen=True, slots=True)
class Expression:
    """A time expression: text[start:end] and what it says; ``core`` is the part that a pattern read."""

    start: int
    end: int
    core: tuple[int, int]
    meaning: Meaning
    part_of_day: bool = False


@dataclass(frozen=True, slots=True)
class _Match:
    """A reading that can be redone against another reference."""

    rule: Rule
    found: re.Match[str]

    def read(self, reference: Reference) -> Meaning | None:
        return self.rule.read(self.found, reference)


def find_expressions(
    text: str,
    reference: Reference,
    is_name: Callable[[int, int], bool] = lambda _, __: False,
    is_attribute: Callable[[int, int], bool] = lambda _, __: False,
) -> list[Expression]:
    """Return the time expressions of the text in order.

    ``is_name(start, end)`` says that a match belongs to a name ("Sunday Times") and is no time; ``is_attribute`` that
    it belongs to the noun after it ("after the Friday attack"), so that a preposition before it is not the time's.
    The argument stays as it is: each day named on the way makes a new one for what follows.
    """
    tense = reference.tense
    moving = replace(reference, tense=lambda at: "past" if _SINCE.search(text[max(0, at - 12) : at]) else tense(at))
    read = list(_read(text, moving, is_name))
    expressions: list[Expression] = []
    for match, meaning in read:
        plain = Expression(*match.found.span(), match.found.span(), meaning)
        expression = _with_day_part(text, plain)
        previous = expressions[-1] if expressions else None
        if previous is not None and expression.start < previous.end:
            expression = plain  # "12 May midnight Saturday": the part of the day is the first one's
        joined = _merged(text, previous, expression) if previous else None
        if joined is not None:
            expressions[-1] = joined
        else:
            expressions.append(expression)
    matches = {match.found.span(): match for match, _ in read}
    ranges = _ranges(text, expressions, matches)
    result: list[Expression] = []
    for expression in ranges:
        free = result[-1].end if result else 0
        result.append(_with_preposition(text, expression, free, moving, is_attribute))
    return result


# -- patterns ---------------------------------------------------------------------------------------------------------

_SINCE = re.compile(r"\bsince (?:late |early |mid-?)?$", re.IGNORECASE)  # whatever the verb, it has begun
_NOT_A_DAY = re.compile(r"(?:Black|Good|Bloody|Super|Ash|Palm|Holy|Maundy|Easter|Fat) $")
_PAPER = re.compile(r" (?:Times|Telegraph|Mirror|Express|Herald|Mail|Post|Star|Tribune|Guardian|World|Independent)\b")


def _read(text: str, reference: Reference, is_name: Callable[[int, int], bool]) -> Iterator[tuple[_Match, Meaning]]:
    """Read the matches of all patterns, leftmost first, the longest of those that begin together."""
    low = text.lower()
    found = [
        (match.start(), -match.end(), order, _Match(rule, match))
        for order, rule in enumerate(RULES)
        if not rule.clues or any(clue in low for clue in rule.clues)
        for match in rule.pattern.finditer(text)
    ]
    end = 0
    for start, minus_end, _, match in sorted(found, key=lambda entry: entry[:3]):
        if start < end or is_name(start, -minus_end):
            continue
        if _NOT_A_DAY.search(text[max(0, start - 7) : start]) or _PAPER.match(text, -minus_end):
            continue
        meaning = match.read(reference)
        if meaning is None:
            continue
        end = -minus_end
        yield match, meaning
        reference = _moved(reference, meaning)


def _moved(reference: Reference, meaning: Meaning) -> Reference:
    """Return the reference of a passage that tells of the time just read: its year, month, day as far as the words go.

    A day more than a year from the publication date is history, and the passage's day stays.
    """
    begin, grain = meaning.bounds.earliest_begin, meaning.bounds.grain
    if begin is None or meaning.kind not in {"point", "range"}:
        return reference
    when = dates.first_day(begin)
    moved = replace(reference, year=when, month=when if grain in {"month", "day"} else reference.month)
    if meaning.kind != "point":
        return moved
    if grain != "day":
        return replace(moved, told=None)
    history = reference.published is not None and abs((when - reference.published).days) > 366
    return replace(moved, told=when, passage=reference.passage if history else when)


# -- what stands around -----------------------------------------------------------------------------------------------

_DAY_PART_AFTER = compiled(r" (?-i:(?:early |late )?<PART>)(?: hours)?\b(?! after| before)")
_DAY_PART_BEFORE = compiled(
    r"(?:^|(?<=[^\w-]))(?:(?:the )?(?:early |late |small |wee )?(?:hours|morning|afternoon|evening|night) (?:of|on)|"
    r"(?:overnight|midnight|dawn|noon|midday)(?: on| of)?) (?:the )?$"
)
_FINE_BEFORE = compiled(
    r"(?:^|(?<=[^\w-]))(?:(?:very )?(?:late|early|earlier|later|mid)(?: on| in)?|the (?:end|start|beginning|middle) of|"
    r"the (?:first|second|third|last|final|early|latter) (?:half|part|weeks?|days?|months?|weekend) (?:of|in))[ -]$"
)


def _with_day_part(text: str, expression: Expression) -> Expression:
    """Take in "late on", "the early hours of", "morning": they change the words, never the date."""
    start, end = expression.core
    if expression.meaning.kind in {"duration", "frequency"}:
        return expression
    after = _DAY_PART_AFTER.match(text, end) if expression.meaning.bounds.grain == "day" else None
    end = after.end() if after else end
    before = _DAY_PART_BEFORE.search(text[:start], max(0, start - 40))
    start = before.start() if before else start
    fine = _FINE_BEFORE.search(text[:start], max(0, start - 40))
    start = fine.start() if fine else start
    core_words = text[slice(*expression.core)].lower()
    part = bool(before or after or re.search(r"night|evening|morning|afternoon", core_words))
    return replace(expression, start=start, end=end, part_of_day=part or _is_clock(expression))


def _is_clock(expression: Expression) -> bool:
    offset = expression.meaning.offset
    return offset is not None and offset.to == "passage" and offset.amount == 0


_BESIDE = compiled(r"(?:,? ?(?:on|of)?(?: the)?,? ?| \(?)")


def _merged(text: str, first: Expression, second: Expression) -> Expression | None:
    """One expression of a clock time and the day beside it ("at 6pm on Friday", "Friday at around 6pm")."""
    for clock, other in ((first, second), (second, first)):
        is_day = other.meaning.kind == "point" and other.meaning.bounds.grain == "day"
        if _is_clock(clock) and is_day and not _is_clock(other):
            gap = text[first.end : second.start]
            lead = re.fullmatch(r"\W*(?:at |around |about |shortly |just |before |after |on |of )*", gap)
            if lead is not None and len(gap) < 30 and "\n" not in gap and "." not in gap:
                return replace(other, start=first.start, end=second.end, part_of_day=True)
    return None


_TO = compiled(r" ?(?:to|until|till|through|-|–|—|up to) ?")
_AND = compiled(r" and ")
_FROM = compiled(r"(?:^|(?<=\W))from (?:about |around )?$")
_BETWEEN = compiled(r"(?:^|(?<=\W))between $")


def _ranges(text: str, expressions: list[Expression], matches: dict[tuple[int, int], _Match]) -> Iterator[Expression]:
    """Join the two ends of "from Monday to Friday", "between May 2003 and June 2004", "July 24 to August 2"."""
    waiting: Expression | None = None
    for expression in expressions:
        if waiting is not None:
            joined = _range(text, waiting, expression, matches)
            if joined is not None:
                waiting = joined
                continue
            yield waiting
        waiting = expression
    if waiting is not None:
        yield waiting


def _range(
    text: str, first: Expression, second: Expression, matches: dict[tuple[int, int], _Match]
) -> Expression | None:
    gap, before = text[first.end : second.start], text[max(0, first.start - 20) : first.start]
    opener = _FROM.search(before)
    if _AND.fullmatch(gap):
        opener = _BETWEEN.search(before)
        if opener is None:
            return None
    elif not _TO.fullmatch(gap):
        return None
    begin, end = first.meaning.bounds, second.meaning.bounds
    if begin.grain is None or end.grain is None or first.core not in matches or second.core not in matches:
        return None
    start = first.start - (len(before) - opener.start() if opener else 0)
    if begin == end:
        return replace(first, start=start, end=second.end)
    if opener is None and begin.grain != end.grain:
        return None
    if group(matches[second.core].found, "year") and not group(matches[first.core].found, "year") and end.latest_end:
        again = matches[first.core].read(Reference(dates.last_day(end.latest_end), lambda _: "past"))
        begin = again.bounds if again else begin
    if begin.earliest_begin is None or end.latest_end is None:
        return None
    if dates.last_day(end.latest_end) < dates.first_day(begin.earliest_begin):
        again = matches[second.core].read(Reference(dates.first_day(begin.earliest_begin), lambda _: "future"))
        end = again.bounds if again else UNRESOLVED
    if end.latest_end is None or dates.last_day(end.latest_end) < dates.first_day(begin.earliest_begin):
        return None
    bounds = dates.lasting(begin.earliest_begin, end.latest_end)
    return Expression(start, second.end, (first.core[0], second.core[1]), Meaning(bounds, "range"))


_PREPOSITION = compiled(
    r"(?:^|(?<=[^\w-]))(?:(?:shortly|just|soon|sometime|some time) )?"
    r"(?P<word>ever since|since|until|till|up to|through|by|before|prior to|after|as of|starting|beginning|"
    r"on|in|at|during|throughout|around|about|from)(?: about| around| at least)? $"
)
_POSSESSIVE = re.compile(r"['’]s?\b|['’]s? ")


def _with_preposition(
    text: str, expression: Expression, free: int, reference: Reference, is_attribute: Callable[[int, int], bool]
) -> Expression:
    """Take in the preposition, and what it says: since, until, by, before and after open a side."""
    if expression.meaning.kind in {"duration", "frequency"} or _POSSESSIVE.match(text, expression.end):
        return expression
    if is_attribute(*expression.core):
        return expression
    found = _PREPOSITION.search(text[: expression.start], max(free, expression.start - 30))
    if found is None:
        return expression
    word = " ".join(found["word"].lower().split())
    expression = replace(expression, start=found.start())
    bounds = _opened(word, expression, reference)
    if bounds is None:
        return expression
    return replace(expression, meaning=replace(expression.meaning, bounds=bounds, kind="range"))


def _opened(word: str, expression: Expression, reference: Reference) -> Bounds | None:
    """The bounds that a preposition gives, None where it changes nothing."""
    bounds, clock = expression.meaning.bounds, expression.part_of_day
    if word in {"since", "ever since"}:
        begin, published = bounds.earliest_begin, reference.published
        if published and begin and dates.first_day(begin) > published:
            published = None  # a text may speak of what had not begun when it came out: the end stays open
        return dates.lasting(begin, published.isoformat() if published else None) if bounds.grain else UNRESOLVED
    if bounds.grain is None or clock:
        return None  # "until late last night" is on that day
    if word in {"until", "till", "up to", "through"}:
        return dates.lasting(None, bounds.latest_end)
    if word in {"by", "before", "prior to"}:
        return Bounds(None, None, None, bounds.latest_end, "span")
    if word == "after":
        return Bounds(bounds.earliest_begin, None, None, None, "span")
    if word in {"starting", "beginning"}:
        return dates.lasting(bounds.earliest_begin, None)
    return None
