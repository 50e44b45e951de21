"""What every part of the read side starts from."""

from collections.abc import Hashable

from corpus.database import Database


class DatabaseReader:
    """Base of the parts of ``Reader``."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def generation(self) -> Hashable:
        """Equal to an earlier value only if no process has written in between; very cheap."""
        return self._database.generation()
