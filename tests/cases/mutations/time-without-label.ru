# A time span has no words.
# shape: kgs:TimeLabel
PREFIX : <https://news.example/article/quarry#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>

DELETE WHERE { :time-46 rdfs:label ?old }
