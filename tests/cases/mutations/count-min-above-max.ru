# The minimum of a count is above its maximum.
# shape: kgs:CountOrder
PREFIX : <https://news.example/article/quarry#>
PREFIX kg: <https://kg.example/ontology#>

INSERT DATA { <https://news.example/article/quarry#count=0-11> kg:max 11 }
