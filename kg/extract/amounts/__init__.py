"""Numbers: words in; quantities with their bounds, and what they count, out. Floor 1 of extract."""
