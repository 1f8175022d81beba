# A relation has a predicate that the vocabulary lacks; its plain triple stands.
# shape: kgs:RelationPredicate
PREFIX : <https://news.example/article/quarry#>
PREFIX kg: <https://kg.example/ontology#>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>

DELETE { <https://news.example/article/quarry#relation=74-92> rdf:predicate ?old } INSERT { <https://news.example/article/quarry#relation=74-92> rdf:predicate kg:nearTo } WHERE { <https://news.example/article/quarry#relation=74-92> rdf:predicate ?old } ;
INSERT DATA { :quarry-74 kg:nearTo <https://news.example/place/lodwar> }
