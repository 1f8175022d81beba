# Something is located in a group of people.
# shape: kgs:Location
PREFIX : <https://news.example/article/quarry#>
PREFIX kg: <https://kg.example/ontology#>

INSERT DATA { :police-162 kg:locatedIn :miners-12 }
