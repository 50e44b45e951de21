"""The single worker: keeps the index up to date until it is told to stop, and does the chores."""

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event

from indexer.engine import Engine, EngineUnavailable
from indexer.ownership import Owned, ownership
from indexer.pipeline import Indexer

PAUSE = 1.0  # seconds between two looks at the catalogue: at most this until a change is found
LONGEST_PAUSE = 60.0  # after repeated errors
_HEALTH_EVERY = 10.0
_UNPUBLISHED_AT_ONCE = 4  # files of staff, between two looks at what readers wait for

_log = logging.getLogger(__name__)


@dataclass
class Chore:
    """Something to do every so often by the one process that owns the index.

    ``do`` finds out by itself what is due and repeats safely: after a stop it is called again. An
    error is logged and ends only that attempt.
    """

    name: str
    every: float  # seconds
    do: Callable[[], object]
    _due: float = field(default=0.0, init=False)

    def attempt(self) -> None:
        """Do it when its time has come."""
        now = time.monotonic()
        if now < self._due:
            return
        self._due = now + self.every
        try:
            self.do()
        except Exception:  # the edge of a chore: the index and the other chores go on
            _log.exception("chore «%s» failed; next attempt in %.0f s", self.name, self.every)


class Worker:
    """Owns the index while it works; waits while another process does, and takes over after it."""

    def __init__(
        self,
        indexer: Indexer,
        engine: Engine,
        lock: Path,
        pause: float = PAUSE,
        chores: Sequence[Chore] = (),
    ) -> None:
        self._indexer = indexer
        self._engine = engine
        self._lock = lock
        self._pause = pause
        self._chores = chores

    def run(self, stop: Event) -> None:
        """Work until ``stop`` is set. No error ends it: it waits, longer each time, and retries."""
        wait = self._pause
        while not stop.is_set():
            try:
                with ownership(self._lock):
                    self._own(stop)
            except Owned:
                stop.wait(self._pause)
            except Exception:  # the edge of the worker: nothing may end it
                _log.exception("indexing failed; next attempt in %.0f s", wait)
                stop.wait(wait)
                wait = min(2 * wait, LONGEST_PAUSE)
            else:
                wait = self._pause

    def _own(self, stop: Event) -> None:
        self.restore_health()
        self._indexer.begin_anew()
        self._indexer.reconcile()
        checked = time.monotonic()
        while not stop.is_set():
            for chore in self._chores:  # before the index, which then takes in what they changed
                chore.attempt()
            if time.monotonic() - checked > _HEALTH_EVERY:
                self.restore_health()
                checked = time.monotonic()
            if applied := self._indexer.catch_up():
                _log.info("%d records indexed", applied)
            if not self._indexer.read_unpublished(_UNPUBLISHED_AT_ONCE):
                stop.wait(self._pause)

    def restore_health(self) -> bool:
        """Rebuild an index that needs it; whether it did."""
        try:
            ill = self._engine.needs_rebuild
        except EngineUnavailable:
            ill = True
        if ill:
            _log.warning("the index is missing, damaged or of another version: rebuilding it")
            _log.warning("index rebuilt with %d records", self._indexer.rebuild())
        return ill
