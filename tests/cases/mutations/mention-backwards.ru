# A mention ends where it begins.
# shape: kgs:MentionOrder
PREFIX kg: <https://kg.example/ontology#>

DELETE { <https://news.example/article/quarry#char=36,42> kg:end ?old } INSERT { <https://news.example/article/quarry#char=36,42> kg:end 36 } WHERE { <https://news.example/article/quarry#char=36,42> kg:end ?old }
