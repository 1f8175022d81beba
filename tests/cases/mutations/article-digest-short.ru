# The digest is cut off.
# shape: kgs:ArticleDigest
PREFIX kg: <https://kg.example/ontology#>

DELETE { <https://news.example/article/quarry> kg:digest ?old } INSERT { <https://news.example/article/quarry> kg:digest "9f86d0" } WHERE { <https://news.example/article/quarry> kg:digest ?old }
