# A time span is written in two ways.
# shape: kgs:TimeDates
PREFIX : <https://news.example/article/quarry#>
PREFIX kg: <https://kg.example/ontology#>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>

INSERT DATA { <https://news.example/article/quarry#time=265-279> kg:dates "from 2019" }
