# A mention is words.
# shape: kgs:Mention
PREFIX : <https://news.example/article/quarry#>
PREFIX kg: <https://kg.example/ontology#>

DELETE { :killing-36 kg:mention ?old } INSERT { :killing-36 kg:mention "killed" } WHERE { :killing-36 kg:mention ?old }
