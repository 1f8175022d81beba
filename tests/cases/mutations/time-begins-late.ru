# A time span begins after its latest begin.
# shape: kgs:TimeOrder
PREFIX : <https://news.example/article/quarry#>
PREFIX kg: <https://kg.example/ontology#>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>

DELETE { <https://news.example/article/quarry#time=265-279> kg:earliestBegin ?old } INSERT { <https://news.example/article/quarry#time=265-279> kg:earliestBegin "2019-07-02"^^xsd:date } WHERE { <https://news.example/article/quarry#time=265-279> kg:earliestBegin ?old }
