# A time span has a grain that is none.
# shape: kgs:TimeGrain
PREFIX : <https://news.example/article/quarry#>
PREFIX kg: <https://kg.example/ontology#>

DELETE { :time-46 kg:grain ?old } INSERT { :time-46 kg:grain "fortnight" } WHERE { :time-46 kg:grain ?old }
