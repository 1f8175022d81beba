"""A small SHACL engine: shapes compiled to functions over triples, and pySHACL for what they cannot be compiled to.

Goes in: shapes and data as N-Triples. Comes out: results. It knows nothing of news.
"""
