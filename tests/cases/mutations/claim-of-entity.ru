# A claim claims an entity.
# shape: kgs:Claimed
PREFIX : <https://news.example/article/quarry#>
PREFIX kg: <https://kg.example/ontology#>

INSERT DATA { :claim-194 kg:claims :hills-234 }
