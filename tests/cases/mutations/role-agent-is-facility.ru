# A facility is the agent of an event.
# shape: kgs:agent-of-Agent-or-GPE
PREFIX : <https://news.example/article/quarry#>
PREFIX kg: <https://kg.example/ontology#>

INSERT DATA { :killing-36 kg:agent :quarry-74 }
