# A time span has two latest ends.
# shape: kgs:TimeLatestEnd
PREFIX : <https://news.example/article/quarry#>
PREFIX kg: <https://kg.example/ontology#>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>

INSERT DATA { <https://news.example/article/quarry#time=46-52> kg:latestEnd "2024-05-07"^^xsd:date }
