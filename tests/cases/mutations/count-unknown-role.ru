# A count is in a role that the ontology lacks.
# shape: kgs:KnownRole
PREFIX : <https://news.example/article/quarry#>
PREFIX kg: <https://kg.example/ontology#>

DELETE { <https://news.example/article/quarry#count=0-11> kg:countedRole ?old } INSERT { <https://news.example/article/quarry#count=0-11> kg:countedRole kg:bystander } WHERE { <https://news.example/article/quarry#count=0-11> kg:countedRole ?old }
