# A claim has no source.
# shape: kgs:ClaimSource
PREFIX : <https://news.example/article/quarry#>
PREFIX kg: <https://kg.example/ontology#>

DELETE WHERE { <https://news.example/article/quarry#claim=104-108> kg:source ?old }
