"""Time expressions: a parsed document and its date in; expressions with four bounds and a grain out.

Floor 2 of extract, on amounts.
"""
