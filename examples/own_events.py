"""An event type and a shape of one's own: Turtle beside the shipped one, and no Python."""

from __future__ import annotations

import tempfile
from pathlib import Path

import kg

PREFIXES = """
@prefix kg: <https://kg.example/ontology#> . @prefix my: <https://my.example/terms#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> . @prefix sh: <http://www.w3.org/ns/shacl#> .
"""
EVICTION = f"""{PREFIXES}
my:Eviction a owl:Class ; rdfs:subClassOf kg:Event ; rdfs:label "eviction"@en ;
    rdfs:comment "Also the clearing of a camp by its owner."@en ;
    skos:definition "People are made to leave where they live."@en ;
    skos:example "Bailiffs evicted two families in the port on Monday."@en ;
    kg:verb "evict" ; kg:noun "eviction" ;
    kg:slot [ kg:role kg:place ; kg:from "from" ] .
"""
NAMED_PLACE = f"""{PREFIXES}
my:EvictionPlace a sh:NodeShape ; sh:targetClass my:Eviction ;
    sh:property [ sh:path kg:place ; sh:minCount 1 ; sh:severity sh:Violation ;
        sh:message "an eviction has a place" ] .
"""


def main() -> None:
    """Load one article that keeps to the shape and one that breaks it; the second is refused and says why."""
    with tempfile.TemporaryDirectory() as folder:
        ontology, shapes = Path(folder, "eviction.ttl"), Path(folder, "place.ttl")
        ontology.write_text(EVICTION)
        shapes.write_text(NAMED_PLACE)
        with kg.open_store(":memory:", ontology=[ontology], shapes=[shapes]) as store:
            loaded = store.load(
                kg.Article("camp", "Police evicted forty families from a camp in Arden on Monday.", "2024-05-08"),
                kg.Article("nowhere", "The landlord evicted the tenants.", "2024-05-08"),
            )
            print(loaded)
            for outcome in loaded.outcomes:
                for violation in outcome.report.violations if outcome.report else ():
                    print(f"{outcome.where}: {violation.message} (“{violation.sentence}”)")
            query = """
                SELECT ?who ?where { ?e a <https://my.example/terms#Eviction> ;
                    kg:patient/skos:prefLabel ?who ; kg:place/skos:prefLabel ?where } ORDER BY ?where
            """
            print(store.query(query))


if __name__ == "__main__":
    main()
