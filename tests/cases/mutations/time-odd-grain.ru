# A time span has a grain that is none.
# shape: kgs:TimeGrain
PREFIX : <https://news.example/article/quarry#>
PREFIX kg: <https://kg.example/ontology#>

DELETE { <https://news.example/article/quarry#time=46-52> kg:grain ?old } INSERT { <https://news.example/article/quarry#time=46-52> kg:grain "fortnight" } WHERE { <https://news.example/article/quarry#time=46-52> kg:grain ?old }
