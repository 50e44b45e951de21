"""The collection: what is in it, where it is kept, whose it is (floor 1)."""
