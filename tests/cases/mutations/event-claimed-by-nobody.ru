# Nobody claims an event.
# shape: kgs:EventClaimed
PREFIX : <https://news.example/article/quarry#>
PREFIX kg: <https://kg.example/ontology#>

DELETE WHERE { ?claim kg:claims :attack-65 }
