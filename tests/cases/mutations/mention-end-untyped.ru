# The end of a mention is a fraction.
# shape: kgs:MentionEnd
PREFIX kg: <https://kg.example/ontology#>

DELETE { <https://news.example/article/quarry#char=36,42> kg:end ?old } INSERT { <https://news.example/article/quarry#char=36,42> kg:end 42.0 } WHERE { <https://news.example/article/quarry#char=36,42> kg:end ?old }
