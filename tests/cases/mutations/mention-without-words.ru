# A mention has no words.
# shape: kgs:MentionExact
PREFIX kg: <https://kg.example/ontology#>

DELETE WHERE { <https://news.example/article/quarry#char=36,42> kg:exact ?old }
