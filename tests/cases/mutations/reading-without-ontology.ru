# The reading does not name the ontology.
# shape: kgs:ReadingOntology
PREFIX : <https://news.example/article/quarry#>
PREFIX kg: <https://kg.example/ontology#>

DELETE WHERE { :reading kg:ontologyDigest ?old }
