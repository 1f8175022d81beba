"""Figures of dead and hurt, source by source, as CSV on standard output: nothing is summed, nothing is chosen."""

from __future__ import annotations

import csv
import sys

import kg

QUESTION = """
SELECT DISTINCT ?type ?words ?min ?max ?source ?article {
    VALUES ?kind { kg:Death kg:Injury }
    ?event a ?kind ; kg:eventType ?type ; kg:count ?count .
    ?count rdfs:label ?words .
    OPTIONAL { ?count kg:min ?min }
    OPTIONAL { ?count kg:max ?max }
    GRAPH ?article { ?claim kg:claims ?event ; kg:source ?speaker }
    ?speaker skos:prefLabel|schema:publisher ?source .
} ORDER BY ?type ?words ?source
"""


def main(folder: str = "seeds", location: str = "kg-store") -> None:
    """Write one row for each figure and source; an open bound is an empty cell."""
    with kg.open_store(location) as store:
        store.load(folder)
        answer = store.query(QUESTION)
    rows = csv.writer(sys.stdout, lineterminator="\n")
    rows.writerow(answer.variables)
    for row in answer:
        kind = str(row["type"]).rpartition("#")[2]
        rows.writerow([kind, *list(row.values())[1:]])


if __name__ == "__main__":
    main()
