# A claim is an entity too.
# shape: kgs:EventOnly
PREFIX : <https://news.example/article/quarry#>
PREFIX kg: <https://kg.example/ontology#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>

INSERT DATA { <https://news.example/article/quarry#claim=104-108> a kg:Other, kg:Entity ; skos:prefLabel "said" ; kg:mention <https://news.example/article/quarry#char=104,108> }
