# The latest end of a time span is a word.
# shape: kgs:TimeBounds
PREFIX : <https://news.example/article/quarry#>
PREFIX kg: <https://kg.example/ontology#>

INSERT DATA { <https://news.example/article/quarry#time=265-279> kg:latestEnd "now" }
