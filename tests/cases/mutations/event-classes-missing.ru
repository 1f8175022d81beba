# An event is neither a kg:Event nor a kg:NonFactualEvent.
# shape: kgs:Search-typed
PREFIX : <https://news.example/article/quarry#>
PREFIX kg: <https://kg.example/ontology#>

DELETE WHERE { :search-223 a ?class } ;
INSERT DATA { :search-223 a kg:Eventuality }
