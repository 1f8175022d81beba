# An event has two types, and is an instance of both.
# shape: kgs:EventType
PREFIX : <https://news.example/article/quarry#>
PREFIX kg: <https://kg.example/ontology#>

INSERT DATA { :killing-36 kg:eventType kg:Attack ; a kg:Attack }
