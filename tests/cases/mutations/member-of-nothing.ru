# Somebody is a member of nothing that is known.
# shape: kgs:Related
PREFIX : <https://news.example/article/quarry#>
PREFIX kg: <https://kg.example/ontology#>

INSERT DATA { :troops-211 kg:memberOf :nothing }
