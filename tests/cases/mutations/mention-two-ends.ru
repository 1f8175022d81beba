# A mention ends twice.
# shape: kgs:Mention
PREFIX : <https://news.example/article/quarry#>
PREFIX kg: <https://kg.example/ontology#>

DELETE { :killing-36 kg:mention ?old } INSERT { :killing-36 kg:mention <https://news.example/article/quarry#char=36,42,43> } WHERE { :killing-36 kg:mention ?old }
