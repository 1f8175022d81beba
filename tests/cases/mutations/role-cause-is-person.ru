# A person is the cause of an event.
# shape: kgs:cause-of-Eventuality-or-Mention
PREFIX : <https://news.example/article/quarry#>
PREFIX kg: <https://kg.example/ontology#>

INSERT DATA { :search-223 kg:cause :guard-25 }
