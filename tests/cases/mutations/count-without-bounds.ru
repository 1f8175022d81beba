# A count has no bound.
# shape: kgs:CountBounded
PREFIX : <https://news.example/article/quarry#>
PREFIX kg: <https://kg.example/ontology#>

DELETE WHERE { :count-0 kg:min ?old }
