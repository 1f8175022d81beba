# An entity's mention is no stretch of text.
# shape: kgs:Mention
PREFIX : <https://news.example/article/quarry#>
PREFIX kg: <https://kg.example/ontology#>

DELETE { :hills-234 kg:mention ?old } INSERT { :hills-234 kg:mention :nowhere } WHERE { :hills-234 kg:mention ?old }
