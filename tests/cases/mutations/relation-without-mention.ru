# No words show a relation.
# shape: kgs:RelationMention
PREFIX : <https://news.example/article/quarry#>
PREFIX kg: <https://kg.example/ontology#>

DELETE WHERE { :relation-74 kg:mention ?old }
