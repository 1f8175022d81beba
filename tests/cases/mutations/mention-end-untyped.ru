# The end of a mention is a fraction.
# shape: kgs:Mention
PREFIX : <https://news.example/article/quarry#>
PREFIX kg: <https://kg.example/ontology#>

DELETE { :killing-36 kg:mention ?old } INSERT { :killing-36 kg:mention <https://news.example/article/quarry#char=36,42.0> } WHERE { :killing-36 kg:mention ?old }
