# The text is not the one that was read, though every mention has its words.
# shape: kgs:TextAsRead
PREFIX kg: <https://kg.example/ontology#>
PREFIX schema: <https://schema.org/>

DELETE { <https://news.example/article/quarry> schema:articleBody ?t } INSERT { <https://news.example/article/quarry> schema:articleBody ?new } WHERE { <https://news.example/article/quarry> schema:articleBody ?t BIND(REPLACE(?t, "12", "13") AS ?new) }
