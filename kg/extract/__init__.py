"""Reading an article: the only package that knows spaCy."""
