"""Who says what: a parsed document in; acts of saying with speaker, cue and content out.

Floor 2 of extract, on syntax.
"""
