# The object of a relation is nothing that is known; its plain triple stands.
# shape: kgs:RelationObject
PREFIX : <https://news.example/article/quarry#>
PREFIX kg: <https://kg.example/ontology#>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>

DELETE { <https://news.example/article/quarry#relation=121-139> rdf:object ?old } INSERT { <https://news.example/article/quarry#relation=121-139> rdf:object :nothing } WHERE { <https://news.example/article/quarry#relation=121-139> rdf:object ?old } ;
INSERT DATA { <https://news.example/person/ada-okoro> kg:position :nothing }
