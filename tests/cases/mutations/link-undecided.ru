# A link has no status.
# shape: kgs:LinkStatus
PREFIX : <https://news.example/article/quarry#>
PREFIX kg: <https://kg.example/ontology#>

INSERT DATA { :l a kg:Link ; kg:linkSubject :miners-12 ; kg:linkTarget <https://example.org/x> ; kg:linkMethod "label" ; kg:score 0.5 }
