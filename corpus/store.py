"""The store of files: read-only, named by the SHA-256 of their bytes, never changed."""

import errno
import hashlib
import os
import re
import secrets
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from io import BufferedReader, BufferedWriter
from pathlib import Path
from typing import BinaryIO, Self

from corpus.errors import DamagedFile, FileTooLarge, MissingFile, NoSpace
from corpus.home import DataHome

CHUNK = 1 << 20
# Left free by uploads, so that the catalogue and the index can still be written.
RESERVE = 64 << 20

_DIGEST = re.compile(r"[0-9a-f]{64}")
FULL_DISK = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


@dataclass(frozen=True)
class StoredFile:
    """Bytes that are safely on disk."""

    sha256: str
    size: int


class FileStore:
    """Files of one data folder. Safe to use from several threads and processes at once."""

    def __init__(self, home: DataHome, reserve: int = RESERVE) -> None:
        """``reserve``: bytes that ``receive`` leaves free on the disk."""
        self._home = home
        self.reserve = reserve

    def receive(self, stream: BinaryIO, limit: int) -> StoredFile:
        """Copy ``stream`` into the store; on return the bytes survive a power cut.

        Bytes already in the store are written again in place of the old, which mends a damaged
        copy. Raises ``FileTooLarge`` beyond ``limit`` bytes, ``NoSpace`` when the disk would be
        left with less than the reserve; either way nothing is kept.
        """
        with self.arrive(limit) as arrival, arrival.full_disk_told():
            while chunk := stream.read(CHUNK):
                arrival.write(chunk)
            return arrival.settle()

    def arrive(self, limit: int) -> "Arrival":
        """Begin a file that comes piece by piece; leave the ``with`` block to drop what is not
        settled."""
        self._home.incoming.mkdir(mode=0o700, parents=True, exist_ok=True)
        return Arrival(self, self._home.incoming / secrets.token_hex(16), limit)

    def has_room(self, size: int) -> bool:
        """Whether ``size`` bytes can arrive and leave the reserve free."""
        return self.free() >= size + self.reserve

    def path(self, sha256: str) -> Path:
        """Where the file lies; ``MissingFile`` when there is none or the digest is not one."""
        if not self.has(sha256):
            raise MissingFile(sha256)
        return self._place(sha256)

    def has(self, sha256: str) -> bool:
        return bool(_DIGEST.fullmatch(sha256)) and self._place(sha256).is_file()

    def open(self, sha256: str) -> BufferedReader:
        """The file, open for reading; raises ``MissingFile``."""
        try:
            return self.path(sha256).open("rb")
        except FileNotFoundError:
            raise MissingFile(sha256) from None

    def verify(self, sha256: str) -> int:
        """Read the whole file and return its size; ``DamagedFile`` when its bytes have changed."""
        with self.open(sha256) as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
            size = file.tell()
        if found != sha256:
            raise DamagedFile(sha256)
        return size

    def remove(self, sha256: str, settled: timedelta = timedelta(hours=1)) -> bool:
        """Delete the file; whether it went. One that arrived within ``settled`` stays.

        Whoever has just received these bytes again is about to name them in the catalogue.
        """
        try:
            place = self.path(sha256)
            if time.time() - place.stat().st_mtime < settled.total_seconds():
                return False
            place.unlink()
        except (MissingFile, FileNotFoundError):
            return False
        return True

    def digests(self) -> Iterator[str]:
        """Digest of every file in the store, in order."""
        for place in sorted(self._home.files.glob("??/??/*")):
            if _DIGEST.fullmatch(place.name) and place == self._place(place.name):
                yield place.name

    def discard_incoming(self, older_than: timedelta = timedelta(days=1)) -> int:
        """Delete what interrupted uploads left behind; returns how many files went."""
        oldest = time.time() - older_than.total_seconds()
        gone = 0
        for leftover in self._home.incoming.glob("*"):
            try:
                if leftover.stat().st_mtime <= oldest:
                    leftover.unlink()
                    gone += 1
            except FileNotFoundError:
                continue  # its own upload has just ended
        return gone

    def _place(self, sha256: str) -> Path:
        return self._home.files / sha256[:2] / sha256[2:4] / sha256

    def free(self) -> int:
        """Bytes free on the disk where files arrive."""
        return shutil.disk_usage(self._home.path).free

    def settle(self, arriving: Path, sha256: str) -> None:
        """Give a finished file its name for good; on return that survives a power cut."""
        place = self._place(sha256)
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        arriving.replace(place)
        # Innermost first: once an outer name is on disk, all it leads to is there. The outer
        # folders too, because another upload may have made them and not synced them yet.
        for folder in (place.parent, place.parent.parent, self._home.files):
            _sync_folder(folder)


class Arrival:
    """A file on its way into the store, hashed while it is written to ``path``.

    Every step may raise ``NoSpace``; ``write`` also ``FileTooLarge``. Not for several threads.
    """

    def __init__(self, store: FileStore, path: Path, limit: int) -> None:
        self.path = path
        self.size = 0
        self._store = store
        self._limit = limit
        self._digest = hashlib.sha256()
        self._file: BufferedWriter | None = path.open("xb")

    def write(self, chunk: bytes) -> None:
        """Add the next bytes."""
        if self.size + len(chunk) > self._limit:
            raise FileTooLarge(self._limit)
        if not self._store.has_room(len(chunk)):
            raise NoSpace(free=self._store.free(), needed=len(chunk) + self._store.reserve)
        with self.full_disk_told():
            self._open().write(chunk)
        self._digest.update(chunk)
        self.size += len(chunk)

    def finish(self) -> StoredFile:
        """Bring all bytes to the disk, still under the name of an arrival."""
        if self._file is not None:
            with self.full_disk_told():
                self._file.flush()
                os.fchmod(self._file.fileno(), 0o444)
                os.fsync(self._file.fileno())
                self._file.close()
            self._file = None
        return StoredFile(self._digest.hexdigest(), self.size)

    def settle(self) -> StoredFile:
        """Take the file into the store; on return its bytes survive a power cut."""
        stored = self.finish()
        with self.full_disk_told():
            self._store.settle(self.path, stored.sha256)
        return stored

    def discard(self) -> None:
        """Drop the file; nothing happens once it is settled."""
        if self._file is not None:
            with suppress(OSError):  # what could not be flushed goes as well
                self._file.close()
            self._file = None
        self.path.unlink(missing_ok=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.discard()

    def _open(self) -> BufferedWriter:
        if self._file is None:
            raise ValueError("the file is finished")
        return self._file

    @contextmanager
    def full_disk_told(self) -> Iterator[None]:
        """Turn what a full disk makes the system say into ``NoSpace``."""
        try:
            yield
        except OSError as error:
            if error.errno in FULL_DISK:
                needed = CHUNK + self._store.reserve
                raise NoSpace(free=self._store.free(), needed=needed) from error
            raise


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
