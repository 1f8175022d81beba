# An event has a count that is nothing that is known.
# shape: kgs:CountBounded kgs:CountCounted kgs:CountLabel kgs:CountMention kgs:CountRole
PREFIX : <https://news.example/article/quarry#>
PREFIX kg: <https://kg.example/ontology#>

INSERT DATA { :killing-36 kg:count :some }
