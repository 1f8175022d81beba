# A time span has two earliest begins.
# shape: kgs:TimeEarliestBegin
PREFIX : <https://news.example/article/quarry#>
PREFIX kg: <https://kg.example/ontology#>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>

INSERT DATA { <https://news.example/article/quarry#time=46-52> kg:earliestBegin "2024-05-02"^^xsd:date }
