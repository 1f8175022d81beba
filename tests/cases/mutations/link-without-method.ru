# A link does not say how it was found.
# shape: kgs:LinkMethod
PREFIX : <https://news.example/article/quarry#>
PREFIX kg: <https://kg.example/ontology#>

INSERT DATA { :l a kg:Link ; kg:linkSubject :miners-12 ; kg:linkTarget <https://example.org/x> ; kg:score 0.5 ; kg:linkStatus kg:candidate }
