# A killing is no death.
# shape: kgs:Killing-superclasses
PREFIX : <https://news.example/article/quarry#>
PREFIX kg: <https://kg.example/ontology#>

DELETE DATA { :killing-36 a kg:Death }
