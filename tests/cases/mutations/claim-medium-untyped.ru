# The medium of a claim is nothing that is known.
# shape: kgs:ClaimMedium
PREFIX : <https://news.example/article/quarry#>
PREFIX kg: <https://kg.example/ontology#>

DELETE { <https://news.example/article/quarry#claim=141-145> kg:medium ?old } INSERT { <https://news.example/article/quarry#claim=141-145> kg:medium :tape } WHERE { <https://news.example/article/quarry#claim=141-145> kg:medium ?old }
