# A time span does not say where its words are.
# shape: kgs:TimeMention
PREFIX : <https://news.example/article/quarry#>
PREFIX kg: <https://kg.example/ontology#>

DELETE { ?s ?p <https://news.example/article/quarry#time=46-52> . <https://news.example/article/quarry#time=46-52> ?q ?v } INSERT { ?s ?p <https://news.example/article/quarry#time-46> . <https://news.example/article/quarry#time-46> ?q ?v } WHERE { { ?s ?p <https://news.example/article/quarry#time=46-52> } UNION { <https://news.example/article/quarry#time=46-52> ?q ?v } }
