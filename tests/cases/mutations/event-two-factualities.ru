# An event is negated and possible.
# shape: kgs:EventFactuality
PREFIX : <https://news.example/article/quarry#>
PREFIX kg: <https://kg.example/ontology#>

INSERT DATA { :arrest-177 kg:factuality kg:possible }
