"""What every part of the read side starts from."""

from corpus.database import Database


class DatabaseReader:
    """Base of the parts of ``Reader``."""

    def __init__(self, database: Database) -> None:
        self._database = database
