"""A month of news in pandas: the dead that are counted, by place and source, as a table and as bars (tolls.svg)."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

import kg

QUESTION = """
SELECT DISTINCT ?day ?place ?source ?least ?words {
    ?event a kg:Death ; kg:count ?count ; kg:place/skos:prefLabel ?place .
    ?count rdfs:label ?words ; kg:min ?least .
    OPTIONAL { ?event kg:time/kg:earliestBegin ?day }
    ?claim kg:claims ?event ; kg:source/(skos:prefLabel|schema:publisher) ?source .
} ORDER BY ?day ?place ?source
"""


def main(news: str = "examples/month.jsonl", location: str = "month-store", picture: str = "tolls.svg") -> None:
    """Print the figures, each source's beside the others', and draw them: what differs is not summed."""
    with kg.open_store(location) as store:
        store.load(news)
        tolls = store.query(QUESTION).to_frame()
    print(tolls.pivot_table(index="place", columns="source", values="least", aggfunc="max").to_string(na_rep=""))
    print(tolls.groupby("place")["least"].agg(["min", "max"]).to_string())
    Path(picture).write_text(bars(tolls), "utf-8")


def bars(tolls: pd.DataFrame) -> str:
    """One bar for each source's figure."""
    parts, width = [], 14
    for number, row in enumerate(tolls.sort_values(["place", "least", "source"]).itertuples()):
        y = 30 + number * 24
        text = f"{row.place}: {row.words}, says {row.source}"
        parts.append(f'<rect x="10" y="{y}" width="{int(row.least) * width}" height="16" fill="#a33"/>')
        parts.append(f'<text x="{16 + int(row.least) * width}" y="{y + 13}">{text}</text>')
    height = 40 + len(tolls) * 24
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 {height}" font-family="sans-serif" font-size="12">'
    )
    return "\n".join([head, '<text x="10" y="18">Dead by place and source, May 2024</text>', *parts, "</svg>\n"])


if __name__ == "__main__":
    main()
