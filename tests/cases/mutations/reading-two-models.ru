# The reading names two language models.
# shape: kgs:ReadingModel
PREFIX : <https://news.example/article/quarry#>
PREFIX kg: <https://kg.example/ontology#>

INSERT DATA { :reading kg:model "another" }
