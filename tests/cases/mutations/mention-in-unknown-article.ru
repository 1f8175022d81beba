# A mention stands in an article that is not there.
# shape: kgs:MentionInText
PREFIX : <https://news.example/article/quarry#>
PREFIX kg: <https://kg.example/ontology#>

DELETE { :killing-36 kg:mention ?old } INSERT { :killing-36 kg:mention <https://news.example/article/gone#char=36,42> } WHERE { :killing-36 kg:mention ?old }
