"""Our entities and those of other datasets: matched by name and type, merged as links.

Goes in: a `Store` and linked data. Comes out: link nodes in a graph of their own. Floor 3, on store.
"""
