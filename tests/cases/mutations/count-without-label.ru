# A count has no label.
# shape: kgs:CountLabel
PREFIX : <https://news.example/article/quarry#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>

DELETE WHERE { <https://news.example/article/quarry#count=0-11> rdfs:label ?old }
