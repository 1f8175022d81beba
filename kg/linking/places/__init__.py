"""A gazetteer without a server: names of places in, the places of GeoNames that bear them out.

Goes in: the data of the packages of ``newskg[places]``, or a GeoNames dump of a person's own. Comes out: a
``Gazetteer`` that is looked up in microseconds, and which place a name means in one article. The ground floor of
linking, on ontology. GeoNames' data are CC BY 4.0: whatever shows them names GeoNames.
"""
