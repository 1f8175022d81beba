# A count does not say whether it is approximate.
# shape: kgs:CountApproximate
PREFIX : <https://news.example/article/quarry#>
PREFIX kg: <https://kg.example/ontology#>

DELETE WHERE { :count-0 kg:approximate ?old }
