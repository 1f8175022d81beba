# The words of a count are none.
# shape: kgs:MentionInText
PREFIX : <https://news.example/article/quarry#>
PREFIX kg: <https://kg.example/ontology#>

DELETE { ?s ?p <https://news.example/article/quarry#count=0-11> . <https://news.example/article/quarry#count=0-11> ?q ?v } INSERT { ?s ?p <https://news.example/article/quarry#count=11-11> . <https://news.example/article/quarry#count=11-11> ?q ?v } WHERE { { ?s ?p <https://news.example/article/quarry#count=0-11> } UNION { <https://news.example/article/quarry#count=0-11> ?q ?v } }
