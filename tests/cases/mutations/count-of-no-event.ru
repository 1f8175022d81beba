# A count belongs to no event.
# shape: kgs:CountOfEvent kgs:Claimed
PREFIX : <https://news.example/article/quarry#>
PREFIX kg: <https://kg.example/ontology#>

DELETE WHERE { :killing-36 kg:count ?old }
