"""Events on a line of time, uncertain bounds drawn as such; as CSV, GeoJSON and SVG."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from kg.serve.chosen import choice
from kg.serve.drawing import (
    COLOURS,
    QUIET,
    circle,
    day_number,
    line,
    link,
    picture,
    rectangle,
    shortened,
    standalone,
    text,
    ticks,
)
from kg.serve.page import Export, Page, Params, number
from kg.serve.pages.coordinates import coordinates
from kg.serve.pages.happenings import Happening, Offered, dated, offered
from kg.serve.shown import thing
from kg.store.opening import Store

_LIMIT, _MOST = 100, 500
_BOUNDS = ("earliestBegin", "latestBegin", "earliestEnd", "latestEnd")
_WIDTH, _ROW, _TOP, _NAMES = 1100, 20, 28, 430  # of the picture, in its units


@dataclass(frozen=True, slots=True)
class Timeline:
    """The events in order, and their picture."""

    events: tuple[Happening, ...]
    svg: Markup
    offered: Offered


def show(store: Store, params: Params) -> Timeline:
    """The chosen events, the latest of them."""
    events = _events(store, params)
    return Timeline(tuple(events), drawn(events), offered(store))


def drawn(events: Sequence[Happening]) -> Markup:
    """Events as rows: pale from the first to the last day that it may have taken, full where it surely was."""
    bounds = [_bounds(event) for event in events]
    days = [day for first, _, _, last in bounds for day in (first, last)]
    first, last = (min(days) - 1, max(days) + 1) if days else (0.0, 1.0)
    height = _TOP + _ROW * len(events) + 8

    def x(day: float) -> float:
        return _NAMES + (_WIDTH - _NAMES - 10) * (day - first) / (last - first)

    parts = []
    for at, words in ticks(first, last) if days else []:
        parts += [line(x(at), _TOP - 6, x(at), height), text(x(at), _TOP - 12, words, text_anchor="middle", fill=QUIET)]
    for row, (event, (begin, begin_by, end_from, end)) in enumerate(zip(events, bounds, strict=True)):
        y, colour = _TOP + _ROW * row, COLOURS[event.status]
        shapes = [rectangle(x(begin), y + 4, max(x(end + 1) - x(begin), 4), _ROW - 8, fill=colour, fill_opacity=0.3)]
        if begin_by <= end_from:
            sure = max(x(end_from + 1) - x(begin_by), 4)
            shapes.append(rectangle(x(begin_by), y + 4, sure, _ROW - 8, fill=colour))
        else:
            shapes.append(circle((x(begin) + x(end + 1)) / 2, y + _ROW / 2, 3, fill=colour))
        label = f"{event.label} · {event.dates or event.earliest_begin} · {event.status}"
        parts.append(link(thing(event.iri), text(4, y + 14, shortened(event.label, 62)), *shapes, label=label))
    return picture(_WIDTH, height, *parts, label=f"{len(events)} events on a line of time")


def _bounds(event: Happening) -> tuple[float, float, float, float]:
    """The four days as numbers; what is open is as near as the others let it be."""
    begin = day_number(event.earliest_begin) or 1.0
    end = max(day_number(event.latest_end) or begin, begin)
    begin_by = day_number(event.latest_begin) or end
    end_from = day_number(event.earliest_end) or begin
    return begin, min(begin_by, end), max(end_from, begin), end


def _events(store: Store, params: Params) -> list[Happening]:
    return dated(store, choice(params), number(params, "limit", _LIMIT, _MOST))


def as_csv(store: Store, params: Params) -> bytes:
    """The events as rows."""
    return table(_events(store, params))


def table(events: Sequence[Happening]) -> bytes:
    """Events as CSV."""
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(("event", "type", "label", "status", *_BOUNDS, "places", "article"))
    for e in events:
        places = "; ".join(place.name for place in e.places)
        writer.writerow((e.iri, e.kind, e.label, e.status, *bounds_of(e), places, e.article))
    return file.getvalue().encode()


def bounds_of(event: Happening) -> tuple[str, str, str, str]:
    """The four days of an event, in the order of their columns."""
    return event.earliest_begin, event.latest_begin, event.earliest_end, event.latest_end


def _geojson(store: Store, params: Params) -> bytes:
    """The events as GeoJSON (RFC 7946): a feature for each place of an event; without geometry where none is known."""
    events = _events(store, params)
    where = coordinates(store, sorted({place.iri for event in events for place in event.places}))
    features: list[dict[str, object]] = []
    for event in events:
        bounds = {name: value for name, value in zip(_BOUNDS, bounds_of(event), strict=True) if value}
        said = {"event": event.iri, "label": event.label, "type": event.kind, "status": event.status, **bounds}
        located = [place for place in event.places if place.iri in where]
        for place in located:
            lat, long = where[place.iri]
            point = {"type": "Point", "coordinates": [long, lat]}
            its = {**said, "place": place.iri, "placeName": place.name}
            features.append({"type": "Feature", "geometry": point, "properties": its})
        if not located:
            features.append({"type": "Feature", "geometry": None, "properties": said})
    return json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False).encode() + b"\n"


PAGE = Page(
    "/timeline",
    "Timeline",
    "timeline.html",
    show,
    exports=(
        Export("csv", "text/csv; charset=utf-8", as_csv),
        Export("geojson", "application/geo+json", _geojson),
        Export("svg", "image/svg+xml", lambda store, params: standalone(drawn(_events(store, params)))),
    ),
)
