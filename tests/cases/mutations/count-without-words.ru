# A count has no mention.
# shape: kgs:CountMention
PREFIX : <https://news.example/article/quarry#>
PREFIX kg: <https://kg.example/ontology#>

DELETE WHERE { :count-0 kg:mention ?old }
