# A claim is reported in something that is no claim.
# shape: kgs:Reporting
PREFIX : <https://news.example/article/quarry#>
PREFIX kg: <https://kg.example/ontology#>

DELETE { <https://news.example/article/quarry#claim=194-200> kg:reportedIn ?old } INSERT { <https://news.example/article/quarry#claim=194-200> kg:reportedIn :killing-36 } WHERE { <https://news.example/article/quarry#claim=194-200> kg:reportedIn ?old }
