"""What streams share that a server reads and seeks by itself."""

import io
import os


class KnownLength(io.RawIOBase):
    """A readable stream of ``length`` bytes with a place; who extends it reads from ``_place``.

    Servers send such an object as slowly as its reader likes, while a generator would hold one of
    their threads until the last byte.
    """

    def __init__(self, length: int) -> None:
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
