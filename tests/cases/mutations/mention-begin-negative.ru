# A mention begins at -1.
# shape: kgs:MentionBegin
PREFIX kg: <https://kg.example/ontology#>

DELETE { <https://news.example/article/quarry#char=36,42> kg:begin ?old } INSERT { <https://news.example/article/quarry#char=36,42> kg:begin -1 } WHERE { <https://news.example/article/quarry#char=36,42> kg:begin ?old }
