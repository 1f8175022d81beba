# A claim is made in no article.
# shape: kgs:ClaimArticle
PREFIX : <https://news.example/article/quarry#>
PREFIX kg: <https://kg.example/ontology#>

DELETE WHERE { :claim-104 kg:article ?old }
