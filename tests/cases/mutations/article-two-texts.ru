# The article has a second text, which holds every mention too.
# shape: kgs:ArticleText kgs:TextAsRead
PREFIX schema: <https://schema.org/>

INSERT { <https://news.example/article/quarry> schema:articleBody ?more } WHERE { <https://news.example/article/quarry> schema:articleBody ?text BIND(CONCAT(?text, " ") AS ?more) }
