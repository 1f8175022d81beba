"""Load a folder and ask: named questions, one of one's own, and the words behind an answer."""

from __future__ import annotations

import kg


def main(folder: str = "seeds", location: str = "kg-store") -> None:
    """Load what has changed, then print some answers."""
    with kg.open_store(location) as store:
        print(store.load(folder))

        print("\nThe questions that have names:", ", ".join(kg.named_queries()))

        print("\nWhat happened in Algeria?")
        print(store.named("timeline", place="Algeria", limit=8))

        print("\nWho is said to have done what to whom?")
        answer = store.query(
            """
            SELECT DISTINCT ?who ?type ?whom {
                ?event kg:eventType ?type ; kg:agent/skos:prefLabel ?who ; kg:patient/skos:prefLabel ?whom
            } ORDER BY ?who ?type ?whom
            """,
            limit=8,
        )
        print(answer)

        print("\nWhy?")
        for explanation in store.explain(str(answer[0]["who"])):
            for evidence in explanation.evidence:
                for sentence in evidence.sentences[:2]:
                    print(f"  {sentence.marked()}")


if __name__ == "__main__":
    main()
