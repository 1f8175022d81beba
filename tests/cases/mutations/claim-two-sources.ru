# A claim has two sources.
# shape: kgs:ClaimSource
PREFIX : <https://news.example/article/quarry#>
PREFIX kg: <https://kg.example/ontology#>

INSERT DATA { :claim-104 kg:source :guard-25 }
