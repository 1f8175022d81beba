# An entity has its name as another name.
# shape: kgs:EntityAltLabel
PREFIX : <https://news.example/article/quarry#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>

INSERT DATA { :miners-12 skos:altLabel "miners" }
