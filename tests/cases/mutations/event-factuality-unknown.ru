# An event is of a factuality that is none.
# shape: kgs:EventFactuality kgs:EventAsserted
PREFIX : <https://news.example/article/quarry#>
PREFIX kg: <https://kg.example/ontology#>

DELETE { :killing-36 kg:factuality ?old } INSERT { :killing-36 kg:factuality kg:rumoured } WHERE { :killing-36 kg:factuality ?old }
