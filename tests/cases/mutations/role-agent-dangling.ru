# The agent of an event is nothing that is known.
# shape: kgs:agent-of-Agent-or-GPE
PREFIX : <https://news.example/article/quarry#>
PREFIX kg: <https://kg.example/ontology#>

DELETE { :arrest-177 kg:agent ?old } INSERT { :arrest-177 kg:agent :nobody } WHERE { :arrest-177 kg:agent ?old }
