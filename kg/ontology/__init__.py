"""What the program knows about kinds of events, entities and words, read from Turtle.

Goes in: Turtle files (`ontology/` and the user's own). Comes out: one frozen `Ontology`. Floor 1, on core.
"""
