"""The CPU time that is left to the reading of one file."""

import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


class OutOfTime(BaseException):
    """Raised inside slow code; not an ``Exception``, so that libraries do not swallow it."""


class Allowance:
    """Counts CPU seconds from its making. ``None`` = no limit."""

    def __init__(self, seconds: float | None = None) -> None:
        self._end = None if seconds is None else time.process_time() + seconds

    @property
    def left(self) -> float:
        return float("inf") if self._end is None else self._end - time.process_time()

    @property
    def spent(self) -> bool:
        """Whether a reader should stop and hand over what it has."""
        return self.left <= 0

    @contextmanager
    def at_most(self, seconds: float) -> Iterator[None]:
        """Raise ``OutOfTime`` inside the block after ``seconds``, or when the allowance ends.

        Interrupts Python code, not a call into C; does nothing outside of the main thread.
        """
        seconds = min(seconds, self.left)
        if seconds == float("inf") or threading.current_thread() is not threading.main_thread():
            yield
            return
        before = signal.signal(signal.SIGVTALRM, _raise_out_of_time)
        signal.setitimer(signal.ITIMER_VIRTUAL, max(seconds, 0.001))
        try:
            yield
        finally:
            signal.setitimer(signal.ITIMER_VIRTUAL, 0)
            signal.signal(signal.SIGVTALRM, before)


def _raise_out_of_time(number: int, frame: FrameType | None) -> None:
    raise OutOfTime
