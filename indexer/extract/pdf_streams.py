"""Compressed streams of a PDF, tried before any reader trusts them."""

import re
import zlib

from indexer.extract.base import FailureKind
from indexer.extract.reasons import unreadable

_DICTIONARY = 2048  # bytes before "stream" in which its dictionary is looked for
_FLATE = re.compile(rb"/(?:FlateDecode|Fl)\b")
_PICTURE = re.compile(rb"/Subtype\s*/Image\b")
_DEFLATE_RATIO = 1032  # no more than that comes out of one byte
_STEP = 1 << 20
_DEEPEST = 3  # filters in a row; more only repeat the trick


def refuse_bombs(content: bytes, limit: int) -> None:
    """Raise ``limite_espansione`` if a stream grows beyond ``limit`` bytes.

    Pictures are left alone: reading text does not decode them. Streams too short to reach the
    limit cost nothing. What cannot be decompressed here (encrypted, damaged) passes, and the
    limits of the process hold.
    """
    position = 0
    while (found := content.find(b"stream", position)) >= 0:
        position = found + len(b"stream")
        if content[found - 3 : found] == b"end":
            continue
        end = content.find(b"endstream", position)
        end = len(content) if end < 0 else end
        dictionary = _dictionary(content, found)
        filters = len(_FLATE.findall(dictionary))
        reach = (end - position) * _DEFLATE_RATIO ** min(filters, 2)
        if filters and reach > limit and not _PICTURE.search(dictionary):
            start = position + (2 if content[position : position + 2] == b"\r\n" else 1)
            if _grows_beyond(content[start:end], min(filters, _DEEPEST), limit):
                raise unreadable(FailureKind.TOO_MUCH_EXPANSION)
        position = end


def _dictionary(content: bytes, end: int) -> bytes:
    before = content[max(0, end - _DICTIONARY) : end]
    return before[before.rfind(b" obj") + 1 :]


def _grows_beyond(packed: bytes, filters: int, limit: int) -> bool:
    try:
        for _ in range(filters):
            packed, complete = _inflate(packed, limit)
            if not complete:
                return True
    except zlib.error:
        return False
    return False


def _inflate(packed: bytes, limit: int) -> tuple[bytes, bool]:
    """Up to ``limit`` bytes of the expanded data, and whether that was all."""
    engine = zlib.decompressobj()
    pieces: list[bytes] = []
    size = 0
    rest = packed
    while rest and not engine.eof:
        piece = engine.decompress(rest, _STEP)
        rest = engine.unconsumed_tail
        size += len(piece)
        if size > limit:
            return b"", False
        pieces.append(piece)
    return b"".join(pieces), True
