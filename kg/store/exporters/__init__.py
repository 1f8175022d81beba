"""The data in the forms that other tools take: ``kg export --as``.

``reading`` reads an article's graph into the frozen ``facts``; each module of ``formats`` is one format, a function
from an article's facts to bytes and what stands around them; ``run`` finds the formats and writes a store through one.
"""
