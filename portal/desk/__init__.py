"""What the pages of the editorial desk share: its rules, its forms, its words; no page."""
