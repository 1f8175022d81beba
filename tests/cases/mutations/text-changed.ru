# The text is not the one that was read: every mention is one character off.
# shape: kgs:MentionInText kgs:TextAsRead
PREFIX kg: <https://kg.example/ontology#>
PREFIX schema: <https://schema.org/>

DELETE { <https://news.example/article/quarry> schema:articleBody ?t } INSERT { <https://news.example/article/quarry> schema:articleBody ?new } WHERE { <https://news.example/article/quarry> schema:articleBody ?t BIND(CONCAT(" ", ?t) AS ?new) }
