"""What is cited, downloaded, followed, harvested: references, tables, archives, feeds; no page."""
