# The cue of a claim is nothing that is known.
# shape: kgs:Mention
PREFIX : <https://news.example/article/quarry#>
PREFIX kg: <https://kg.example/ontology#>

DELETE { :claim-104 kg:cue ?old } INSERT { :claim-104 kg:cue :said } WHERE { :claim-104 kg:cue ?old }
