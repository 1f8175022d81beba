# No words show that a source says so.
# shape: kgs:ClaimShown
PREFIX : <https://news.example/article/quarry#>
PREFIX kg: <https://kg.example/ontology#>

DELETE { ?s ?p <https://news.example/article/quarry#claim=104-108> . <https://news.example/article/quarry#claim=104-108> ?q ?v } INSERT { ?s ?p <https://news.example/article/quarry#claim-104> . <https://news.example/article/quarry#claim-104> ?q ?v } WHERE { { ?s ?p <https://news.example/article/quarry#claim=104-108> } UNION { <https://news.example/article/quarry#claim=104-108> ?q ?v } }
