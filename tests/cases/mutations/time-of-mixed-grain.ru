# A time span begins in a month of a year after its end.
# shape: kgs:TimeOrder
PREFIX : <https://news.example/article/quarry#>
PREFIX kg: <https://kg.example/ontology#>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>

INSERT DATA { :time-265 kg:latestEnd "2018"^^xsd:gYear }
