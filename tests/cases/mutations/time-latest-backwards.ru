# The latest begin of a time span is after its latest end.
# shape: kgs:TimeOrder
PREFIX : <https://news.example/article/quarry#>
PREFIX kg: <https://kg.example/ontology#>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>

INSERT DATA { <https://news.example/article/quarry#time=46-52> kg:latestBegin "2024-05-07"^^xsd:date }
