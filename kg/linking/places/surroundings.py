"""What an article tells of where it is: countries and their peoples in its words, its dateline, its publisher.

Goes in: the article's text and metadata. Comes out: country codes with positions, and for a mention the name of the
larger place that stands behind it ("Rome, Georgia").
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from kg.linking.places.place import form
from kg.ontology.words import paired, words

if TYPE_CHECKING:
    from kg.ontology.values import Ontology


@dataclass(frozen=True, slots=True)
class Source:
    """An article as places are looked for in it: its text, and what is known of who published it."""

    text: str
    publisher: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class CountryWords:
    """Words that tell a country: ``names`` by form, with each code that they may mean; ``told`` are in ``pattern``."""

    names: Mapping[str, tuple[str, ...]]
    told: Mapping[str, str]  # the words of the pattern, of which each tells one country
    pattern: re.Pattern[str]

    def in_text(self, text: str) -> list[tuple[int, str]]:
        """Where a text speaks of a country or its people: position and code."""
        return [(found.start(), self.told[found[0]]) for found in self.pattern.finditer(text)]


def country_words(ontology: Ontology) -> CountryWords:
    """The words for countries and their peoples that the ontology knows."""
    codes = paired("countryCodes")
    shared = set(map(form, words("sharedPlaceNames")))
    names: dict[str, list[str]] = {}
    told: dict[str, str] = {}
    for country in ontology.countries:
        code = codes.get(country.name)
        if code is None:
            continue
        for name in (country.name, *country.aliases):
            names.setdefault(form(name), []).append(code)
            if form(name) not in shared:
                told.setdefault(name, code)
        for people in country.demonyms:
            for word in (people, f"{people}s"):
                told.setdefault(word, code)
    longest = sorted(told, key=lambda word: (-len(word), word))
    pattern = re.compile(r"(?<![\w-])(?:" + "|".join(map(re.escape, longest)) + r")(?!\w)")
    return CountryWords({name: tuple(dict.fromkeys(found)) for name, found in names.items()}, told, pattern)


_DATELINE = re.compile(
    r"\s*([A-Z][A-Z .'’-]{2,40})((?:, [A-Z][\w. ]{1,30})?)(?:, \w+\.? \d{1,2})?\s*(?:\([^)\n]{2,40}\))?\s*[-–—:]"
)


def dateline(text: str) -> tuple[str, str] | None:
    """The place that a text is dated from, and the larger place behind it: "TRIPOLI, Lebanon (AP) —"."""
    found = _DATELINE.match(text)
    if found is None:
        return None
    return found[1].strip(" .").title(), found[2].strip(" ,.")


def home(source: Source, known: CountryWords) -> str:
    """The code of the publisher's country, by its name or the end of its address; "" where neither tells."""
    if told := known.in_text(source.publisher):
        return told[0][1]
    end = (urlsplit(source.url).hostname or "").rpartition(".")[2].upper()
    return {"UK": "GB"}.get(end, end if end in paired("countryCodes").values() else "")


_BEHIND = re.compile(
    r"(?: ?, (?:in |now in |(?:the|a|an) (?:[a-z-]+ ){1,3}(?:of|in) (?:the )?)?"
    r"|,? in (?:the )?(?:(?:north|south|east|west|cent)\w*[- ]?(?:east|west)?\w* )?| ?\()"
    r"((?:(?:[A-Z]|al-|el-)[\w.'’-]*)(?: (?:of|and|the|de|[A-Z][\w.'’-]*)){0,4})"
)
_ITS = re.compile(r"((?:[A-Z][\w-]*\.? ?){1,4})['’]s? (?:[a-z]+ ){0,3}$")
_LIST = re.compile(r"\s*(?:,? and |,? or | ?, [A-Z][\w’'-]*(?: [A-Z][\w’'-]*)?(?:,| and | or ))")


@dataclass(frozen=True, slots=True)
class Holder:
    """The larger place that a text says a mention lies in: its words, where they begin, whether a list goes on."""

    words: str
    begin: int
    listed: bool


def holder(text: str, begin: int, end: int) -> Holder | None:
    """What a mention is said to lie in: "Rome, Georgia", "Tripoli in northern Lebanon", "Lebanon's Tripoli"."""
    behind = _BEHIND.match(text, end)
    if behind is not None and not _begins_sentence(text, behind.start(1)):
        words_ = re.sub(r"(?:\.|['’]s?)$", "", behind[1]) if not _short(behind[1]) else behind[1]
        return Holder(words_, behind.start(1), bool(_LIST.match(text, behind.end(1))))
    before = _ITS.search(text[max(0, begin - 60) : begin])
    if before is not None:
        return Holder(
            before[1].strip(), begin - (len(text[max(0, begin - 60) : begin]) - before.start(1)), listed=False
        )
    return None


def _begins_sentence(text: str, begin: int) -> bool:
    return bool(re.search(r"[.!?]\s*$", text[max(0, begin - 3) : begin]))


def _short(name: str) -> bool:
    return name in short_areas()


@lru_cache(maxsize=1)
def short_areas() -> Mapping[str, str]:
    """Short forms of states' names as newspapers write them, with the whole names: "Ala." is Alabama."""
    pairs = (pair.partition("=") for pair in words("shortAreas"))
    return {short: long for short, _, long in pairs}
