# The date of publication is a string.
# shape: kgs:ArticleDate
PREFIX schema: <https://schema.org/>

DELETE { <https://news.example/article/quarry> schema:datePublished ?old } INSERT { <https://news.example/article/quarry> schema:datePublished "May 2024" } WHERE { <https://news.example/article/quarry> schema:datePublished ?old }
