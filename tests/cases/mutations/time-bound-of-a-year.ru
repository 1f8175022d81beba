# A bound of a time span is a year, which no query compares with a day.
# shape: kgs:TimeBounds
PREFIX : <https://news.example/article/quarry#>
PREFIX kg: <https://kg.example/ontology#>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>

INSERT DATA { <https://news.example/article/quarry#time=265-279> kg:latestEnd "2020"^^xsd:gYear }
