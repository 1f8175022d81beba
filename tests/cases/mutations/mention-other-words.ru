# The words of a mention are not those of the text.
# shape: kgs:MentionInText
PREFIX kg: <https://kg.example/ontology#>

DELETE { <https://news.example/article/quarry#char=36,42> kg:exact ?old } INSERT { <https://news.example/article/quarry#char=36,42> kg:exact "harmed" } WHERE { <https://news.example/article/quarry#char=36,42> kg:exact ?old }
