# A claim has no source.
# shape: kgs:ClaimSource
PREFIX : <https://news.example/article/quarry#>
PREFIX kg: <https://kg.example/ontology#>

DELETE WHERE { :claim-104 kg:source ?old }
