# No words show that a source says so.
# shape: kgs:ClaimShown
PREFIX : <https://news.example/article/quarry#>
PREFIX kg: <https://kg.example/ontology#>

DELETE WHERE { :claim-104 kg:cue ?old }
