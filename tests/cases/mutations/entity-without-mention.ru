# An entity has no mention.
# shape: kgs:EntityMention
PREFIX : <https://news.example/article/quarry#>
PREFIX kg: <https://kg.example/ontology#>

DELETE WHERE { :hills-234 kg:mention ?old }
