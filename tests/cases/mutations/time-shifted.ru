# The words of a time begin one character early, with a space.
# shape: kgs:MentionInText
PREFIX : <https://news.example/article/quarry#>
PREFIX kg: <https://kg.example/ontology#>

DELETE { ?s ?p <https://news.example/article/quarry#time=46-52> . <https://news.example/article/quarry#time=46-52> ?q ?v } INSERT { ?s ?p <https://news.example/article/quarry#time=45-52> . <https://news.example/article/quarry#time=45-52> ?q ?v } WHERE { { ?s ?p <https://news.example/article/quarry#time=46-52> } UNION { <https://news.example/article/quarry#time=46-52> ?q ?v } }
