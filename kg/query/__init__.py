"""Questions: named queries, results in every format, plans, updates, statistics, explanations.

Goes in: a `Store` and a question. Comes out: rows, tables, sentences. Floor 3, on store.
"""
