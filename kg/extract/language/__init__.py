"""The language model: text in; words with tags, trees, names and scores of events out.

The one place that knows spaCy's pipeline and the model's runtime. The lowest floor of extract.
"""
