# A bound of a time span is a string.
# shape: kgs:TimeBounds
PREFIX : <https://news.example/article/quarry#>
PREFIX kg: <https://kg.example/ontology#>

DELETE { <https://news.example/article/quarry#time=265-279> kg:earliestBegin ?old } INSERT { <https://news.example/article/quarry#time=265-279> kg:earliestBegin "2019-05" } WHERE { <https://news.example/article/quarry#time=265-279> kg:earliestBegin ?old }
