"""What the scores of candidates are made of, and the chances that scores stand for."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kg.linking.places.place import Place, form

_LOOKED_AT = 12  # candidates, the best ones, of which one spot is made where they are one


@dataclass(frozen=True, slots=True)
class Weights:
    """What each reason adds to a score; chosen on one half of the annotated mentions (benchmarks/places.py)."""

    people: float = 1.75  # for each power of ten
    other_name: float = -1.0
    country: float = 2.5
    capital: float = 3.0
    town: float = 1.0
    area: float = 0.5
    district: float = -2.5
    fits: float = 1.0
    fits_not: float = -3.0
    only: float = 1.5  # its country is told of, and no other place bears the name
    told: float = 4.5  # its country is told of: half of this, and as much again by its share
    near: float = 1.0  # its country is told of in the words around
    around: float = 2.0  # what lies in it, or it in, is named
    held: float = 7.0  # the text says what it lies in
    elsewhere: float = -4.0  # the text says that it lies in something else
    kind: float = 3.0  # the text says its kind: "Donetsk oblast", "the town of Arak"; taken off of another kind
    home: float = 2.0  # the publisher's country, or the dateline's
    article: float = -4.0  # "the West" is no town
    none: float = 7.5


@dataclass(slots=True)
class Scored:
    """A candidate with its score, and the reasons in words."""

    place: Place
    score: float
    reasons: list[str]


def chances(scored: Sequence[Scored], none: float) -> list[tuple[Scored, float]]:
    """The candidates with their chances, the likeliest first.

    What is one spot twice, a town and the district that is called like it, has the chance of both: the name means the
    spot, and the score chooses what of it.
    """
    if not scored:
        return []
    most = max(none, *(one.score for one in scored))
    weights = [math.exp(one.score - most) for one in scored]
    whole = sum(weights) + math.exp(none - most)
    found: list[tuple[Scored, float]] = []
    rest = sorted(zip(scored, weights, strict=True), key=lambda pair: (-pair[1], pair[0].place.number))[:_LOOKED_AT]
    while rest:
        best = rest[0][0]
        spot = [pair for pair in rest if pair[0] is best or one_spot(best.place, pair[0].place)]
        found.append((best, sum(weight for _, weight in spot) / whole))
        rest = [pair for pair in rest if pair not in spot]
    return sorted(found, key=lambda pair: (-pair[1], pair[0].place.number))


def one_spot(one: Place, other: Place) -> bool:
    """Whether one of two places of one name lies in the other: a town in its district, a city in the state like it."""
    pairs = ((one, other), (other, one))
    return any(
        b.number in (a.admin1, a.admin2) or (b.is_country and a.code == "P.PPLC" and a.country == b.country)
        for a, b in pairs
    )


def lies_in(place: Place, areas: frozenset[int | str]) -> bool:
    """Whether a place lies in one of some areas (numbers) and countries (codes); a country lies in nothing."""
    if place.is_country:
        return False
    return bool({place.country, place.admin1, place.admin2} & areas) and place.number not in areas


def related(place: Place, other: Place) -> bool:
    """Whether one of two places lies in the other, or both in one area; a country has only what lies in it."""
    if place.is_country or other.is_country:
        return place.is_country and place.country == other.country and place.number != other.number
    areas = {place.number, place.admin1} & {other.number, other.admin1}
    return bool(areas - {None}) and place.number != other.number


def shares(counts: Mapping[str, float]) -> dict[str, float]:
    """Counts as parts of one, by key."""
    whole = sum(counts.values())
    return {code: count / whole for code, count in sorted(counts.items())} if whole else {}


def kind_said(text: str, mentions: Sequence[tuple[int, int]], areas: frozenset[str], towns: frozenset[str]) -> str:
    """The kind of place that the words around a mention say, "area" or "town"; "" where none does.

    "Luhansk and Donetsk oblasts"; "the provinces of Ghazni and Zabul"; "the city of Gaza".
    """
    for begin, end in mentions:
        behind = re.match(r" (?:(?:and|or) [A-Z][\w-]* )?([a-zA-Z]+)\b", text[end : end + 40])
        before = re.search(r"\b([a-z]+) of (?:[A-Z][\w-]*(?:, | and |, and ))*$", text[max(0, begin - 60) : begin])
        for word in (behind[1] if behind else "", before[1] if before else ""):
            if form(word) in areas:
                return "area"
            if form(word) in towns:
                return "town"
    return ""
