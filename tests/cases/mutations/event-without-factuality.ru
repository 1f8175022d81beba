# An event does not say whether it happened.
# shape: kgs:EventFactuality
PREFIX : <https://news.example/article/quarry#>
PREFIX kg: <https://kg.example/ontology#>

DELETE WHERE { :killing-36 kg:factuality ?old }
