# A count is in no role.
# shape: kgs:CountRole
PREFIX : <https://news.example/article/quarry#>
PREFIX kg: <https://kg.example/ontology#>

DELETE WHERE { <https://news.example/article/quarry#count=0-11> kg:countedRole ?old }
