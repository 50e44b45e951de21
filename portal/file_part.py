"""A stretch of a file that behaves as a whole file."""

import io
import os
from io import BufferedReader


class FilePart(io.RawIOBase):
    """The ``length`` bytes of ``file`` from ``start`` on; closing it closes the file.

    Servers send an object that reads and seeks by themselves, as slowly as its reader likes,
    while a generator would hold one of their threads until the last byte.
    """

    def __init__(self, file: BufferedReader, start: int, length: int) -> None:
        self._file = file
        self._start = start
        self._length = length
        self._place = 0

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
        wanted = max(0, min(len(buffer), self._length - self._place))
        self._file.seek(self._start + self._place)
        read = self._file.readinto(memoryview(buffer)[:wanted])
        self._place += read
        return read

    def close(self) -> None:
        self._file.close()
        super().close()
