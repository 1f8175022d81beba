"""The line from article to stored graph, and back from a graph to the words that made it.

Goes in: articles, or a store. Comes out: stored graphs, outcomes, reports. Floor 4, on extract, graph, query.
"""
