# The medium of a claim is nothing that is known.
# shape: kgs:ClaimMedium
PREFIX : <https://news.example/article/quarry#>
PREFIX kg: <https://kg.example/ontology#>

DELETE { :claim-141 kg:medium ?old } INSERT { :claim-141 kg:medium :tape } WHERE { :claim-141 kg:medium ?old }
