"""A ZIP that somebody sends with many documents: looked through before anything is unpacked.

Nothing is unpacked by name. Members come out one at a time, streamed, under limits, into a folder
of ours under names of ours; what the sender called them is only compared and shown.
"""

import stat
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from corpus.errors import NoSpace
from corpus.store import FULL_DISK
from indexer.extract.limits import MEBIBYTE

MOST_ENTRIES = 2_000
LARGEST_ZIP = 500 * MEBIBYTE
MOST_EXPANDED = 2_000 * MEBIBYTE
_RATIO = 200  # expanded to packed; beyond it an entry is a bomb
_RATIO_FROM = MEBIBYTE  # smaller entries may be as dense as they like
_CHUNK = 1 << 18
_ENCRYPTED = 0x1


class UnusableParcel(Exception):
    """The ZIP as a whole is refused: a sentence in Italian says why and how to mend it."""


class UnusableMember(Exception):
    """One file of the ZIP cannot be taken out; a sentence in Italian says why."""


@dataclass(frozen=True)
class Member:
    """A file in the ZIP, by the name that lists use for it."""

    name: str
    size: int


class Parcel:
    """An open ZIP. Raises ``UnusableParcel`` for what is none, is too large or is dangerous."""

    def __init__(self, file: zipfile.ZipFile) -> None:
        self._file = file
        self._entries = _checked(file.infolist())

    @property
    def members(self) -> tuple[Member, ...]:
        return tuple(Member(name, entry.file_size) for name, entry in self._entries.items())

    @property
    def expanded(self) -> int:
        """Bytes of all members once they are taken out."""
        return sum(entry.file_size for entry in self._entries.values())

    def take_out(self, name: str, target: Path, limit: int) -> int:
        """Write a member to ``target``, which must not exist; returns its size.

        Raises ``UnusableMember`` beyond ``limit`` bytes and for what is damaged, ``NoSpace`` when
        the disk is full.
        """
        entry = self._entries[name]
        written = 0
        try:
            with self._file.open(entry) as source, target.open("xb") as out:
                for piece in _pieces(source):
                    written += len(piece)
                    if written > limit or written > entry.file_size:
                        raise UnusableMember(
                            f"Il file supera i {limit // MEBIBYTE} MB ammessi."
                            if written > limit
                            else "Il file nello ZIP è più grande di quanto dichiara."
                        )
                    out.write(piece)
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError) as error:
            target.unlink(missing_ok=True)
            if isinstance(error, OSError) and error.errno in FULL_DISK:
                raise NoSpace(free=0, needed=entry.file_size) from error
            raise UnusableMember("Il file nello ZIP è danneggiato: rifai lo ZIP.") from error
        except UnusableMember:
            target.unlink(missing_ok=True)
            raise
        return written


@contextmanager
def opened(path: Path) -> Iterator[Parcel]:
    """The parcel at ``path``."""
    try:
        with zipfile.ZipFile(path) as file:
            yield Parcel(file)
    except (zipfile.BadZipFile, EOFError, ValueError, NotImplementedError) as error:
        raise UnusableParcel(
            "Non è un archivio ZIP integro: rifallo e invialo di nuovo."
        ) from error


def _checked(entries: list[zipfile.ZipInfo]) -> dict[str, zipfile.ZipInfo]:
    """Files by name; folders, hidden files and those of macOS are left out."""
    if len(entries) > MOST_ENTRIES:
        raise UnusableParcel(f"Lo ZIP ha più di {MOST_ENTRIES} file: dividilo in più parti.")
    found: dict[str, zipfile.ZipInfo] = {}
    for entry in entries:
        if entry.is_dir():
            continue
        if danger := _danger(entry):
            raise UnusableParcel(danger)
        if entry.filename in found:
            raise UnusableParcel("Lo ZIP contiene due file con lo stesso nome: rifallo.")
        parts = entry.filename.split("/")
        if parts[0] != "__MACOSX" and not any(part.startswith(".") for part in parts):
            found[entry.filename] = entry
    if sum(entry.file_size for entry in found.values()) > MOST_EXPANDED:
        raise UnusableParcel(
            f"I file dello ZIP pesano insieme più di {MOST_EXPANDED // MEBIBYTE} MB: dividilo."
        )
    if not found:
        raise UnusableParcel("Lo ZIP non contiene file.")
    return found


def _danger(entry: zipfile.ZipInfo) -> str:
    """Why the whole ZIP is refused because of this entry, or nothing."""
    parts = entry.filename.split("/")
    if not parts[0] or "\\" in entry.filename or ".." in parts or ":" in parts[0]:
        return "Lo ZIP contiene percorsi che escono dalla sua cartella: rifallo."
    if stat.S_ISLNK(entry.external_attr >> 16):
        return "Lo ZIP contiene collegamenti: rifallo con i soli file."
    if entry.flag_bits & _ENCRYPTED:
        return "Lo ZIP è protetto da password: rifallo senza."
    if entry.file_size > max(_RATIO_FROM, _RATIO * entry.compress_size):
        return "Un file dello ZIP, una volta aperto, sarebbe sproporzionato."
    return ""


def _pieces(source: IO[bytes]) -> Iterator[bytes]:
    while piece := source.read(_CHUNK):
        yield piece
