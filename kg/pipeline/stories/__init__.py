"""What several articles tell of one happening: events of different articles compared, linked, and told as one story.

store ─ reading → Telling ─ candidates → pairs ─ comparing → score, reasons ─ grouping → links of events ─ story
"""
