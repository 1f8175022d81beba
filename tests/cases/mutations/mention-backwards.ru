# A mention ends before it begins.
# shape: kgs:MentionInText
PREFIX : <https://news.example/article/quarry#>
PREFIX kg: <https://kg.example/ontology#>

DELETE { :killing-36 kg:mention ?old } INSERT { :killing-36 kg:mention <https://news.example/article/quarry#char=42,36> } WHERE { :killing-36 kg:mention ?old }
