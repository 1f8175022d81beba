# A negated event is a kg:Event.
# shape: kgs:EventAsserted
PREFIX : <https://news.example/article/quarry#>
PREFIX kg: <https://kg.example/ontology#>

DELETE { :killing-36 kg:factuality ?old } INSERT { :killing-36 kg:factuality kg:negated } WHERE { :killing-36 kg:factuality ?old }
