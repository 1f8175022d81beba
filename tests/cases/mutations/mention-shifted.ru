# A mention begins one character early, with a space.
# shape: kgs:MentionInText
PREFIX : <https://news.example/article/quarry#>
PREFIX kg: <https://kg.example/ontology#>

DELETE { :killing-36 kg:mention ?old } INSERT { :killing-36 kg:mention <https://news.example/article/quarry#char=35,42> } WHERE { :killing-36 kg:mention ?old }
