"""What linked datasets know of our entities: the same things elsewhere, and where a place lies.

Accepted links count (``owl:sameAs``), and those accepted in one article there. Coordinates are read in the forms of
Wikidata, GeoNames, schema.org and GeoSPARQL, of the linked thing, or of the entity itself. Longitude first, as GeoJSON
and WKT have it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import cast

from kg.core.vocab import COMMON_PREFIXES, ONTOLOGY, OWL
from kg.store.export import ATTRIBUTION
from kg.store.opening import NamedNode, QuerySolutions, Store

_POINT = re.compile(r"POINT\s*\(\s*([-+\d.eE]+)\s+([-+\d.eE]+)\s*\)", re.IGNORECASE)
_QUERY = """SELECT ?thing ?same ?wkt ?lat ?long WHERE {
    VALUES ?thing { %s }
    OPTIONAL { { ?thing owl:sameAs ?same } UNION
        { ?link kg:linkSubject ?thing ; kg:linkTarget ?same ; kg:acceptedIn <%s> } }
    BIND(COALESCE(?same, ?thing) AS ?it)
    OPTIONAL { ?it wdt:P625|geo:asWKT|geo:hasGeometry/geo:asWKT ?wkt }
    OPTIONAL { ?it wgs84:lat|schema:latitude|schema:geo/schema:latitude ?lat ;
                   wgs84:long|schema:longitude|schema:geo/schema:longitude ?long }
}"""
_BLOCK = 200  # entities asked about in one query


@dataclass(frozen=True, slots=True)
class Point:
    """A place on the WGS 84 ellipsoid, in degrees."""

    longitude: float
    latitude: float


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """What is known of an entity by accepted links: the IRIs of the same thing, sorted, and where it lies."""

    same: tuple[str, ...] = ()
    point: Point | None = None

    @property
    def credit(self) -> str | None:
        """The word that these data ask for wherever they go."""
        return ATTRIBUTION if any("geonames.org/" in iri for iri in self.same) else None


NOWHERE = Elsewhere()


def elsewhere(store: Store, entities: Iterable[str], article: str = "urn:none") -> Mapping[str, Elsewhere]:
    """What links say of these entities (IRIs) of an article; those that nothing is known of are left out.

    A link counts that is accepted, and one that is accepted in this article only (a name may mean two places).

    Of several coordinates the first in the order of the linked things' IRIs, then of the numbers.
    """
    names = sorted(set(entities))
    rows: dict[str, set[tuple[str, tuple[float, float] | None]]] = {}
    prefixes = {**COMMON_PREFIXES, "owl": OWL, "kg": ONTOLOGY}
    for start in range(0, len(names), _BLOCK):
        values = " ".join(str(NamedNode(name)) for name in names[start : start + _BLOCK])
        for row in cast("QuerySolutions", store.query(_QUERY % (values, article), prefixes=prefixes)):
            text = {name: getattr(row[name], "value", None) for name in ("thing", "same", "wkt", "lat", "long")}
            rows.setdefault(str(text["thing"]), set()).add((text["same"] or "", _point(text)))
    return {name: found for name, known in rows.items() if (found := _known(known)) != NOWHERE}


def _known(rows: set[tuple[str, tuple[float, float] | None]]) -> Elsewhere:
    same = tuple(sorted({iri for iri, _ in rows if iri}))
    points = sorted((iri, point) for iri, point in rows if point is not None)
    return Elsewhere(same, Point(*points[0][1]) if points else None)


def _point(row: Mapping[str, str | None]) -> tuple[float, float] | None:
    """Longitude and latitude of a row; None where it has none, or none on this earth."""
    found = _POINT.search(row["wkt"] or "")
    numbers = (found[1], found[2]) if found else (row["long"], row["lat"])
    if numbers[0] is None or numbers[1] is None:
        return None
    try:
        longitude, latitude = float(numbers[0]), float(numbers[1])
    except ValueError:
        return None
    return (longitude, latitude) if abs(longitude) <= 180 and abs(latitude) <= 90 else None
