# A claim is reported in two others.
# shape: kgs:ClaimReportedIn
PREFIX : <https://news.example/article/quarry#>
PREFIX kg: <https://kg.example/ontology#>

INSERT DATA { <https://news.example/article/quarry#claim=194-200> kg:reportedIn <https://news.example/article/quarry#claim=104-108> }
