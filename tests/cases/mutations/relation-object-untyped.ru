# The object of a relation is nothing that is known; its plain triple stands.
# shape: kgs:RelationObject
PREFIX : <https://news.example/article/quarry#>
PREFIX kg: <https://kg.example/ontology#>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>

DELETE { :relation-121 rdf:object ?old } INSERT { :relation-121 rdf:object :nothing } WHERE { :relation-121 rdf:object ?old } ;
INSERT DATA { <https://news.example/person/ada-okoro> kg:position :nothing }
