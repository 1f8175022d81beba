# A time span has two latest begins.
# shape: kgs:TimeLatestBegin
PREFIX : <https://news.example/article/quarry#>
PREFIX kg: <https://kg.example/ontology#>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>

INSERT DATA { <https://news.example/article/quarry#time=265-279> kg:latestBegin "2019-06-02"^^xsd:date }
