# A mention has no begin.
# shape: kgs:MentionBegin
PREFIX kg: <https://kg.example/ontology#>

DELETE WHERE { <https://news.example/article/quarry#char=36,42> kg:begin ?old }
