# No words show a relation.
# shape: kgs:RelationMention
PREFIX : <https://news.example/article/quarry#>
PREFIX kg: <https://kg.example/ontology#>

DELETE { ?s ?p <https://news.example/article/quarry#relation=74-92> . <https://news.example/article/quarry#relation=74-92> ?q ?v } INSERT { ?s ?p <https://news.example/article/quarry#relation-74> . <https://news.example/article/quarry#relation-74> ?q ?v } WHERE { { ?s ?p <https://news.example/article/quarry#relation=74-92> } UNION { <https://news.example/article/quarry#relation=74-92> ?q ?v } }
