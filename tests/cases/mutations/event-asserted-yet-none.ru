# An asserted event is no kg:Event.
# shape: kgs:EventNotAsserted
PREFIX : <https://news.example/article/quarry#>
PREFIX kg: <https://kg.example/ontology#>

DELETE { :arrest-177 kg:factuality ?old } INSERT { :arrest-177 kg:factuality kg:asserted } WHERE { :arrest-177 kg:factuality ?old }
