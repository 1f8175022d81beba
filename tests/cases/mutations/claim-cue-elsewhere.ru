# The cue of a claim is behind the text.
# shape: kgs:MentionInText
PREFIX : <https://news.example/article/quarry#>
PREFIX kg: <https://kg.example/ontology#>

DELETE { ?s ?p <https://news.example/article/quarry#claim=104-108> . <https://news.example/article/quarry#claim=104-108> ?q ?v } INSERT { ?s ?p <https://news.example/article/quarry#claim=1104-1108> . <https://news.example/article/quarry#claim=1104-1108> ?q ?v } WHERE { { ?s ?p <https://news.example/article/quarry#claim=104-108> } UNION { <https://news.example/article/quarry#claim=104-108> ?q ?v } }
