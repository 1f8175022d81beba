# An event is an entity too.
# shape: kgs:EventOnly
PREFIX : <https://news.example/article/quarry#>
PREFIX kg: <https://kg.example/ontology#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>

INSERT DATA { :attack-65 a kg:Other, kg:Entity ; skos:prefLabel "raid" }
