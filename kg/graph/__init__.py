"""An extraction as RDF and as JSON, and the check of its graph against shapes.

Goes in: an `Extraction` and the `Ontology`. Comes out: triples, JSON objects, a `ValidationReport`.
Floor 2, on ontology.
"""
