"""Who may change the index: one owner at a time, over all processes of a data folder."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class Owned(Exception):
    """Somebody else owns the index now."""


@contextmanager
def ownership(lock: Path) -> Iterator[None]:
    """Own the index inside the block; raises ``Owned`` at once when another has it.

    The system gives the lock back when the process ends, however it ends.
    """
    lock.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Owned(str(lock)) from error
        yield
    finally:
        os.close(descriptor)
