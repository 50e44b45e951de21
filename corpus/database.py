"""The catalogue's database: connections, transactions and schema versions.

Everything that is particular to SQLite stands in this module. Readers get a consistent view and
never wait; writers take turns, patiently. One read connection stays open for the life of the
process, so that readers are served on a full or read-only disk too (WAL mode needs its
shared-memory file, which the last connection to leave would delete).
"""

import logging
import shutil
import sqlite3
import threading
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.exc import DatabaseError, OperationalError
from sqlalchemy.exc import TimeoutError as TurnNotCome
from sqlalchemy.orm import Session
from sqlalchemy.pool import QueuePool

from corpus.errors import CatalogueUnavailable, IncompleteHome, NoSpace, SchemaMismatch
from corpus.home import DataHome

# The newest migration; a test holds it equal to the last file of corpus/migrations/versions.
SCHEMA = "0008"

PATIENCE = 30.0  # seconds that a writer waits for its turn

_READING = ("query_only=ON",)
_WRITING = ("foreign_keys=ON", "synchronous=FULL")
# A changed table is copied and dropped: foreign keys are checked at the end instead.
_MIGRATION = ("journal_mode=WAL", "foreign_keys=OFF", "synchronous=FULL")

_log = logging.getLogger(__name__)


class Database:
    """The catalogue in one SQLite file. Safe to use from several threads; close it at the end."""

    def __init__(self, path: Path, patience: float = PATIENCE) -> None:
        """``path``: the catalogue's file; nothing is opened yet."""
        self._path = path
        self._patience = patience
        self._readers = self._engine("BEGIN", *_READING, size=8, overflow=-1)
        # One writing connection: threads queue for it in order instead of polling the file.
        self._writers = self._engine("BEGIN IMMEDIATE", *_WRITING, size=1)
        self._held: sqlite3.Connection | None = None
        self._holds = 0
        self._holding = threading.Lock()

    @property
    def path(self) -> Path:
        """The catalogue's file."""
        return self._path

    def migrate(self, announce: Callable[[str], None] = _log.warning) -> None:
        """Bring the catalogue to this program's schema, making it when the folder is new.

        ``announce`` hears one sentence before an old catalogue is changed. Raises
        ``IncompleteHome`` when files lie there without a catalogue, and ``SchemaMismatch`` for
        a catalogue of a newer program or something that is not a catalogue at all; then nothing
        is touched. Several processes may call it at once.
        """
        found = self._version() if self._path.exists() else None
        if found != SCHEMA:
            self._upgrade(announce)
        self._hold()

    def check(self) -> None:
        """Raise ``SchemaMismatch`` unless the catalogue has exactly this program's schema."""
        found = self._version() if self._path.exists() else None
        if found != SCHEMA:
            raise SchemaMismatch(found, SCHEMA)

    @contextmanager
    def session(self) -> Iterator[Session]:
        """A session for reading: one consistent view; whatever it changes is refused."""
        self._hold()
        with Session(self._readers, autoflush=False) as session:
            yield session

    @contextmanager
    def connection(self) -> Iterator[Connection]:
        """As ``session``, for questions whose answers are rows and not objects."""
        self._hold()
        with self._readers.connect() as connection:
            yield connection

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """A session for writing, alone: all or nothing, on disk before this returns.

        Raises ``CatalogueUnavailable`` when the turn does not come in time or the disk takes
        nothing, and ``NoSpace`` when it is full.
        """
        self._hold()
        with self._translated(), Session(self._writers, expire_on_commit=False) as session:
            session.connection()  # take the turn now: what is read next cannot change meanwhile
            yield session
            session.commit()

    def generation(self) -> Hashable:
        """Equal to an earlier value only if no process has written in between; very cheap."""
        self._hold()
        with self._holding:
            if self._held is None:  # closed meanwhile: a value that equals no other
                return object()
            (version,) = self._held.execute("PRAGMA data_version").fetchone()
            return self._holds, version

    def close(self) -> None:
        """Close every connection; a later call opens them again."""
        self._readers.dispose()
        self._writers.dispose()
        with self._holding:
            if self._held is not None:
                self._held.close()
                self._held = None

    def _engine(self, begin: str, *pragmas: str, size: int, overflow: int = 0) -> Engine:
        engine = create_engine(
            "sqlite://",
            creator=lambda: self._connect(*pragmas),
            poolclass=QueuePool,
            pool_size=size,
            max_overflow=overflow,
            pool_timeout=self._patience,
        )

        # The driver's own BEGIN comes late and is never IMMEDIATE: it is off, and ours is sent.
        @event.listens_for(engine, "begin")
        def begin_transaction(connection: Connection) -> None:
            connection.exec_driver_sql(begin)

        return engine

    def _connect(self, *pragmas: str) -> sqlite3.Connection:
        connection = sqlite3.connect(
            f"file:{quote(str(self._path.absolute()))}?mode=rw",
            uri=True,
            timeout=self._patience,
            isolation_level=None,
            check_same_thread=False,  # the pool hands a connection to one thread at a time
            cached_statements=256,
        )
        for pragma in pragmas:
            connection.execute(f"PRAGMA {pragma}")
        return connection

    def _hold(self) -> None:
        if self._held is not None:
            return
        with self._holding:
            if self._held is None:
                held = self._connect(*_READING)
                held.execute("SELECT count(*) FROM sqlite_master").fetchone()
                self._held = held
                self._holds += 1

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except TurnNotCome as error:
            raise CatalogueUnavailable("busy") from error
        except OperationalError as error:
            code = getattr(error.orig, "sqlite_errorcode", 0) & 0xFF
            if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
                raise CatalogueUnavailable("busy") from error
            if code == sqlite3.SQLITE_READONLY:
                raise CatalogueUnavailable("read-only") from error
            if code == sqlite3.SQLITE_IOERR:
                raise CatalogueUnavailable("disk") from error
            if code == sqlite3.SQLITE_FULL:
                free = shutil.disk_usage(self._path.parent).free
                raise NoSpace(free=free, needed=0) from error
            raise

    def _version(self) -> str | None:
        """The schema's version, None when the file is empty; refuses what is no catalogue."""
        try:
            with self._readers.connect() as connection:
                return _version(connection)
        except DatabaseError as error:
            if getattr(error.orig, "sqlite_errorcode", 0) == sqlite3.SQLITE_NOTADB:
                raise SchemaMismatch(None, SCHEMA) from error
            raise

    def _upgrade(self, announce: Callable[[str], None]) -> None:
        files = DataHome(self._path.parent).files
        if not self._path.exists() and any(files.glob("??/??/*")):
            raise IncompleteHome(str(self._path.parent))
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._path.touch(mode=0o600)
        migrations = self._engine("BEGIN IMMEDIATE", *_MIGRATION, size=1)
        try:
            with self._translated(), migrations.begin() as connection:
                self._upgrade_within(connection, files, announce)
        finally:
            migrations.dispose()

    def _upgrade_within(
        self, connection: Connection, files: Path, announce: Callable[[str], None]
    ) -> None:
        # Alembic is slow to import and seldom needed.
        from corpus.migrations.upgrade import is_known, upgrade

        found = _version(connection)
        if found == SCHEMA:
            return  # another process was faster
        if found is None and any(files.glob("??/??/*")):
            raise IncompleteHome(str(self._path.parent))
        if found is not None:
            if not is_known(found):
                raise SchemaMismatch(found, SCHEMA)
            announce(f"Il catalogo passa dallo schema {found} allo schema {SCHEMA}.")
        upgrade(connection, SCHEMA)
        if connection.exec_driver_sql("PRAGMA foreign_key_check").first():
            raise SchemaMismatch(found, SCHEMA)


def _version(connection: Connection) -> str | None:
    tables = inspect(connection).get_table_names()
    if not tables:
        return None
    if "alembic_version" not in tables:
        raise SchemaMismatch(None, SCHEMA)
    versions = connection.execute(text("SELECT version_num FROM alembic_version")).scalars().all()
    if len(versions) != 1:
        raise SchemaMismatch(None, SCHEMA)
    return str(versions[0])
