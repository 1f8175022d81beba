"""A gazetteer without a server: names of places in, the places of GeoNames that bear them out.

Goes in: the data of the packages of ``newskg[places]``, or a GeoNames dump of a person's own. Comes out: a
``Gazetteer`` that is looked up in microseconds, and which place a name means in one article. The ground floor of
linking, on ontology. Who wants to know what a name means calls ``resolve.Resolver.meanings`` (an article's places);
who wants the places of a name alone ``index.Gazetteer.named``; other things' candidates are scored by
``kg.linking.match.find_links``. GeoNames' data are CC BY 4.0: whatever shows them names GeoNames.
"""
