# The article has no digest.
# shape: kgs:ArticleDigest
PREFIX kg: <https://kg.example/ontology#>

DELETE WHERE { <https://news.example/article/quarry> kg:digest ?old }
