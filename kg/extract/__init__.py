"""Reading an article: the only package that knows spaCy. ``kg.extract.reading.extract_doc`` is the way in."""
