# No activity generated the graph.
# shape: kgs:ArticleReading kgs:ReadingModel kgs:ReadingOntology kgs:ReadingProgram
PREFIX : <https://news.example/article/quarry#>
PREFIX prov: <http://www.w3.org/ns/prov#>

DELETE WHERE { <https://news.example/article/quarry> prov:wasGeneratedBy ?old } ;
DELETE WHERE { :reading ?p ?o }
