# A count is below zero.
# shape: kgs:CountMin
PREFIX : <https://news.example/article/quarry#>
PREFIX kg: <https://kg.example/ontology#>

DELETE { :count-0 kg:min ?old } INSERT { :count-0 kg:min -1 } WHERE { :count-0 kg:min ?old }
