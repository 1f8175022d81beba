# A mention is one character off.
# shape: kgs:MentionInText
PREFIX kg: <https://kg.example/ontology#>

DELETE { <https://news.example/article/quarry#char=36,42> kg:begin ?old } INSERT { <https://news.example/article/quarry#char=36,42> kg:begin 35 } WHERE { <https://news.example/article/quarry#char=36,42> kg:begin ?old }
