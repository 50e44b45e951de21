"""Office files as ZIP archives: checked before use, read in bounds, never unpacked to disk."""

import io
import stat
import zipfile
import zlib
from collections import Counter
from types import TracebackType
from typing import IO, Self

from indexer.extract import markup
from indexer.extract.base import FailureKind
from indexer.extract.limits import Limits
from indexer.extract.reasons import unreadable

_ENTRY_SIGNATURE = b"PK\x01\x02"
_LOCAL_HEADER = 30  # bytes before name and extra field of an entry
_METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
_ENCRYPTED_FLAG = 0x1
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError)


class Part:
    """One part of an archive, read as a stream that ends with ``limite_espansione`` when it
    grows beyond its bound and with ``corrotto`` when its data is damaged."""

    def __init__(self, stream: IO[bytes], limit: int) -> None:
        self._stream = stream
        self._left = limit

    def read(self, size: int = -1, /) -> bytes:
        try:
            chunk = self._stream.read(self._left + 1 if size < 0 else size)
        except _BROKEN as error:
            raise unreadable(FailureKind.CORRUPT) from error
        self._left -= len(chunk)
        if self._left < 0:
            raise unreadable(FailureKind.TOO_MUCH_EXPANSION)
        return chunk


class Archive:
    """The parts of an office file.

    Opening raises ``Unreadable`` unless the archive is whole, has no part outside its folder, no
    link, no overlap, no two parts of one name, no macro, no DTD, and expands within bounds.
    """

    def __init__(self, content: bytes, limits: Limits) -> None:
        self._limits = limits
        if content.count(_ENTRY_SIGNATURE) > limits.entries:
            raise unreadable(FailureKind.TOO_MUCH_EXPANSION)
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(content))
        except (*_BROKEN, IndexError, KeyError) as error:
            raise unreadable(FailureKind.CORRUPT) from error
        self._entries = {entry.filename: entry for entry in self._zip.infolist()}
        try:
            self._check(self._zip.infolist(), len(content))
        except BaseException:
            self._zip.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._zip.close()

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(self._entries)

    def __contains__(self, name: str) -> bool:
        return name in self._entries

    def open(self, name: str) -> Part:
        """Stream a part; ``corrotto`` when it is missing or damaged."""
        try:
            return Part(self._zip.open(self._entries[name]), self._limits.part_bytes)
        except (*_BROKEN, KeyError, RuntimeError) as error:
            raise unreadable(FailureKind.CORRUPT) from error

    def walk(self, name: str, handler: markup.Handler) -> None:
        """Stream an XML part through ``handler``."""
        markup.walk(self.open(name), handler)

    @property
    def xml_bytes(self) -> int:
        """Declared expanded size of all XML parts."""
        return sum(entry.file_size for name, entry in self._entries.items() if _is_xml(name))

    @property
    def expanded_bytes(self) -> int:
        return sum(entry.file_size for entry in self._entries.values())

    def _check(self, entries: list[zipfile.ZipInfo], packed: int) -> None:
        for entry in entries:
            _check_name(entry)
            if entry.flag_bits & _ENCRYPTED_FLAG:
                raise unreadable(FailureKind.ENCRYPTED)
            if entry.compress_type not in _METHODS:
                raise unreadable(FailureKind.CORRUPT)
        _check_overlap(entries)
        self._check_sizes(entries, packed)
        repeated = [
            name for name, count in Counter(e.filename for e in entries).items() if count > 1
        ]
        if any(_is_xml(name) for name in repeated):
            raise unreadable(FailureKind.CORRUPT)
        if any(name.lower().endswith("vbaproject.bin") for name in self._entries):
            raise unreadable(FailureKind.MACRO)
        for name in self._entries:
            if _is_xml(name):
                markup.refuse_doctype(self.open(name))

    def _check_sizes(self, entries: list[zipfile.ZipInfo], packed: int) -> None:
        total = sum(entry.file_size for entry in entries)
        limits = self._limits
        too_dense = total > max(limits.stream_bytes, limits.ratio * packed)
        too_big_part = any(
            entry.file_size > limits.part_bytes for entry in entries if _is_xml(entry.filename)
        )
        if total > limits.archive_bytes or too_dense or too_big_part:
            raise unreadable(FailureKind.TOO_MUCH_EXPANSION)


def _is_xml(name: str) -> bool:
    return name.lower().endswith((".xml", ".rels", ".rdf"))


def _check_name(entry: zipfile.ZipInfo) -> None:
    name = entry.filename.replace("\\", "/")
    outside = name.startswith("/") or ".." in name.split("/") or ":" in name.split("/")[0]
    if outside or stat.S_ISLNK(entry.external_attr >> 16):
        raise unreadable(FailureKind.DANGEROUS_ARCHIVE)


def _check_overlap(entries: list[zipfile.ZipInfo]) -> None:
    """Refuse entries that share bytes: a small file could expand without end that way."""
    end = 0
    for entry in sorted(entries, key=lambda entry: entry.header_offset):
        if entry.header_offset < end:
            raise unreadable(FailureKind.DANGEROUS_ARCHIVE)
        end = entry.header_offset + _LOCAL_HEADER + entry.compress_size
