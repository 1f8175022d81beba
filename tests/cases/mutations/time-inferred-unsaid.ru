# A time span does not say whether it is inferred.
# shape: kgs:TimeInferred
PREFIX : <https://news.example/article/quarry#>
PREFIX kg: <https://kg.example/ontology#>

DELETE WHERE { :time-46 kg:inferred ?old }
