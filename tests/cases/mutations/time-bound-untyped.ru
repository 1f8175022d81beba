# A bound of a time span is a string.
# shape: kgs:TimeBounds
PREFIX : <https://news.example/article/quarry#>
PREFIX kg: <https://kg.example/ontology#>

DELETE { :time-265 kg:earliestBegin ?old } INSERT { :time-265 kg:earliestBegin "2019-05" } WHERE { :time-265 kg:earliestBegin ?old }
