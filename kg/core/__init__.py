"""What every part stands on: errors, the values that travel, vocabulary, shipped files, parallel work, tables.

Goes in: nothing of ours. Comes out: leaves that all may import. Floor 0.
"""
