# An entity has no name.
# shape: kgs:EntityLabel
PREFIX : <https://news.example/article/quarry#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>

DELETE WHERE { :miners-12 skos:prefLabel ?old }
