# An event is of a type that the ontology lacks.
# shape: kgs:KnownEventType
PREFIX : <https://news.example/article/quarry#>
PREFIX kg: <https://kg.example/ontology#>

DELETE { :search-223 kg:eventType ?old } INSERT { :search-223 kg:eventType kg:Explore } WHERE { :search-223 kg:eventType ?old }
