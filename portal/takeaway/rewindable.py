"""A stream made while it is read that behaves as a file of known length."""

import io
from collections.abc import Generator

from portal.known_length import KnownLength

STRETCH = 1 << 16  # bytes of one read at most


class Rewindable(KnownLength):
    """The bytes of ``chunks``, ``length`` in all; they are made only as they are asked for.

    Before sending, servers ask for its length, and step back over what the network did not take:
    what lies behind the place of the last read is forgotten, so memory holds one chunk and the last
    stretch read. A stretch is short, whatever is asked: servers ask for as much as the network
    might take (megabytes), and each slow reader would hold that.
    """

    def __init__(self, chunks: Generator[bytes, None, None], length: int) -> None:
        super().__init__(length)
        self._chunks = chunks
        self._kept = bytearray()
        self._start = 0  # place of the first byte kept

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
