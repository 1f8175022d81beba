# A claim claims an entity.
# shape: kgs:Claimed
PREFIX : <https://news.example/article/quarry#>
PREFIX kg: <https://kg.example/ontology#>

INSERT DATA { <https://news.example/article/quarry#claim=194-200> kg:claims :hills-234 }
