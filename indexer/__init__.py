"""From files to answers: reading, analysis, index (floor 2)."""
