"""A month of news on a map: coordinates from a gazetteer of one's own, GeoJSON for any map, and a drawing (map.svg)."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import kg

SCALE, WIDTH, HEIGHT = 90, 520, 360  # pixels a degree, pixels


def main(
    news: str = "examples/month.jsonl",
    places: str = "examples/places.ttl",
    location: str = "month-store",
    picture: str = "map.svg",
) -> None:
    """Merge the gazetteer, write news.geojson, print how many events each place has, and draw them."""
    with kg.open_store(location) as store:
        store.load(news)
        store.merge(places)
        store.export("news.geojson", as_="geojson")
    features = json.loads(Path("news.geojson").read_text("utf-8"))["features"]
    events = [feature for feature in features if feature["properties"]["kind"] == "event"]
    happened = Counter(e["properties"]["places"][0] for e in events if e["properties"]["status"] == "asserted")
    for place, number in sorted(happened.items()):
        print(f"{place}: {number} events")
    Path(picture).write_text(drawing(features, happened), "utf-8")


def drawing(features: list[dict], happened: Counter[str]) -> str:
    """Each place as a circle whose area tells of how many events; the grid is of degrees."""
    places = [feature for feature in features if feature["properties"]["kind"] == "place"]
    west = int(min(place["geometry"]["coordinates"][0] for place in places))
    north = int(max(place["geometry"]["coordinates"][1] for place in places)) + 1
    parts = []
    for degree in range(7):
        x, y = degree * SCALE, degree * SCALE
        parts.append(f'<path d="M{x},0 V{HEIGHT} M0,{y} H{WIDTH}" stroke="#cde" fill="none"/>')
        parts.append(f'<text x="{x + 3}" y="11" fill="#89a">{west + degree}° E</text>')
        parts.append(f'<text x="3" y="{y - 3}" fill="#89a">{north - degree}° N</text>' if degree else "")
    for place in places:
        name, (longitude, latitude) = place["properties"]["name"], place["geometry"]["coordinates"]
        x, y, number = (longitude - west) * SCALE, (north - latitude) * SCALE, happened.get(name, 0)
        parts.append(f'<circle cx="{x:.0f}" cy="{y:.0f}" r="{6 * number**0.5 + 2:.1f}" fill="#c33" opacity="0.7"/>')
        parts.append(f'<text x="{x + 20:.0f}" y="{y + 4:.0f}">{name} ({number})</text>')
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}"'
    return "\n".join([head, ' font-family="sans-serif" font-size="12">', *filter(None, parts), "</svg>\n"])


if __name__ == "__main__":
    main()
