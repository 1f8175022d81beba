"""An answer in SPARQL as a page shows it: rows as a table, on a map, on a line of time, as a plot."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from kg.core.vocab import ONTOLOGY, XSD
from kg.serve.drawing import QUIET, SERIES, picture, rectangle, shortened, text
from kg.serve.pages.coordinates import coordinates
from kg.serve.pages.happenings import Happening
from kg.serve.pages.map import Spot
from kg.serve.pages.map import drawn as drawn_map
from kg.serve.pages.timeline import drawn as drawn_timeline
from kg.store.opening import Store

VIEWS = ("table", "map", "timeline", "plot")
_SHOWN = 1_000  # rows of a table
_DRAWN = 200
_NUMBERS = frozenset(
    XSD + name for name in ("integer", "decimal", "double", "float", "int", "long", "nonNegativeInteger")
)
_WORLD = (0.0, 0.0, 720.0, 360.0)


@dataclass(frozen=True, slots=True)
class Cell:
    """A term: its text, and whether it is an IRI, a number or a day ("iri", "number", "day", "text")."""

    text: str
    kind: str = "text"


@dataclass(frozen=True, slots=True)
class Answer:
    """Rows of cells, or a text (a graph as Turtle), or yes or no."""

    columns: tuple[str, ...] = ()
    rows: tuple[tuple[Cell | None, ...], ...] = ()
    more: int = 0  # rows that are not shown
    text: str = ""
    yes: bool | None = None


def answer(media: str, content: bytes) -> Answer:
    """What a worker wrote as SPARQL results in JSON, or as Turtle."""
    if not media.endswith("json"):
        return Answer(text=content.decode())
    found = json.loads(content)
    if "boolean" in found:
        return Answer(yes=bool(found["boolean"]))
    columns, bindings = tuple(found["head"]["vars"]), found["results"]["bindings"]
    shown = tuple(tuple(_cell(row.get(column)) for column in columns) for row in bindings[:_SHOWN])
    return Answer(columns, shown, len(bindings) - len(shown))


def _cell(term: dict[str, Any] | None) -> Cell | None:
    if term is None:
        return None
    datatype = term.get("datatype", "")
    kinds = {XSD + "date": "day", XSD + "dateTime": "day", XSD + "gYear": "day", XSD + "gYearMonth": "day"}
    kind = "iri" if term["type"] == "uri" else "number" if datatype in _NUMBERS else kinds.get(datatype, "text")
    return Cell(str(term.get("value", "")), kind)


def view(store: Store, found: Answer, name: str) -> Markup | None:
    """The answer as a picture; None where nothing in it can be drawn like this."""
    match name:
        case "map":
            return _map(store, found)
        case "timeline":
            return _timeline(found)
        case "plot":
            return _plot(found)
    return None


def _name(row: Sequence[Cell | None]) -> str:
    """What a row is called: its first text, else its first term."""
    there = [cell for cell in row if cell is not None]
    return next((cell.text for cell in there if cell.kind == "text"), there[0].text if there else "")


def _map(store: Store, found: Answer) -> Markup | None:
    lat, lon = (next((n for n, c in enumerate(found.columns) if c.lower() in names), None) for names in (_LAT, _LON))
    spots: dict[str, Spot] = {}
    if lat is not None and lon is not None:
        for number, row in enumerate(found.rows):
            try:
                at = float((row[lat] or Cell("")).text), float((row[lon] or Cell("")).text)
            except ValueError:
                continue
            spots[str(number)] = Spot("", _name(row), *at, events=1)
    else:
        places = {c.text: _name(row) for row in found.rows for c in row if c is not None and c.kind == "iri"}
        try:
            known = coordinates(store, list(places))
        except ValueError:
            return None
        counts: dict[str, int] = {}
        for row in found.rows:
            for cell in row:
                if cell is not None and cell.text in known:
                    counts[cell.text] = counts.get(cell.text, 0) + 1
        spots = {iri: Spot(iri, places[iri], *at, events=counts[iri]) for iri, at in known.items()}
    return drawn_map(list(spots.values()), _WORLD, small=False) if spots else None


_LAT, _LON = frozenset({"lat", "latitude"}), frozenset({"long", "lon", "lng", "longitude"})


def _timeline(found: Answer) -> Markup | None:
    events = []
    for row in found.rows[:_DRAWN]:
        days = sorted(cell.text[:10] for cell in row if cell is not None and cell.kind == "day")
        if days:
            iri = next((cell.text for cell in row if cell is not None and cell.kind == "iri"), "")
            first, last = days[0], days[-1]
            events.append(Happening(iri, _name(row), f"{ONTOLOGY}Event", "asserted", "", first, first, last, last))
    events.sort(key=lambda event: (event.earliest_begin, event.latest_end))
    return drawn_timeline(events) if events else None


def _column(found: Answer, number: int) -> list[Cell | None]:
    return [row[number] for row in found.rows]


def _plot(found: Answer) -> Markup | None:
    """Bars: the first column of numbers, named by the rest."""
    columns = range(len(found.columns))
    column = next((n for n in columns if any(c is not None and c.kind == "number" for c in _column(found, n))), None)
    if column is None:
        return None
    bars = []
    for row in found.rows[:60]:
        cell = row[column]
        try:
            bars.append((_name([*row[:column], *row[column + 1 :]]), float(cell.text) if cell else 0.0))
        except ValueError:
            continue
    most = max((abs(number) for _, number in bars if abs(number) < float("inf")), default=0.0) or 1.0
    parts = []
    for row_number, (name, number) in enumerate(bars):
        y, length = 6 + 20 * row_number, min(520.0, 520 * abs(number) / most)
        parts += [text(4, y + 12, shortened(name, 40)), rectangle(300, y, length, 15, fill=SERIES[number < 0])]
        parts += [text(306 + length, y + 12, f"{number:g}", fill=QUIET)]
    return picture(900, 12 + 20 * len(bars), *parts, label=f"{found.columns[column]} as {len(bars)} bars")
