# A relation has a predicate that the vocabulary lacks; its plain triple stands.
# shape: kgs:RelationPredicate
PREFIX : <https://news.example/article/quarry#>
PREFIX kg: <https://kg.example/ontology#>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>

DELETE { :relation-74 rdf:predicate ?old } INSERT { :relation-74 rdf:predicate kg:nearTo } WHERE { :relation-74 rdf:predicate ?old } ;
INSERT DATA { :quarry-74 kg:nearTo <https://news.example/place/lodwar> }
