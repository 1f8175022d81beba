# The minimum of a count is above its maximum.
# shape: kgs:CountOrder
PREFIX : <https://news.example/article/quarry#>
PREFIX kg: <https://kg.example/ontology#>

INSERT DATA { :count-0 kg:max 11 }
