"""What to write in the catalogue about a file: proposed from the file, or from a row of a list."""
