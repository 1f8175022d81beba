"""Join the news with a slice of Wikidata, and ask what neither knows alone."""

from __future__ import annotations

import kg

QUESTION = """
SELECT DISTINCT ?type ?country ?capital {
    ?event kg:eventType ?type ; kg:place ?place .
    ?place owl:sameAs ?theirs .
    ?theirs rdfs:label ?country ; wdt:P36/rdfs:label ?capital .
    FILTER(LANG(?country) = "en" && LANG(?capital) = "en")
} ORDER BY ?country ?type
"""


def main(folder: str = "seeds", location: str = "kg-store") -> None:
    """Merge, say how many links were found, and print in which capital somebody will ask about each event."""
    with kg.open_store(location) as store:
        store.load(folder)
        merged = store.merge(f"{folder}/linked/wikidata-slice.ttl")
        print(f"{merged.triples} triples, links: {dict(merged.links)}")
        print(store.named("links", limit=5))
        print(store.query(QUESTION))


if __name__ == "__main__":
    main()
