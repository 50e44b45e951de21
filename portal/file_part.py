"""A stretch of a file that behaves as a whole file."""

from io import BufferedReader

from portal.known_length import KnownLength


class FilePart(KnownLength):
    """The ``length`` bytes of ``file`` from ``start`` on; closing it closes the file."""

    def __init__(self, file: BufferedReader, start: int, length: int) -> None:
        super().__init__(length)
        self._file = file
        self._start = start

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        wanted = max(0, min(len(buffer), self._length - self._place))
        self._file.seek(self._start + self._place)
        read = self._file.readinto(memoryview(buffer)[:wanted])
        self._place += read
        return read

    def close(self) -> None:
        self._file.close()
        super().close()
