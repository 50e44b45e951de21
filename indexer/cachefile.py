"""A SQLite file that holds nothing but a cache: it may be deleted or broken while in use."""

import fcntl
import logging
import os
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

_BUSY_SECONDS = 30.0
_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}

_log = logging.getLogger(__name__)
_T = TypeVar("_T")


@dataclass(frozen=True)
class _Opened:
    """A connection and the file that it was opened on."""

    connection: sqlite3.Connection
    file: tuple[int, int]


class CacheFile:
    """One connection a thread, in WAL mode.

    A deleted file is begun anew at the next use, also under other processes' feet; a damaged one is
    set aside beside it, never deleted. ``schema`` makes the tables. A file with an older
    ``schema_version`` is set aside as well; to one of a newer program this program, which may run
    at the same time, leaves its place, and keeps a file of its own beside it.
    """

    def __init__(self, path: Path, schema: str, schema_version: int) -> None:
        self._path = path
        self._lock = path.with_name(f"{path.name}.lock")
        self._schema = schema
        self._schema_version = schema_version
        self._local = threading.local()

    def read(self, question: Callable[[sqlite3.Connection], _T], otherwise: _T) -> _T:
        """The answer of ``question``, or ``otherwise`` when the file turns out to be damaged."""
        connection = self._connection()
        try:
            return question(connection)
        except sqlite3.DatabaseError as error:
            if not _means_damage(error):
                raise
            self._set_aside(str(error))
            return otherwise

    def write(self, change: Callable[[sqlite3.Connection], object]) -> None:
        """Apply ``change`` wholly or not at all; a damaged file is begun anew first."""
        try:
            self._commit(change)
        except sqlite3.DatabaseError as error:
            if not _means_damage(error):
                raise
            self._set_aside(str(error))
            self._commit(change)

    def verify(self) -> bool:
        """Whether SQLite finds its file sound; an unsound one is set aside at once."""

        def check(db: sqlite3.Connection) -> str:
            return str(db.execute("PRAGMA integrity_check(1)").fetchone()[0])

        problem = self.read(check, "")
        if problem not in ("ok", ""):
            self._set_aside(problem)
        return problem == "ok"

    def close(self) -> None:
        """Close this thread's connection."""
        opened: _Opened | None = getattr(self._local, "opened", None)
        if opened is not None:
            opened.connection.close()
            self._local.opened = None

    def _commit(self, change: Callable[[sqlite3.Connection], object]) -> None:
        connection = self._connection()
        connection.execute("BEGIN IMMEDIATE")
        try:
            change(connection)
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise
        connection.execute("COMMIT")

    def _connection(self) -> sqlite3.Connection:
        opened: _Opened | None = getattr(self._local, "opened", None)
        if opened is not None and opened.file == _identity(self._path):
            return opened.connection
        self.close()
        with self._alone():
            opened = self._open()
        self._local.opened = opened
        return opened.connection

    def _open(self) -> _Opened:
        if not self._path.exists() or self._path.stat().st_size == 0:
            self._path.unlink(missing_ok=True)
            self._remove_leftovers()
        connection = sqlite3.connect(self._path, timeout=_BUSY_SECONDS, isolation_level=None)
        try:
            connection.execute("PRAGMA synchronous = NORMAL")
            version = connection.execute("PRAGMA user_version").fetchone()[0]
            if version == 0 and not connection.execute("SELECT 1 FROM sqlite_master").fetchone():
                connection.execute("PRAGMA journal_mode = WAL")
                connection.executescript(
                    f"BEGIN;{self._schema};PRAGMA user_version = {self._schema_version};COMMIT;"
                )
            elif version > self._schema_version:
                connection.close()
                return self._open_beside(version)
            elif version < self._schema_version:
                raise sqlite3.DatabaseError(f"schema {version} instead of {self._schema_version}")
        except sqlite3.DatabaseError as error:
            connection.close()
            if isinstance(error, sqlite3.OperationalError) and not _means_damage(error):
                raise
            self._move_away(str(error))
            return self._open()
        identity = _identity(self._path)
        assert identity is not None  # noqa: S101  it was opened under the lock
        return _Opened(connection, identity)

    def _open_beside(self, newer: int) -> _Opened:
        """Leave the place to a newer program: setting its file aside would make it do the same."""
        beside = self._path.with_stem(f"{self._path.stem}-{self._schema_version}")
        _log.warning("%s has schema %s: using %s", self._path.name, newer, beside.name)
        self._path = beside
        return self._open()

    def _set_aside(self, reason: str) -> None:
        opened: _Opened | None = getattr(self._local, "opened", None)
        broken = opened.file if opened is not None else None
        self.close()
        with self._alone():
            if broken is not None and _identity(self._path) == broken:
                self._move_away(reason)

    def _move_away(self, reason: str) -> None:
        stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%f")
        aside = self._path.with_name(f"{self._path.name}.{stamp}.set-aside")
        _log.warning("%s set aside as %s: %s", self._path.name, aside.name, reason)
        self._path.rename(aside)
        self._remove_leftovers()

    def _remove_leftovers(self) -> None:
        """A journal that outlived its database would be taken for the new one's."""
        for suffix in ("-wal", "-shm"):
            self._path.with_name(self._path.name + suffix).unlink(missing_ok=True)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Only one thread of one process at a time makes or moves the file."""
        self._lock.parent.mkdir(parents=True, exist_ok=True)
        lock = os.open(self._lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
        finally:
            os.close(lock)


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        status = path.stat()
    except FileNotFoundError:
        return None
    return status.st_dev, status.st_ino


def _means_damage(error: sqlite3.DatabaseError) -> bool:
    code = getattr(error, "sqlite_errorcode", None)
    lost_tables = code == sqlite3.SQLITE_ERROR and "no such table" in str(error)
    return lost_tables or (code is not None and code & 0xFF in _DAMAGED)
