# A time span says that it is not inferred, which is what saying nothing says.
# shape: kgs:TimeInferred
PREFIX : <https://news.example/article/quarry#>
PREFIX kg: <https://kg.example/ontology#>

INSERT DATA { :time-46 kg:inferred false }
