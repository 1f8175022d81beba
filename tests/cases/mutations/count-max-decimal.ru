# A count has a fraction.
# shape: kgs:CountMax
PREFIX : <https://news.example/article/quarry#>
PREFIX kg: <https://kg.example/ontology#>

INSERT DATA { :count-0 kg:max 12.5 }
