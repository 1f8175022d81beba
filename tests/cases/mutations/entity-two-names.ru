# An entity has two names.
# shape: kgs:EntityLabel
PREFIX : <https://news.example/article/quarry#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>

INSERT DATA { :miners-12 skos:prefLabel "diggers" }
