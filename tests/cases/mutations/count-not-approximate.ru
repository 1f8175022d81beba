# A count says that it is not approximate, which is what saying nothing says.
# shape: kgs:CountApproximate
PREFIX : <https://news.example/article/quarry#>
PREFIX kg: <https://kg.example/ontology#>

INSERT DATA { <https://news.example/article/quarry#count=0-11> kg:approximate false }
