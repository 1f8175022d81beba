# The plain triple of a relation is missing.
# shape: kgs:RelationTriple
PREFIX : <https://news.example/article/quarry#>
PREFIX kg: <https://kg.example/ontology#>

DELETE WHERE { :quarry-74 kg:locatedIn ?old }
