"""The things that merging compares, ours and theirs, and what is known of names before any dataset is read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

IsA = Callable[[str, str], bool]
"""Whether a class is another or below it; also whether it has a trait of that name."""


@dataclass(frozen=True, slots=True)
class Named:
    """One thing by its IRI, names (the preferred one first), classes of ours, and what stands around it.

    ``types`` are local names, the most specific ones; empty where not known. ``places`` are the countries and other
    places it lies in or belongs to, ``related`` what it has to do with, ``beside`` what is told of in the same articles
    (of ours only): all names in normal form, countries by the one name that ``Known`` gives them. ``called`` are the
    stems of what it is called (positions, descriptions), ``said`` those of the sentences that name it (of ours only).
    ``years`` are the first and last of its articles (ours), or when it began and ended (theirs), None where not known.
    ``at`` is its latitude and longitude, ``people`` how many live there, ``identifiers`` IRIs that others give it.
    """

    iri: str
    names: tuple[str, ...]
    types: frozenset[str]
    places: frozenset[str] = frozenset()
    related: frozenset[str] = frozenset()
    beside: frozenset[str] = frozenset()
    same: frozenset[str] = frozenset()  # IRIs of its own dataset that this says are the same thing
    called: frozenset[str] = frozenset()
    said: frozenset[str] = frozenset()
    years: tuple[int | None, int | None] = (None, None)
    at: tuple[float, float] | None = None
    people: int | None = None
    identifiers: frozenset[str] = frozenset()
    words: tuple[str, ...] = ()  # those of ``called`` as they are written, for a reader (of theirs only)


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of names before any dataset: countries, names of many, names of one. All in normal form."""

    countries: frozenset[str] = frozenset()
    shared: frozenset[str] = frozenset()  # names of countries that other places bear
    generic: frozenset[str] = frozenset()  # words of names that many bodies share
    unique: frozenset[tuple[str, str]] = frozenset()  # names that all news uses for one thing, with its class
    common: frozenset[str] = frozenset()  # given and family names that very many people bear
    peoples: frozenset[str] = frozenset()  # words and names that say a country: its names, its people
    places_named: Callable[[str], tuple[int, int] | None] = lambda _: None
    """How many places of GeoNames bear a name, and how many people live in the largest; None without an index."""


NOTHING_KNOWN = Known()
