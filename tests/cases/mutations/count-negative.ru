# A count is below zero.
# shape: kgs:CountMin
PREFIX : <https://news.example/article/quarry#>
PREFIX kg: <https://kg.example/ontology#>

DELETE { <https://news.example/article/quarry#count=0-11> kg:min ?old } INSERT { <https://news.example/article/quarry#count=0-11> kg:min -1 } WHERE { <https://news.example/article/quarry#count=0-11> kg:min ?old }
