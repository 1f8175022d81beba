# A mention ends twice: here, and one later.
# shape: kgs:MentionEnd kgs:MentionInText
PREFIX kg: <https://kg.example/ontology#>

INSERT DATA { <https://news.example/article/quarry#char=36,42> kg:end 43 }
