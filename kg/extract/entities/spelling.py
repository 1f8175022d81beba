"""Names as strings: folding, acronyms, short forms, spelling variants. No document, no ontology, no state.

Names come in as the text has them ("al-Nur's", "U.S.", "The Daily Post") and are compared in folded form: Unicode NFKD
without marks, lower case, no leading "the", no possessive, hyphens and apostrophes gone, dots of acronyms closed up.
"""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from functools import lru_cache

from kg.core.names import fold
from kg.ontology.words import words

#: Forms of address that are no part of a person's name; in folded form, with what they say about gender.
ADDRESS = {
    **dict.fromkeys(words("addressMale"), "m"),
    **dict.fromkeys(words("addressFemale"), "f"),
    **dict.fromkeys(words("addressTitles"), ""),
    **dict.fromkeys(words("addressOffices"), ""),
}
#: Small words that acronyms leave out and that make no name by themselves.
_SMALL = frozenset(words("smallInNames"))
_SAME_SPELLING = 0.85
#: Names of which the folded form is kept: every name of an article is compared with every other.
_KEPT = 8192


@lru_cache(_KEPT)
def words_of(name: str) -> tuple[str, ...]:
    """Return the folded words of a name."""
    return tuple(fold(name).split())


@lru_cache(_KEPT)
def bare_person(name: str) -> tuple[str, ...]:
    """Return the folded words of a person's name without forms of address and middle initials."""
    words = words_of(name)
    while len(words) > 1 and words[0] in ADDRESS:
        words = words[1:]
    longer = tuple(w for w in words if len(w) > 1)
    return longer or words


def initials(name: str) -> str:
    """Return the first letters of a name's words, small words left out, in lower case."""
    return "".join(word[0] for word in words_of(name) if word not in _SMALL)


def is_acronym(short: str, long: str) -> bool:
    """Whether ``short`` is made of the first letters of ``long`` ("USGS" of "US Geological Survey")."""
    letters = short.replace(".", "")
    if not (2 <= len(letters) <= 8 and sum(c.isupper() for c in letters) >= max(2, len(letters) - 2)):
        return False
    if not letters.isalnum():
        return False
    wanted = letters.lower()
    words = words_of(long)
    if len(words) < 2:
        return False
    with_small = "".join(word[0] for word in words)
    closed = "".join(w if w.isupper() and len(w) <= 3 else w[:1] for w in re.findall(r"\w+", long)).lower()
    return wanted in {initials(long), with_small, closed}


def is_short_person(short: str, long: str) -> bool:
    """Whether ``short`` may name the person whose full name is ``long``: its words stand there, in that order."""
    few, many = bare_person(short), bare_person(long)
    if not few or len(few) >= len(many):
        return False
    if len(few) == 1 and few[0] in _SMALL:
        return False
    rest = iter(many)
    return all(word in rest for word in few)


def is_short_form(short: str, long: str) -> bool:
    """Whether ``short`` is ``long`` with words left off at either end ("Acme" of "Acme Mining Company")."""
    few, many = words_of(short), words_of(long)
    if not few or len(few) >= len(many) or all(w in _SMALL or len(w) < 3 for w in few):
        return False
    return few == many[: len(few)] or few == many[-len(few) :]


def same_spelling(one: str, other: str) -> bool:
    """Whether two names of several words are spellings of one: a word in common, the rest nearly alike.

    "Ain Sefra" and "Aïn Sefra", "In Salah" and "Ain Salah"; never "North Darfur" and "South Darfur".
    """
    first, second = words_of(one), words_of(other)
    if first == second:
        return True
    if len(first) != len(second) or len(first) < 2:
        return "".join(first) == "".join(second)
    different = [(a, b) for a, b in zip(first, second, strict=True) if a != b]
    if len(different) != 1 or any(word.isdigit() for pair in different for word in pair):
        return False
    a, b = different[0]
    if min(len(a), len(b)) <= 3:
        return a[-2:] == b[-2:] and abs(len(a) - len(b)) <= 1
    return a[0] == b[0] and SequenceMatcher(None, a, b).ratio() >= _SAME_SPELLING


#: Letters of a surname from which on two spellings with one sound are one name.
LONG_NAME = 6
_SOUNDS = (
    *(("ph", "f"), ("kh", "k"), ("gh", "k"), ("dh", "d"), ("th", "t")),
    *(("q", "k"), ("g", "k"), ("ou", "u"), ("oo", "u"), ("ee", "i"), ("y", "i")),
)


@lru_cache(_KEPT)
def sound(name: str) -> str:
    """Return a folded name without what spellings of other scripts differ in: "Gaddafi", "Qadhafi" → "kadafi"."""
    for spelt, said in _SOUNDS:
        name = name.replace(spelt, said)
    return "".join(char for i, char in enumerate(name) if i == 0 or char != name[i - 1])


def sounds_alike(one: str, other: str) -> bool:
    """Whether two names of a person may be spellings of one: by the sound of surname, and of given name if told."""
    first, second = bare_person(one), bare_person(other)
    if min(len(first[-1]), len(second[-1])) < LONG_NAME or sound(first[-1]) != sound(second[-1]):
        return False
    return len(first) == 1 or len(second) == 1 or sound(first[0]) == sound(second[0])


def keys(name: str) -> frozenset[str]:
    """Return what two names have in common wherever one may be a form of the other by any rule of this module.

    That is a word, all letters, the sound of the last word, or the letters of an acronym: "Gaddafi" and "Qadhafi"
    share "~kadafi", "USGS" and "US Geological Survey" share "@usgs".
    """
    words = words_of(name)
    letters = name.replace(".", "")
    closed = "".join(w if w.isupper() and len(w) <= 3 else w[:1] for w in re.findall(r"\w+", name)).lower()
    acronyms = (letters.lower(), initials(name), "".join(word[0] for word in words), closed)
    last = bare_person(name)[-1:]
    return frozenset(
        [*words, "=" + "".join(words), *("~" + sound(w) for w in last), *("@" + a for a in acronyms if len(a) > 1)]
    )


def address_gender(word: str) -> str | None:
    """Return "m", "f" or "" for a form of address ("Mr", "Dr"); None for any other word."""
    return ADDRESS.get(fold(word.rstrip(".")))
