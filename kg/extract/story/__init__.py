"""What only the whole article tells: drafts in; drafts with inferred participants, days and places out.

Floor 4 of extract, on events.
"""
