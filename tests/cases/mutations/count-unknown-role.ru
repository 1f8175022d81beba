# A count is in a role that the ontology lacks.
# shape: kgs:KnownRole
PREFIX : <https://news.example/article/quarry#>
PREFIX kg: <https://kg.example/ontology#>

DELETE { :count-0 kg:countedRole ?old } INSERT { :count-0 kg:countedRole kg:bystander } WHERE { :count-0 kg:countedRole ?old }
