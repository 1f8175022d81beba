# A source is of a kind that is none.
# shape: kgs:EntitySourceType
PREFIX : <https://news.example/article/quarry#>
PREFIX kg: <https://kg.example/ontology#>

DELETE { :witness-96 kg:sourceType ?old } INSERT { :witness-96 kg:sourceType "rumour" } WHERE { :witness-96 kg:sourceType ?old }
