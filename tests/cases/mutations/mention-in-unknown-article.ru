# A mention stands in an article that is not there.
# shape: kgs:MentionArticle
PREFIX kg: <https://kg.example/ontology#>

DELETE { <https://news.example/article/quarry#char=36,42> kg:article ?old } INSERT { <https://news.example/article/quarry#char=36,42> kg:article <https://news.example/article/gone> } WHERE { <https://news.example/article/quarry#char=36,42> kg:article ?old }
