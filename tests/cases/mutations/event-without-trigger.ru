# An event has no mention.
# shape: kgs:EventMention
PREFIX : <https://news.example/article/quarry#>
PREFIX kg: <https://kg.example/ontology#>

DELETE WHERE { :killing-36 kg:mention ?old }
