# A time span has two earliest ends.
# shape: kgs:TimeEarliestEnd
PREFIX : <https://news.example/article/quarry#>
PREFIX kg: <https://kg.example/ontology#>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>

INSERT DATA { <https://news.example/article/quarry#time=265-279> kg:earliestEnd "2020-01-01"^^xsd:date, "2020-02-01"^^xsd:date }
