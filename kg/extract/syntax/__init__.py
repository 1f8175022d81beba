"""Grammar of one sentence: a parsed document in; slots, phrases and tenses of its words out. Floor 1 of extract."""
