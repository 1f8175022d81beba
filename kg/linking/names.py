"""Names as they meet across datasets: the keys by which two spellings find each other, and how near they are.

A name has keys of four kinds, the surest first: its normal form (of "Ruelo, José" also that of "José Ruelo"); the form
without titles and legal forms, umlauts written out, usual spellings of places; the skeleton of consonants, which ways
of transliterating a name share; the initials. What is listed stands in ontology/words-linking.ttl.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from enum import IntEnum
from functools import lru_cache

from rapidfuzz import fuzz, process
from rapidfuzz.distance import JaroWinkler

from kg.core.names import fold
from kg.ontology.words import words


class Kind(IntEnum):
    """How two names meet, the surest way first."""

    EXACT = 0
    SPELLING = 1
    ALIKE = 2
    ACRONYM = 3


Key = tuple[Kind, str]

_ACRONYM = 5  # letters: a word of capitals as short as this stands for many things
_INITIALS = 3  # letters: fewer are everybody's
_ALIKE = 0.71  # Jaro-Winkler of each two words with one skeleton: "Muhammad" and "Mohamed", not "Marina" and "Moreno"
_WRITTEN_OUT = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe", "æ": "ae", "œ": "oe", "ł": "l", "đ": "d"}
)
_LETTERS = (  # ways to write one sound, in this order; what is left of vowels, h and y falls
    ("tsch|tch|tsh", "c"),
    ("sch|sh|ch", "c"),
    ("ph", "f"),
    ("ck|kh|gh|q|g", "k"),
    ("dh", "d"),
    ("th", "t"),
    ("w", "v"),
    ("x", "ks"),
    ("z", "s"),
    ("j(?=[^aeiou]|$)", ""),
)
_SMALL = frozenset(words("smallWords"))


def keys(names: Iterable[str]) -> set[Key]:
    """The keys of all these names."""
    return {key for name in names for key in keys_of(name)}


@lru_cache(maxsize=20_000)
def keys_of(name: str) -> frozenset[Key]:
    """The keys of a name; none of one without a letter or digit."""
    exact = {form for form in map(fold, (name, *_turned(name))) if any(map(str.isalnum, form))}
    spelt = {form for form in map(spelling, (name, *_turned(name))) if any(map(str.isalnum, form))}
    return frozenset(
        [
            *((Kind.EXACT, form) for form in exact),
            *((Kind.SPELLING, form) for form in spelt),
            *((Kind.ALIKE, bones) for form in spelt if (bones := _skeleton(form))),
            *((Kind.ACRONYM, letters) for letters in _initials(name)),
        ]
    )


def meet(kind: Kind, one: str, other: str) -> bool:
    """Whether two names that have a key of this kind in common may be one: no two long names by their initials."""
    if kind is Kind.ACRONYM:
        return is_acronym(one) != is_acronym(other)
    if kind is Kind.ALIKE:  # with one skeleton, so of as many words
        pairs = zip(_bare(spelling(one)), _bare(spelling(other)), strict=True)
        return all(JaroWinkler.similarity(*pair) >= _ALIKE for pair in pairs)
    return True


def nearest(name: str, names: Sequence[str], least: float, most: int) -> list[tuple[int, float]]:
    """The names whose letters are nearest: place in ``names`` and nearness from 0 to 100, ``least`` of that or more."""
    found = process.extract(name, names, scorer=fuzz.ratio, score_cutoff=least, limit=most, processor=None)
    return [(place, float(nearness)) for _, nearness, place in found]


def near(one: str, other: str) -> float:
    """How near two words are by their letters (Jaro-Winkler), from 0 to 1: "arest" and "arrest"."""
    return JaroWinkler.similarity(one, other)


def is_acronym(name: str) -> bool:
    """Whether a name is a few capitals, or two letters: what may stand for many things."""
    letters = [char for char in name if char.isalpha()]
    return len(letters) <= _ACRONYM and " " not in name.strip() and (name.isupper() or len(letters) < 3)


def _turned(name: str) -> tuple[str, ...]:
    """What stands behind a comma put first: "José Ruelo" of "Ruelo, José"."""
    last, comma, first = name.partition(",")
    if not comma or "," in first or len(last.split()) > 3 or not 1 <= len(first.split()) <= 3:
        return ()
    return (f"{first.strip()} {last.strip()}",)


def spelling(name: str) -> str:
    """The form without titles and legal forms, umlauts written out, words and places in their usual spelling."""
    written = unicodedata.normalize("NFC", name).casefold().translate(_WRITTEN_OUT)
    whole = _usual().get(fold(written), fold(written))
    parts = [
        _usual().get(part, part) for part in re.sub(r"(?:\b\w ){1,3}\b\w$", _joined, whole).split() if part != "and"
    ]
    while len(parts) > 1 and parts[-1] in _legal_forms():
        parts.pop()
    while len(parts) > 1 and parts[0] in _titles():
        parts.pop(0)
    return " ".join(parts)


def _joined(letters: re.Match[str]) -> str:
    return letters[0].replace(" ", "")


def _skeleton(spelt: str) -> str:
    """The consonants of a name of several words; a vowel at the beginning of a word counts as one."""
    parts = _bare(spelt)
    if len(parts) < 2 or not spelt.isascii():
        return ""
    return " ".join(map(_bones, parts))


def _bare(spelt: str) -> list[str]:
    """The words of a name without the Arabic article."""
    return ["bin" if part == "ibn" else part for part in spelt.split() if part not in ("al", "el")]


def _bones(word: str) -> str:
    for ways, sound in _LETTERS:
        word = re.sub(ways, sound, word)
    first = "a" if re.match("y?[aeiou]", word) else ""
    return first + re.sub(r"(.)\1+", r"\1", re.sub("[aeiouyh]", "", word))


def _initials(name: str) -> set[str]:
    if is_acronym(name):
        letters = fold(name).replace(" ", "")
        return {letters} if len(letters) >= _INITIALS else set()
    first = [word[0] for word in re.findall(r"[^\W_]+", name) if word.casefold() not in _SMALL]
    if len(first) < _INITIALS or not all(map(str.isupper, first)):
        return set()
    return {fold("".join(first))}


@lru_cache(maxsize=1)
def _legal_forms() -> frozenset[str]:
    return frozenset(map(fold, words("legalForms")))


@lru_cache(maxsize=1)
def _titles() -> frozenset[str]:
    return frozenset(map(fold, words("nameTitles")))


@lru_cache(maxsize=1)
def _usual() -> dict[str, str]:
    pairs = (pair.partition("=") for pair in words("usualSpellings"))
    return {fold(other): fold(usual) for other, _, usual in pairs}
