# The earliest end of a time span is a number.
# shape: kgs:TimeBounds
PREFIX : <https://news.example/article/quarry#>
PREFIX kg: <https://kg.example/ontology#>

INSERT DATA { :time-265 kg:earliestEnd 2020 }
