# A mention ends behind the text.
# shape: kgs:MentionInText
PREFIX kg: <https://kg.example/ontology#>

DELETE { <https://news.example/article/quarry#char=265,279> kg:end ?old } INSERT { <https://news.example/article/quarry#char=265,279> kg:end 9999 } WHERE { <https://news.example/article/quarry#char=265,279> kg:end ?old }
