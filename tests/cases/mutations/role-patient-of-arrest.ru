# A document is arrested, in an event that did not happen.
# shape: kgs:patient-of-Group-or-Norp-or-Person
PREFIX : <https://news.example/article/quarry#>
PREFIX kg: <https://kg.example/ontology#>

INSERT DATA { :arrest-177 kg:patient :report-203 }
