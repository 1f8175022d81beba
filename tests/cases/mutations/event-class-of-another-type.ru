# An asserted killing is an instance of kg:Death only.
# shape: kgs:Killing-typed
PREFIX : <https://news.example/article/quarry#>
PREFIX kg: <https://kg.example/ontology#>

DELETE DATA { :killing-36 a kg:Killing } ;
INSERT DATA { :killing-36 a kg:Death }
