# A mention ends behind the text.
# shape: kgs:MentionInText
PREFIX : <https://news.example/article/quarry#>
PREFIX kg: <https://kg.example/ontology#>

DELETE { :killing-36 kg:mention ?old } INSERT { :killing-36 kg:mention <https://news.example/article/quarry#char=36,9999> } WHERE { :killing-36 kg:mention ?old }
