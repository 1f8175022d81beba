# A group of people is the place of an event.
# shape: kgs:place-of-Court-or-Parliament-or-Place
PREFIX : <https://news.example/article/quarry#>
PREFIX kg: <https://kg.example/ontology#>

INSERT DATA { :killing-36 kg:place :miners-12 }
