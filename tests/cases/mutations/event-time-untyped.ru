# An event's time is nothing that is known.
# shape: kgs:TimeMention
PREFIX : <https://news.example/article/quarry#>
PREFIX kg: <https://kg.example/ontology#>

DELETE { :killing-36 kg:time ?old } INSERT { :killing-36 kg:time :someday } WHERE { :killing-36 kg:time ?old }
