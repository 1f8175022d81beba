# A time span has no mention.
# shape: kgs:TimeMention
PREFIX : <https://news.example/article/quarry#>
PREFIX kg: <https://kg.example/ontology#>

DELETE WHERE { :time-46 kg:mention ?old }
