# A relation has no subject.
# shape: kgs:RelationSubject
PREFIX : <https://news.example/article/quarry#>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>

DELETE WHERE { <https://news.example/article/quarry#relation=74-92> rdf:subject ?old }
