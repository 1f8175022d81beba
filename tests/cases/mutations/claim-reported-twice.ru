# A claim is reported in two others.
# shape: kgs:ClaimReportedIn
PREFIX : <https://news.example/article/quarry#>
PREFIX kg: <https://kg.example/ontology#>

INSERT DATA { :claim-194 kg:reportedIn :claim-104 }
