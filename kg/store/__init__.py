"""Where graphs are kept: embedded on disk or in memory, or behind an endpoint; files in, exports and differences out.

Goes in: quads, SPARQL. Comes out: solutions, triples, files. Floor 2, on core.
"""
