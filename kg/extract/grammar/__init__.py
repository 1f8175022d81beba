"""What grammar and lexicon say of events: a parsed document in; triggers, role fillers, status out.

Floor 2 of extract, on syntax.
"""
