# A time span has a grain and no bound.
# shape: kgs:TimeResolved
PREFIX : <https://news.example/article/quarry#>
PREFIX kg: <https://kg.example/ontology#>

DELETE WHERE { <https://news.example/article/quarry#time=46-52> kg:earliestBegin ?a ; kg:latestEnd ?d }
