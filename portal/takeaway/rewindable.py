"""A stream made while it is read that behaves as a file of known length."""

import io
import os
from collections.abc import Generator

STRETCH = 1 << 16  # bytes of one read at most


class Rewindable(io.RawIOBase):
    """The bytes of ``chunks``, ``length`` in all; they are made only as they are asked for.

    Servers send an object that reads and seeks by themselves, as slowly as its reader likes,
    while a generator would hold one of their threads until the last byte. Before sending they ask
    for its length, and step back over what the network did not take: what lies behind the place
    of the last read is forgotten, so memory holds one chunk and the last stretch read. A stretch is
    short, whatever is asked: servers ask for as much as the network might take (megabytes), and
    each slow reader would hold that.
    """

    def __init__(self, chunks: Generator[bytes, None, None], length: int) -> None:
        self._chunks = chunks
        self._length = length
        self._place = 0
        self._kept = bytearray()
        self._start = 0  # place of the first byte kept

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._place

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        origin = {os.SEEK_SET: 0, os.SEEK_CUR: self._place, os.SEEK_END: self._length}[whence]
        if origin + offset < 0:
            raise ValueError("before the beginning")
        self._place = origin + offset
        return self._place

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        """Raises ``io.UnsupportedOperation`` for a place that has been forgotten."""
        if self._place < self._start:
            raise io.UnsupportedOperation("what lies behind is no longer kept")
        end = min(self._place + min(len(buffer), STRETCH), self._length)
        self._forget()
        while self._start + len(self._kept) < end:
            chunk = next(self._chunks, None)
            if chunk is None:
                break
            self._kept += chunk
            self._forget()
        offset = self._place - self._start
        found = bytes(self._kept[offset : offset + max(0, end - self._place)])
        buffer[: len(found)] = found
        self._place += len(found)
        return len(found)

    def _forget(self) -> None:
        passed = min(self._place - self._start, len(self._kept))
        if passed > 0:
            del self._kept[:passed]
            self._start += passed

    def close(self) -> None:
        self._chunks.close()
        super().close()
