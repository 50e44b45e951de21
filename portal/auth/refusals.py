"""Passwords and codes that were refused, for the log: of whose account, how many, when.

What was typed is never kept, not even as an address that belongs to nobody. The first refusals
reach the log within a minute, those that follow a quarter of an hour together: whoever tries
for days cannot fill it. Counting them in memory takes the same time for an account as for none.
"""

import threading
import time
from collections import Counter
from collections.abc import Callable

from flask import Flask, current_app

from corpus.catalogue import Catalogue
from corpus.vocabulary import Refused

EXTENSION = "metropoli-refusals"
PAUSE = 15 * 60.0  # seconds between two groups of lines


class Tally:
    """Refusals of this process, in memory until the log has them. Safe to use from threads."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._lock = threading.Lock()
        self._refusals: Counter[tuple[int | None, Refused]] = Counter()
        self._not_before = 0.0

    def add(self, account: int | None, refused: Refused) -> None:
        with self._lock:
            self._refusals[account, refused] += 1

    def write(self, catalogue: Catalogue, *, last: bool = False) -> None:
        """Write the lines, unless some were written of late; on an error they are kept."""
        with self._lock:
            if not self._refusals or (self._now() < self._not_before and not last):
                return
            taken, self._refusals = self._refusals, Counter()
        try:
            catalogue.note_refusals(taken)
        except BaseException:
            with self._lock:
                self._refusals.update(taken)
            raise
        self._not_before = self._now() + PAUSE


def count(app: Flask) -> None:
    app.extensions[EXTENSION] = Tally()


def tally_of(app: Flask) -> Tally:
    """The refusals of this application."""
    tally: Tally = app.extensions[EXTENSION]
    return tally


def note(account: int | None, refused: Refused) -> None:
    """Count a refusal of this request; None for an address that is no account's."""
    tally_of(current_app).add(account, refused)
