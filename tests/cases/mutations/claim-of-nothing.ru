# A claim claims nothing.
# shape: kgs:ClaimClaims
PREFIX : <https://news.example/article/quarry#>
PREFIX kg: <https://kg.example/ontology#>

DELETE WHERE { :claim-194 kg:claims ?old }
