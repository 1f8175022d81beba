"""How many, in words alone: number phrases as bounds ("at least 32" is 32 and up, "dozens" 24 to 99).

Bounds are inclusive integers; None is an open side. The vague words have fixed bounds (see ``_VAGUE``), and count as
approximate. Percentages, money, measures, ages, dates, clock times and ordinals are no counts. No language model.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from kg.extract.amounts.numbers import ORDINAL_FRACTIONS, SCALES, digits_of, read_number
from kg.ontology.words import words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Quantity:
    """Inclusive bounds (None: open) and the half-open range of words they were read from."""

    minimum: int | None
    maximum: int | None
    approximate: bool
    start: int
    end: int


#: What stands before a number and moves its bounds.
_MODIFIERS: dict[tuple[str, ...], str] = {
    tuple(phrase.split()): kind
    for kind, phrases in {
        "min": "at least|no fewer than|no less than|not less than|not fewer than|a minimum of|minimum|upwards of|"
        "as few as|at the least",
        "over": "more than|over|above|in excess of|greater than|exceeding|upward of",
        "max": "up to|as many as|as much as|at most|no more than|not more than|a maximum of|maximum|at the most",
        "under": "fewer than|less than|under|below",
        "approx": "around|about|approximately|roughly|some|nearly|almost|close to|an estimated|estimated|circa|ca.|"
        "near|an approximate|perhaps|maybe|as estimated",
        "same": "well|all|all the|the|just|only|exactly|even|a total of|altogether",
    }.items()
    for phrase in phrases.split("|")
}
_LONGEST_MODIFIER = max(map(len, _MODIFIERS))
#: Modifiers that are also plain prepositions or determiners: the parse has the last word.
_AMBIGUOUS = frozenset({"over", "above", "under", "below", "around", "about", "near", "some"})
#: Modifiers that are not part of the phrase when nothing else stands before the number.
_OUTSIDE = frozenset({"the", "just", "only", "even", "well", "exactly"})
_VAGUE: dict[tuple[str, ...], tuple[int, int]] = {
    ("dozens",): (24, 99),
    ("scores",): (40, 100),
    ("tens", "of"): (20, 99),
    ("hundreds",): (200, 999),
    ("thousands",): (2_000, 9_999),
    ("millions",): (2_000_000, 9_999_999),
    ("tens", "of", "thousands"): (20_000, 99_999),
    ("hundreds", "of", "thousands"): (200_000, 999_999),
    ("tens", "of", "millions"): (20_000_000, 99_999_999),
    ("hundreds", "of", "millions"): (200_000_000, 999_999_999),
}
#: "several hundred" is 200 to 999: the bounds of the plural.
_SEVERAL = (("several",), ("a", "few"), ("few",), ("some", "few"))
_SEVERAL_OF = {
    "dozen": (24, 99),
    "score": (40, 100),
    "hundred": (200, 999),
    "thousand": (2_000, 9_999),
    "million": (2_000_000, 9_999_999),
}
_AFTER: dict[tuple[str, ...], str] = {
    ("or", "more"): "min",
    ("+",): "min",
    ("-", "plus"): "min",
    ("or", "so"): "approx",
    ("-", "odd"): "approx",
    ("odd",): "approx",
    ("or", "fewer"): "max",
    ("or", "less"): "max",
    ("at", "least"): "min",
    ("at", "most"): "max",
}
_MONTHS = (*(month.title() for month in words("months")), *words("shortMonths"))
_CURRENCY_BEFORE = frozenset(words("currencyBefore"))
_NOT_COUNTED_BEFORE = _CURRENCY_BEFORE | frozenset(words("notCountedBefore"))
NOT_COUNTED_AFTER = frozenset(
    # shares and money
    words("notCountedAfter")
)
_YEAR = re.compile(r"(?:1[5-9]|20)\d\d$")
_RANGE = re.compile(r"(\d[\d,]*)[-–—](\d[\d,]*)$")
_WORDS = re.compile(r"\d[\d,.]*[-–]\d[\d,.]*\d|\d[\d,.]*\d|\d|[^\W\d_]+(?:[.'’][^\W\d_]+)*\.?(?=\s|$)|[^\W\d_]+|\S")
_DASHES = frozenset("-–—")


def read_quantity(words: Sequence[str] | str) -> Quantity | None:
    """Return the first quantity in the words, None where there is none; start and end are indices into the words.

    A string is cut into words at spaces, hyphens and punctuation; a sequence is taken as it is.
    """
    if isinstance(words, str):
        words = _WORDS.findall(words)
    return next(quantities_in(words, lambda _: True), None)


def quantities_in(words: Sequence[str], may_modify: Callable[[int], bool]) -> Iterator[Quantity]:
    """Yield the quantities of the words in order; ``may_modify`` says of "over", "about" and the like if they limit."""
    low = [word.lower() for word in words]
    at = 0
    while at < len(words):
        quantity = _quantity_at(low, at, may_modify) if _may_start(low[at]) else None
        if quantity is None:
            at += 1
            continue
        ratio = _ratio_end(low, quantity.end)
        if ratio is None and not _is_other(words, low, quantity):
            yield quantity
        at = ratio or quantity.end


def _may_start(word: str) -> bool:
    return word[:1].isdigit() or word in _STARTS or read_number([word], 0) is not None


def _quantity_at(low: Sequence[str], start: int, may_modify: Callable[[int], bool]) -> Quantity | None:
    """Return the quantity that begins exactly at a word."""
    kinds, at, first = [], start, None
    while (modifier := _modifier(low, at, may_modify)) is not None:
        kinds.append(_MODIFIERS[modifier])
        if first is None and not (len(modifier) == 1 and modifier[0] in _OUTSIDE):
            first = at
        at += len(modifier)
    core = _core(low, at)
    if core is None:
        return None
    quantity = replace(core, start=at if first is None else first)
    for phrase, kind in _AFTER.items():
        if tuple(low[quantity.end : quantity.end + len(phrase)]) == phrase:
            kinds.append(kind)
            quantity = replace(quantity, end=quantity.end + len(phrase))
            break
    for kind in kinds:
        quantity = bounded(quantity, kind)
    return quantity


def _modifier(low: Sequence[str], at: int, may_modify: Callable[[int], bool]) -> tuple[str, ...] | None:
    for size in range(_LONGEST_MODIFIER, 0, -1):
        phrase = tuple(low[at : at + size])
        if len(phrase) == size and phrase in _MODIFIERS:
            if size == 1 and phrase[0] in _AMBIGUOUS and not may_modify(at):
                return None
            return phrase
    return None


def bounded(quantity: Quantity, kind: str) -> Quantity:
    """Return the quantity with the bounds that a modifier of a kind gives it: min, over, max, under, approx, same."""
    low, high = quantity.minimum, quantity.maximum
    if kind == "min":
        return replace(quantity, maximum=None)
    if kind == "over":
        # "more than 36" is 37 and up; of a vague plural only the lower bound is known
        exact = low is not None and low == high
        return replace(quantity, minimum=low + 1 if exact and low is not None else low, maximum=None)
    if kind == "max":
        return replace(quantity, minimum=None)
    if kind == "under":
        return replace(quantity, minimum=None, maximum=None if high is None else max(high - 1, 0))
    if kind == "approx":
        return replace(quantity, approximate=True)
    return quantity


def _core(low: Sequence[str], at: int) -> Quantity | None:
    if at >= len(low):
        return None
    vague = _vague(low, at)
    if vague is not None:
        return vague
    if low[at] == "both" and low[at + 1 : at + 2] != ["and"]:
        return Quantity(2, 2, approximate=False, start=at, end=at + 1)
    glued = _RANGE.match(low[at])
    if glued:
        if _YEAR.match(glued[1]) and _YEAR.match(glued[2]):
            return None
        first, last = digits_of(glued[1]), digits_of(glued[2])
        return _span(first, last, at, at + 1) if first is not None and last is not None else None
    if low[at] == "between":
        first_number = read_number(low, at + 1)
        if first_number and low[first_number.end : first_number.end + 1] == ["and"]:
            last_number = read_number(low, first_number.end + 1)
            if last_number:
                return _span(first_number.value, last_number.value, at, last_number.end)
        return None
    number = read_number(low, at)
    if number is None:
        return None
    after_from = at > 0 and low[at - 1] == "from"  # "rose from 20 to 30" are two figures, no range
    joiner = low[number.end] if number.end < len(low) else ""
    if (joiner in {"to", "or"} or joiner in _DASHES) and not after_from:
        last_number = read_number(low, number.end + 1)
        years = _YEAR.match(low[at]) and (joiner in _DASHES or _YEAR.match(low[number.end + 1]))
        if last_number and last_number.value > number.value and not years:
            first = _shared_scale(number.value, last_number.value, low[last_number.end - 1])
            return _span(first, last_number.value, at, last_number.end)
    value = _whole(number.value)
    if value is None or ("." in low[at] and number.end == at + 1):
        return None  # "7.0" measures something
    return Quantity(value, value, approximate=number.about, start=at, end=number.end)


def _shared_scale(first: Fraction, last: Fraction, last_word: str) -> Fraction:
    """Return the first bound of "2 to 3 million" with the scale word that it shares with the second."""
    scale = SCALES.get(last_word, 1)
    return first * scale if first < last / scale else first


def _span(first: Fraction, last: Fraction, start: int, end: int) -> Quantity | None:
    low, high = _whole(first), _whole(last)
    if low is None or high is None or low >= high:
        return None
    return Quantity(low, high, approximate=False, start=start, end=end)


def _whole(value: Fraction) -> int | None:
    return int(value) if value.denominator == 1 else None


def _vague(low: Sequence[str], at: int) -> Quantity | None:
    for size in (3, 2, 1):
        phrase = tuple(low[at : at + size])
        bounds = _VAGUE.get(phrase)
        if bounds is None or len(phrase) < size:
            continue
        end = at + size
        if low[at] == "scores" and low[end : end + 1] and low[end] not in _AFTER_SCORES:
            return None  # "test scores", "she scores"
        if phrase == ("tens", "of"):
            end -= 1
        return Quantity(*bounds, approximate=True, start=at, end=end)
    for several in _SEVERAL:
        size = len(several)
        if tuple(low[at : at + size]) == several and at + size < len(low):
            scale = low[at + size].removesuffix("s")
            if scale in _SEVERAL_OF:
                return Quantity(*_SEVERAL_OF[scale], approximate=True, start=at, end=at + size + 1)
    return None


_AFTER_SCORES = frozenset((*words("afterScores"), ",", ".", ";"))
_STARTS = (
    frozenset(phrase[0] for phrase in (*_MODIFIERS, *_VAGUE, *_SEVERAL))
    | {"between", "both", "a", "an", "half"}
    | set(SCALES)
)


def _ratio_end(low: Sequence[str], at: int) -> int | None:
    """Return the end of a ratio ("one in five", "one in every ten") whose first number ends at a word, else None."""
    if low[at : at + 1] != ["in"]:
        return None
    number = read_number(low, at + 2 if low[at + 1 : at + 2] == ["every"] else at + 1)
    return None if number is None or _YEAR.match(low[number.end - 1]) else number.end


_PRONOUN_BEFORE = frozenset(words("oneIsPronoun"))


def _is_other(words: Sequence[str], low: Sequence[str], quantity: Quantity) -> bool:
    """Whether the number is a share, money, a measure, an age, a date, a time, an ordinal or a name's number."""
    start, end = quantity.start, quantity.end
    before = low[start - 1] if start else ""
    after = low[end] if end < len(low) else ""
    if before == "." and start > 1 and words[start - 2] in ("No", "Nos"):
        return True  # "No. 10", cut into pieces
    if before in _NOT_COUNTED_BEFORE or after in NOT_COUNTED_AFTER or after in ORDINAL_FRACTIONS:
        return True
    if after == "per" and low[end + 1 : end + 2] == ["cent"]:
        return True
    if after in _DASHES and end + 1 < len(low) and low[end + 1].isalpha() and low[end + 1] != "strong":
        return True  # "25-year-old", "7-magnitude", "30-member"
    if low[start:end] == ["one"] and (before in _PRONOUN_BEFORE or after in {"another", "by"}):
        return True
    if after in _DASHES and end + 1 < len(low) and low[end + 1][:1].isdigit():
        return True  # "lost 4-0"
    if before in _DASHES and start > 1 and low[start - 2][-1:].isdigit() and start == end - 1:
        return True
    if after in {":", ".", "/"} and end + 1 < len(low) and low[end + 1][:1].isdigit() and low[end - 1].isdigit():
        return True  # a clock time or a date cut into pieces
    if (start and words[start - 1] in _MONTHS) or (end < len(words) and words[end].rstrip(".") in _MONTHS):
        return True
    if start > 1 and low[start - 1] == "the" and words[start - 2] in _MONTHS:
        return True
    number_word = low[end - 1]
    return bool(end - start == 1 and _YEAR.match(number_word) and number_word != "2000")
