"""The store of files: read-only, named by the SHA-256 of their bytes, never changed."""

import errno
import hashlib
import os
import re
import secrets
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from io import BufferedReader
from pathlib import Path
from typing import BinaryIO

from corpus.errors import DamagedFile, FileTooLarge, MissingFile, NoSpace
from corpus.home import DataHome

CHUNK = 1 << 20
# Left free by uploads, so that the catalogue and the index can still be written.
RESERVE = 64 << 20

_DIGEST = re.compile(r"[0-9a-f]{64}")
_FULL_DISK = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


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
        self._reserve = reserve

    def receive(self, stream: BinaryIO, limit: int) -> StoredFile:
        """Copy ``stream`` into the store; on return the bytes survive a power cut.

        Bytes already in the store are written again in place of the old, which mends a damaged
        copy. Raises ``FileTooLarge`` beyond ``limit`` bytes, ``NoSpace`` when the disk would be
        left with less than the reserve; either way nothing is kept.
        """
        self._home.incoming.mkdir(mode=0o700, parents=True, exist_ok=True)
        arriving = self._home.incoming / secrets.token_hex(16)
        try:
            stored = self._write(stream, arriving, limit)
            self._settle(arriving, self._place(stored.sha256))
        except OSError as error:
            if error.errno in _FULL_DISK:
                raise NoSpace(free=self._free(), needed=CHUNK + self._reserve) from error
            raise
        finally:
            arriving.unlink(missing_ok=True)
        return stored

    def path(self, sha256: str) -> Path:
        """Where the file lies; ``MissingFile`` when there is none or the digest is not one."""
        if not _DIGEST.fullmatch(sha256):
            raise MissingFile(sha256)
        place = self._place(sha256)
        if not place.is_file():
            raise MissingFile(sha256)
        return place

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

    def _free(self) -> int:
        return shutil.disk_usage(self._home.incoming).free

    def _write(self, stream: BinaryIO, arriving: Path, limit: int) -> StoredFile:
        digest = hashlib.sha256()
        size = 0
        with arriving.open("xb") as file:
            while chunk := stream.read(CHUNK):
                size += len(chunk)
                if size > limit:
                    raise FileTooLarge(limit)
                free = self._free()
                if free < len(chunk) + self._reserve:
                    raise NoSpace(free=free, needed=len(chunk) + self._reserve)
                file.write(chunk)
                digest.update(chunk)
            file.flush()
            os.fchmod(file.fileno(), 0o444)
            os.fsync(file.fileno())
        return StoredFile(digest.hexdigest(), size)

    def _settle(self, arriving: Path, place: Path) -> None:
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        arriving.replace(place)
        # Innermost first: once an outer name is on disk, all it leads to is there. The outer
        # folders too, because another upload may have made them and not synced them yet.
        for folder in (place.parent, place.parent.parent, self._home.files):
            _sync_folder(folder)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
