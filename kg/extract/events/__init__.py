"""Events in the making: findings of one document in; drafts of events, then events and claims, out.

Floor 3 of extract, on entities, grammar, saying, times, amounts.
"""
