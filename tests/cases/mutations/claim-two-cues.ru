# A claim has two cues.
# shape: kgs:ClaimCue
PREFIX : <https://news.example/article/quarry#>
PREFIX kg: <https://kg.example/ontology#>

INSERT DATA { :claim-104 kg:cue <https://news.example/article/quarry#char=36,42> }
