# A claim claims nothing.
# shape: kgs:ClaimClaims
PREFIX : <https://news.example/article/quarry#>
PREFIX kg: <https://kg.example/ontology#>

DELETE WHERE { <https://news.example/article/quarry#claim=194-200> kg:claims ?old }
