# A group is no agent.
# shape: kgs:Group-superclasses
PREFIX : <https://news.example/article/quarry#>
PREFIX kg: <https://kg.example/ontology#>

DELETE DATA { :gunmen-58 a kg:Agent }
