"""A place of GeoNames, as the index keeps it, and the form in which names of places are compared."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from kg.core.names import fold
from kg.ontology.words import words

COUNTRY, AREA, DISTRICT, TOWN, CONTINENT = "A.PCLI", "A.ADM1", "A.ADM2", "P.PPL", "L.CONT"
"""GeoNames' feature codes that the packages' data can be told to have; a dump has all of them."""


@dataclass(frozen=True, slots=True)
class Place:
    """One place: its GeoNames number, main name, feature code, country (ISO 3166-1, two letters; "" where none).

    ``admin1`` and ``admin2`` are the numbers of the areas it lies in, where known. ``population`` is 0 where not known;
    of an area of the packages' data it is the sum of its towns. ``lat`` and ``lon`` are degrees (WGS 84); those of an
    area without its own are its largest town's, whose number stands in ``seat``.
    """

    number: int
    name: str
    code: str
    country: str = ""
    admin1: int | None = None
    admin2: int | None = None
    population: int = 0
    lat: float | None = None
    lon: float | None = None
    seat: int | None = None

    @property
    def is_country(self) -> bool:
        """Whether it is a country or a territory that has a country's code."""
        return self.code.startswith("A.PCL")

    @property
    def is_area(self) -> bool:
        """Whether it is a part of a country with an administration."""
        return self.code.startswith("A.") and not self.is_country


@dataclass(frozen=True, slots=True)
class Entry:
    """A place with its other names, and what its source calls it by: ``key`` ("DZ.46") is how others lie in it."""

    place: Place
    names: tuple[str, ...] = ()  # the main name first
    key: str = ""


@lru_cache(maxsize=50_000)
def form(name: str) -> str:
    """The form in which names of places are compared: "St. Louis" and "Saint Louis" are one, "N'Djamena" "ndjamena"."""
    return " ".join(_written_out().get(word, word) for word in fold(name).split())


@lru_cache(maxsize=1)
def _written_out() -> dict[str, str]:
    pairs = (pair.partition("=") for pair in words("shortPlaceWords"))
    return {fold(short): fold(long) for short, _, long in pairs}


_CODE = re.compile(r"[A-Z0-9]{1,5}")


def is_a_name(text: str) -> bool:
    """Whether an alternate name is one that English news may write.

    Not so: airports' and other codes ("GAO" is one of Guantánamo's), what a program made of other scripts ("tryblsy"),
    other alphabets.
    """
    if _CODE.fullmatch(text) or text.casefold() == text:
        return False
    return form(text).isascii()
