# A facility is no place.
# shape: kgs:Facility-superclasses
PREFIX : <https://news.example/article/quarry#>
PREFIX kg: <https://kg.example/ontology#>

DELETE DATA { :quarry-74 a kg:Place }
