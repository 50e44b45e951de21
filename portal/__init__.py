"""The web site (Flask)."""
