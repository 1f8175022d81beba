# A link has no subject.
# shape: kgs:LinkSubject
PREFIX : <https://news.example/article/quarry#>
PREFIX kg: <https://kg.example/ontology#>

INSERT DATA { :l a kg:Link ; kg:linkTarget <https://example.org/x> ; kg:linkMethod "label" ; kg:score 0.5 ; kg:linkStatus kg:candidate }
