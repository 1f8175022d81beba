# A claim is reported in something that is no claim.
# shape: kgs:Reporting
PREFIX : <https://news.example/article/quarry#>
PREFIX kg: <https://kg.example/ontology#>

DELETE { :claim-194 kg:reportedIn ?old } INSERT { :claim-194 kg:reportedIn :killing-36 } WHERE { :claim-194 kg:reportedIn ?old }
