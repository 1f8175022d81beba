# A count counts nothing.
# shape: kgs:CountCounted
PREFIX : <https://news.example/article/quarry#>
PREFIX kg: <https://kg.example/ontology#>

DELETE WHERE { :count-0 kg:counted ?old }
