# An article has no digest of its text.
# shape: kgs:ArticleTextDigest
PREFIX : <https://news.example/article/quarry#>
PREFIX kg: <https://kg.example/ontology#>

DELETE WHERE { <https://news.example/article/quarry> kg:textDigest ?old }
