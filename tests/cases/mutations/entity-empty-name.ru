# The name of an entity is empty.
# shape: kgs:EntityLabel
PREFIX : <https://news.example/article/quarry#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>

DELETE { :miners-12 skos:prefLabel ?old } INSERT { :miners-12 skos:prefLabel "" } WHERE { :miners-12 skos:prefLabel ?old }
