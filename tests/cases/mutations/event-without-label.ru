# An event has no label.
# shape: kgs:EventLabel
PREFIX : <https://news.example/article/quarry#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>

DELETE WHERE { :killing-36 rdfs:label ?old }
