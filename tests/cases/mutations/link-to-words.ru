# The target of a link is a word.
# shape: kgs:LinkTarget
PREFIX : <https://news.example/article/quarry#>
PREFIX kg: <https://kg.example/ontology#>

INSERT DATA { :l a kg:Link ; kg:linkSubject :miners-12 ; kg:linkTarget "miners" ; kg:linkMethod "label" ; kg:score 0.5 ; kg:linkStatus kg:candidate }
