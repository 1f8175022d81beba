# A count is in no role.
# shape: kgs:CountRole
PREFIX : <https://news.example/article/quarry#>
PREFIX kg: <https://kg.example/ontology#>

DELETE WHERE { :count-0 kg:countedRole ?old }
