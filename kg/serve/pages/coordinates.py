"""Where places lie, as linked data say it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from kg.serve.asking import iris, rows
from kg.store.opening import Store

_BATCH = 2_000
_POINT = re.compile(r"POINT\s*\(\s*([-+.\deE]+)[\s,]+([-+.\deE]+)\s*\)", re.IGNORECASE)
_COORDINATES = (  # one query each: joined as alternatives they take minutes
    "?x wgs84:lat ?lat ; wgs84:long ?long",
    "?x geo:asWKT ?wkt",
    "?x wdt:P625 ?wkt",
    "?x geo:hasGeometry ?shape . ?shape geo:asWKT ?wkt",
    "?x schema:latitude ?lat ; schema:longitude ?long",
    "?x schema:geo ?node . ?node schema:latitude ?lat ; schema:longitude ?long",
)


def coordinates(store: Store, places: Sequence[str]) -> dict[str, tuple[float, float]]:
    """Latitude and longitude of places, said of themselves or of what they are linked to by accepted links."""
    found: dict[str, tuple[float, float]] = {}
    for start in range(0, len(places), _BATCH):
        some = places[start : start + _BATCH]
        whose: dict[str, list[str]] = {place: [place] for place in some}
        for path in ("owl:sameAs", "owl:sameAs/kg:coordinatesOf"):
            pairs = rows(store, f"SELECT DISTINCT ?p ?x {{ VALUES ?p {{ {iris(some)} }} ?p {path} ?x }} ORDER BY ?p ?x")
            for row in pairs:
                whose.setdefault(row["x"], []).append(row["p"])
        for pattern in _COORDINATES:
            values = f"VALUES ?x {{ {iris(whose)} }}"
            query = f"SELECT DISTINCT ?x ?lat ?long ?wkt {{ {values} {pattern} }} ORDER BY ?x ?lat ?long ?wkt"
            for row in rows(store, query):
                if point := _point(row):
                    for place in whose[row["x"]]:
                        found.setdefault(place, point)
    return found


def _point(row: dict[str, str]) -> tuple[float, float] | None:
    if "wkt" in row:
        match = _POINT.search(row["wkt"])
        lat, lon = (match[2], match[1]) if match else ("", "")
    else:
        lat, lon = row["lat"], row["long"]
    try:
        point = float(lat), float(lon)
    except ValueError:
        return None
    return point if -90 <= point[0] <= 90 and -180 <= point[1] <= 180 else None
