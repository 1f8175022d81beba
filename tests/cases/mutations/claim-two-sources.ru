# A claim has two sources.
# shape: kgs:ClaimSource
PREFIX : <https://news.example/article/quarry#>
PREFIX kg: <https://kg.example/ontology#>

INSERT DATA { <https://news.example/article/quarry#claim=104-108> kg:source :guard-25 }
