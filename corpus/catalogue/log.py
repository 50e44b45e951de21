"""Keeping the log no longer than it serves."""

from datetime import timedelta

from corpus import audit
from corpus.catalogue.writing import SYSTEM, Writer

KEPT = timedelta(days=366)  # twelve months, as the privacy page says


class LogWriter(Writer):
    """The log is written by every other writer; here it only grows old."""

    def forget_old_log(self) -> int:
        """Remove the entries older than twelve months; how many they were.

        The history of a record then goes back twelve months; its content stays.
        """
        with self._database.transaction() as session:
            now = self._now()
            return audit.forget(session, before=now - KEPT, at=now, actor=SYSTEM)
