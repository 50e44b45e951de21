"""What is counted in memory while the portal answers, and written every minute."""

import logging
import os
import threading
from collections.abc import Sequence
from typing import Protocol

from flask import Flask

from corpus.catalogue import Catalogue
from corpus.errors import CatalogueUnavailable, NoSpace
from portal import usage
from portal.auth import refusals

PAUSE = 60.0  # seconds between two writings

_log = logging.getLogger(__name__)


class Tally(Protocol):
    """Counts of this process."""

    def write(self, catalogue: Catalogue, *, last: bool = False) -> None:
        """Write what was counted so far; on an error it is kept for the next time.

        ``last``: there will be no next time.
        """


class Writing:
    """Writes tallies into the catalogue every minute, and once more at the end.

    What cannot be written now (a full or read-only disk) waits in memory for the next time.
    """

    def __init__(
        self, tallies: Sequence[Tally], catalogue: Catalogue, pause: float = PAUSE
    ) -> None:
        self._tallies = tallies
        self._catalogue = catalogue
        self._pause = pause
        self._stop = threading.Event()

    def start(self) -> None:
        """Begin, on a thread of this process and of those forked from it."""
        self._start_thread()
        os.register_at_fork(after_in_child=self._start_thread)

    def stop(self) -> None:
        """Write what is left and end."""
        self._stop.set()
        self._thread.join(timeout=10)

    def write(self, *, last: bool = False) -> None:
        """Write what was counted so far."""
        for tally in self._tallies:
            try:
                tally.write(self._catalogue, last=last)
            except (CatalogueUnavailable, NoSpace) as error:
                _log.warning("counts could not be written, and wait: %r", error)
            except Exception:  # the edge of the thread: counts are not worth a portal
                _log.exception("counts could not be written, and wait")

    def _start_thread(self) -> None:
        self._thread = threading.Thread(target=self._run, name="tallies", daemon=True)
        self._thread.start()

    def _run(self) -> None:
        while not self._stop.wait(self._pause):
            self.write()
        self.write(last=True)


def of(app: Flask) -> tuple[Tally, ...]:
    """All that this application counts."""
    return usage.tally_of(app), refusals.tally_of(app)
