# A count has no bound.
# shape: kgs:CountBounded
PREFIX : <https://news.example/article/quarry#>
PREFIX kg: <https://kg.example/ontology#>

DELETE WHERE { <https://news.example/article/quarry#count=0-11> kg:min ?old }
