# A count says that it is not approximate, which is what saying nothing says.
# shape: kgs:CountApproximate
PREFIX : <https://news.example/article/quarry#>
PREFIX kg: <https://kg.example/ontology#>

INSERT DATA { :count-0 kg:approximate false }
