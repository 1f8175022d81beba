# A time span says that it is not inferred, which is what saying nothing says.
# shape: kgs:TimeInferred
PREFIX : <https://news.example/article/quarry#>
PREFIX kg: <https://kg.example/ontology#>

INSERT DATA { <https://news.example/article/quarry#time=46-52> kg:inferred false }
