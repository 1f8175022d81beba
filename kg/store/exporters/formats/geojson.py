"""``geojson``: places and events with coordinates as a FeatureCollection (RFC 7946), for any map.

Coordinates come from merged datasets by accepted links. An event at several such places is a MultiPoint.
"""

from __future__ import annotations

from collections.abc import Iterator

from kg.store.export import Exported
from kg.store.exporters.json_parts import about, as_json, credit, first_of_each, without_empty
from kg.store.exporters.places import Point
from kg.store.exporters.run import Exporter, Opener, Source

_PLACES = 6  # of decimals: a decimetre, as RFC 7946 §11.2 recommends


def _write(source: Source, opened: Opener, _form: str) -> Exported:
    count = 0
    with opened(None) as file:
        file.write(b'{"type":"FeatureCollection","features":[\n')
        for feature in first_of_each(_features(source)):
            file.write(b",\n" + feature if count else feature)
            count += 1
        file.write(b"\n]" + credit(source.credit) + b"}\n")
    return Exported(count, source.credit)


def _features(source: Source) -> Iterator[tuple[str, bytes]]:
    for facts, around in source.articles():
        for entity in facts.entities:
            known = around.of(entity.iri)
            if known.point is not None:
                properties: dict[str, object] = {
                    "kind": "place",
                    "type": entity.type,
                    "name": entity.name,
                    "same_as": list(known.same),
                }
                yield entity.iri, _feature(entity.iri, [known.point], without_empty(properties))
        for event in facts.events:
            points = [around.of(filler.filler).point for filler in event.fillers("place")]
            found = list(dict.fromkeys(point for point in points if point is not None))
            if found:
                told = about(facts, event, text=around.text)
                yield event.iri, _feature(event.iri, found, {"kind": "event", **told})


def _feature(iri: str, points: list[Point], properties: dict[str, object]) -> bytes:
    positions = [[round(point.longitude, _PLACES), round(point.latitude, _PLACES)] for point in points]
    single = len(positions) == 1
    geometry = {"type": "Point" if single else "MultiPoint", "coordinates": positions[0] if single else positions}
    return as_json({"type": "Feature", "id": iri, "geometry": geometry, "properties": properties})


EXPORTER = Exporter(
    about="events and places with coordinates, for maps (RFC 7946)",
    write=_write,
    formats={"geojson": ".geojson"},
    nothing="no place has coordinates; links bring them: `kg places --build`, or `kg merge` with a dataset",
)
