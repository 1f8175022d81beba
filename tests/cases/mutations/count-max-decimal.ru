# A count has a fraction.
# shape: kgs:CountMax
PREFIX : <https://news.example/article/quarry#>
PREFIX kg: <https://kg.example/ontology#>

INSERT DATA { <https://news.example/article/quarry#count=0-11> kg:max 12.5 }
