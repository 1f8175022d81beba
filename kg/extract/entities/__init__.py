"""Who and where: a parsed document in; mentions, chains of mentions of one entity, and relations out.

Floor 2 of extract, on syntax.
"""
