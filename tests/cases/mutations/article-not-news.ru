# The article is no longer a schema:NewsArticle.
# shape: kgs:ArticleType
PREFIX schema: <https://schema.org/>

DELETE DATA { <https://news.example/article/quarry> a schema:NewsArticle }
