"""Places with coordinates from linked data, and the events there; as GeoJSON, CSV and SVG."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import sqrt

from markupsafe import Markup

from kg.serve.chosen import choice
from kg.serve.drawing import STRONG, circle, link, outline, picture, standalone, tag
from kg.serve.page import Export, Page, Params
from kg.serve.pages.coordinates import coordinates
from kg.serve.pages.happenings import Offered, names, offered
from kg.serve.problems import Problem
from kg.serve.selection import count_of
from kg.serve.shown import address
from kg.store.opening import Store

_WIDTH, _HEIGHT = 720.0, 360.0  # two units for a degree
_NARROW = 20.0  # degrees that are shown at least


@dataclass(frozen=True, slots=True)
class Spot:
    """A place on the map: degrees (WGS 84), and how many of the chosen events happened there."""

    iri: str
    name: str
    lat: float
    lon: float
    events: int


@dataclass(frozen=True, slots=True)
class Map:
    """The places, the part of the world that is shown, its picture, and the places without coordinates."""

    spots: tuple[Spot, ...]
    box: str
    svg: Markup
    nowhere: tuple[tuple[str, str, int], ...]
    offered: Offered


def show(store: Store, params: Params) -> Map:
    """The places of the chosen events."""
    spots, nowhere = located(store, params)
    box = _box(spots, params.get("box", ""))
    where = " ".join(f"{side:g}" for side in box)
    return Map(tuple(spots), where, drawn(spots, box, small=False), tuple(nowhere), offered(store))


def located(store: Store, params: Params) -> tuple[list[Spot], list[tuple[str, str, int]]]:
    """The places of the chosen events with coordinates, and those without: IRI, name, events."""
    found = count_of(store, "place", choice(params))
    called = names(store, [place for place, _ in found])
    places = [(place, called.get(place, place), number) for place, number in found]
    known = coordinates(store, [iri for iri, _, _ in places])
    spots = [Spot(iri, name, *known[iri], events) for iri, name, events in places if iri in known]
    return spots, [place for place in places if place[0] not in known]


def drawn(spots: Sequence[Spot], box: tuple[float, float, float, float], *, small: bool) -> Markup:
    """The map: land, and a circle for each place, its area by the number of events. ``small`` holds the land itself."""
    scale = box[2] / _WIDTH
    land = (
        tag("path", d=outline(), fill="#c9d1da", stroke="#8a94a0", stroke_width=0.3)
        if small
        else tag("image", href="/assets/world-50m.svg", x=0, y=0, width=_WIDTH, height=_HEIGHT)
    )
    most = max((spot.events for spot in spots), default=1)
    circles = [
        link(
            address("/search", kind="event", place=spot.iri),
            circle(
                *_xy(spot), (3 + 13 * sqrt(spot.events / most)) * scale, fill=STRONG, fill_opacity=0.45, stroke=STRONG,
                stroke_width=scale,
            ),
            label=f"{spot.name}: {spot.events}",
        )
        for spot in spots
    ]  # fmt: skip
    label = f"A map of the world with {len(spots)} places"
    where = " ".join(f"{side:g}" for side in box)
    return picture(_WIDTH, _HEIGHT, land, tag("g", *circles), label=label, box=where)


def _xy(spot: Spot) -> tuple[float, float]:
    return (spot.lon + 180) * 2, (90 - spot.lat) * 2


def _box(spots: Sequence[Spot], asked: str) -> tuple[float, float, float, float]:
    """The part of the picture that is shown: as asked for, else around the places."""
    if asked:
        try:
            x, y, width, height = (float(side) for side in asked.split())
        except ValueError as error:
            raise Problem("bad-request", f"box={asked[:60]}: four numbers, as in 0 0 720 360") from error
        if not (0 < width <= 2 * _WIDTH and 0 < height <= 2 * _HEIGHT and abs(x) <= _WIDTH and abs(y) <= _WIDTH):
            raise Problem("bad-request", f"box={asked[:60]}: not on this map (0 0 720 360)")
        return x, y, width, height
    if not spots:
        return 0, 0, _WIDTH, _HEIGHT
    xs, ys = zip(*map(_xy, spots), strict=True)
    width = max((max(xs) - min(xs)) * 1.2, 2 * _NARROW, (max(ys) - min(ys)) * 2.4)
    width = min(width, _WIDTH)
    left = min(max((min(xs) + max(xs) - width) / 2, 0), _WIDTH - width)
    top = min(max((min(ys) + max(ys) - width / 2) / 2, 0), _HEIGHT - width / 2)
    return round(left, 1), round(top, 1), round(width, 1), round(width / 2, 1)


def geojson(spots: Iterable[Spot]) -> bytes:
    """Places as GeoJSON (RFC 7946)."""
    features = [
        {
            "type": "Feature",
            "id": spot.iri,
            "geometry": {"type": "Point", "coordinates": [spot.lon, spot.lat]},
            "properties": {"name": spot.name, "events": spot.events},
        }
        for spot in spots
    ]
    return json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False).encode() + b"\n"


def _csv(store: Store, params: Params) -> bytes:
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(("place", "name", "lat", "long", "events"))
    spots, nowhere = located(store, params)
    writer.writerows((s.iri, s.name, s.lat, s.lon, s.events) for s in spots)
    writer.writerows((iri, name, "", "", events) for iri, name, events in nowhere)
    return file.getvalue().encode()


def _svg(store: Store, params: Params) -> bytes:
    spots, _ = located(store, params)
    return standalone(drawn(spots, _box(spots, params.get("box", "")), small=True))


PAGE = Page(
    "/map",
    "Map",
    "map.html",
    show,
    exports=(
        Export("geojson", "application/geo+json", lambda store, params: geojson(located(store, params)[0])),
        Export("csv", "text/csv; charset=utf-8", _csv),
        Export("svg", "image/svg+xml", _svg),
    ),
)
