"""Cardinal numbers in English words and figures: "32", "1,200", "2.5 million", "twenty-three", "half a dozen".

Pure functions over lower-case words, cut as the tokenizer cuts them (a hyphen is a word of its own). Used for counts
and for dates ("seventeen years ago"). The result is an exact fraction: "2.5 million" is 2500000, "7.1" stays 71/10.
"""

from __future__ import annotations

import re
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from kg.ontology.words import numbered, words

if TYPE_CHECKING:
    from collections.abc import Sequence


class Number(NamedTuple):
    """A number, the index after its last word, and whether its word is inexact by itself ("a couple")."""

    value: Fraction
    end: int
    about: bool = False


_ONES = {word: value for value, word in enumerate(words("ones"))}
_TENS = {
    word: 10 * value for value, word in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), 2)
}
SCALES = numbered("scales")
_ORDINALS = words("ordinals")
ORDINALS: dict[str, int] = {word: value for value, word in enumerate(_ORDINALS, 1)}
ORDINAL_FRACTIONS = frozenset([*(f"{word}s" for word in _ORDINALS[2:]), "half", "halves", "third", "fifth", "tenth"])
_FIGURES = re.compile(r"(\d{1,3}(?:,\d{2,3})+|\d+)(\.\d+)?$")
_GLUED_SCALE = re.compile(r"([\d,.]*\d)(mn|bn|m|k)$")
_SHORT_SCALES = {"m": 1_000_000, "k": 1_000}  # before what is counted only: "1.5m people", no "1.5m high"
_MANY_THINGS = frozenset({"people", "men", "women", "children", "police", "of", "more", "others"})
_LONGEST_FIGURES = 12  # longer rows of digits are telephone and account numbers


def digits_of(word: str) -> Fraction | None:
    """Return the value of a word in figures ("1,200", "2.5", "1,00,000"); None for anything else ("007", "3rd")."""
    match = _FIGURES.match(word)
    if not match or len(word) > _LONGEST_FIGURES + 3 or (word[0] == "0" and len(match[1]) > 1):
        return None
    whole = match[1].replace(",", "")
    return Fraction(whole + (match[2] or "")) if len(whole) <= _LONGEST_FIGURES else None


def read_number(low: Sequence[str], at: int) -> Number | None:
    """Return the longest number that begins at a word (lower case), or None."""
    if at >= len(low):
        return None
    word = low[at]
    if word in {"a", "an", "half", "couple", "pair"}:
        return _idiom(low, at)
    figures = digits_of(word)
    if figures is not None:
        return _scaled(low, figures, at + 1)
    glued = _GLUED_SCALE.match(word)
    if glued and (figures := digits_of(glued[1])) is not None:
        if glued[2] in _SHORT_SCALES:
            scale = _SHORT_SCALES[glued[2]]
            return Number(figures * scale, at + 1, about=True) if _counts_things(low, at + 1) else None
        return Number(figures * SCALES[glued[2]], at + 1)
    if word in _ONES or word in _TENS:
        return _words(low, at)
    if word in {"hundred", "thousand"} and (at == 0 or low[at - 1] not in {"several", "few"}):
        return _words(low, at, leading=1)
    return None


def _idiom(low: Sequence[str], at: int) -> Number | None:
    rest = list(low[at : at + 5])
    if rest[0] == "half":
        skip = 1 + sum(word in {"-", "a"} for word in rest[1:3]) + (rest[3:4] == ["-"] and rest[1:2] == ["-"])
        scale = rest[skip] if skip < len(rest) else ""
        if scale in {"dozen", "million", "billion"} and skip > 0:
            return Number(Fraction(SCALES[scale], 2), at + skip + 1)
        return None
    skip = 1 if rest[0] in {"a", "an"} else 0
    noun = rest[skip] if skip < len(rest) else ""
    if noun in {"couple", "pair"} and (skip or rest[1:2] == ["of"]):
        end = at + skip + 1
        follows = low[end : end + 1]
        if noun == "couple" and not follows:
            return None
        if follows == ["of"] or noun == "couple":
            # "a couple of" is two or so; "the couple", "a couple" that marries are people: only with "of"
            return Number(Fraction(2), end, about=noun == "couple") if follows == ["of"] else None
        return None
    if skip and noun == "score" and rest[2:3] == ["of"]:
        return Number(Fraction(20), at + 2, about=True)
    if skip and noun in {"hundred", "thousand", "million"} and rest[2:3] == ["and"]:
        return _words(low, at + 1, leading=1)  # "a hundred and fifty"
    if skip and noun in SCALES and noun not in {"mn", "bn"}:
        return _scaled(low, Fraction(SCALES[noun]), at + 2)
    if skip and noun == "half":
        return None
    return None


def _scaled(low: Sequence[str], value: Fraction, at: int) -> Number:
    """Multiply by the scales that follow: "2.5 million", "5 hundred thousand", "two dozen"."""
    if at < len(low) and low[at] in _SHORT_SCALES and _counts_things(low, at + 1):
        return Number(value * _SHORT_SCALES[low[at]], at + 1, about=True)
    while at < len(low) and low[at] in SCALES:
        value *= SCALES[low[at]]
        at += 1
    return Number(value, at)


def _counts_things(low: Sequence[str], at: int) -> bool:
    """Whether a plural follows, with one word before it at most: "people", "displaced villagers", not "high"."""
    following = [word for word in low[at : at + 2] if word.isalpha()]
    return any(word in _MANY_THINGS or (word.endswith("s") and len(word) > 3) for word in following)


def _words(low: Sequence[str], at: int, leading: int | None = None) -> Number | None:
    """Read spelled numbers: "twenty-three", "one hundred and twenty", "two thousand five hundred"."""
    total, part, end = Fraction(0), Fraction(leading or 0), at
    seen_small = leading is not None
    while end < len(low):
        word = low[end]
        if word in _TENS and part % 100 == 0 and (part == 0 or part >= 100):
            part += _TENS[word]
            end += 1
            after = end + 1 if low[end : end + 1] == ["-"] else end
            if after < len(low) and 0 < _ONES.get(low[after], 0) < 10:
                part += _ONES[low[after]]
                end = after + 1
            seen_small = True
        elif word in _ONES and part % 100 == 0 and (part == 0 or part >= 100) and not (seen_small and part == 0):
            part += _ONES[word]
            end += 1
            seen_small = True
        elif word == "hundred" and 0 < part < 100:
            part *= 100
            end += 1
        elif word in SCALES and word != "hundred" and part > 0:
            total += part * SCALES[word]
            part, seen_small = Fraction(0), False
            end += 1
        elif word == "and" and low[end - 1 : end] and low[end - 1] in SCALES and end + 1 < len(low):
            if low[end + 1] not in _ONES and low[end + 1] not in _TENS:
                break
            if low[end - 1] == "dozen":
                break
            end += 1
        else:
            break
    if end == at:
        return None
    half = ["and", "a", "half"]
    if list(low[end : end + 3]) == half and low[end + 3 : end + 4] and low[end + 3] in SCALES:
        return Number((total + part + Fraction(1, 2)) * SCALES[low[end + 3]], end + 4)
    return Number(total + part, end)
