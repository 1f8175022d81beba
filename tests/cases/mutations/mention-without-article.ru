# A mention stands in no article.
# shape: kgs:MentionArticle
PREFIX kg: <https://kg.example/ontology#>

DELETE WHERE { <https://news.example/article/quarry#char=36,42> kg:article ?old }
