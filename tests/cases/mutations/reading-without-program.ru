# The reading does not name the program.
# shape: kgs:ReadingProgram
PREFIX : <https://news.example/article/quarry#>
PREFIX kg: <https://kg.example/ontology#>

DELETE WHERE { :reading kg:program ?old }
