# A mention has no begin.
# shape: kgs:Mention
PREFIX : <https://news.example/article/quarry#>
PREFIX kg: <https://kg.example/ontology#>

DELETE { :killing-36 kg:mention ?old } INSERT { :killing-36 kg:mention <https://news.example/article/quarry#char=,42> } WHERE { :killing-36 kg:mention ?old }
