"""The text of queries before a store sees it: tokens, mistakes, what may leave the machine.

Goes in: SPARQL text. Comes out: tokens, hints, a routed query. The lowest floor of the store.
"""
