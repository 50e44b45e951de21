"""Named arrays side by side in one file, used in place where it is mapped."""

import json
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from struct import Struct
from typing import Any

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[Any]

_MAGIC = b"MSCOLS1\n"
_LENGTH = Struct("<Q")
_ALIGNMENT = 64


def packed(columns: Mapping[str, Numbers]) -> Iterator[bytes]:
    """The bytes of a file that holds these arrays."""
    directory: dict[str, tuple[str, int, int]] = {}
    offset = 0
    for name, values in columns.items():
        directory[name] = (values.dtype.str, offset, values.size)
        offset += _aligned(values.nbytes)
    header = json.dumps(directory).encode()
    start = len(_MAGIC) + _LENGTH.size + len(header)
    yield _MAGIC + _LENGTH.pack(len(header)) + header + b"\0" * (_aligned(start) - start)
    for values in columns.values():
        yield np.ascontiguousarray(values).tobytes()
        yield b"\0" * (_aligned(values.nbytes) - values.nbytes)


def unpacked(content: Any) -> dict[str, Numbers]:
    """The arrays of a file, without copying. Raises ``ValueError`` if it is not one of ours."""
    view = memoryview(content)
    if bytes(view[: len(_MAGIC)]) != _MAGIC:
        raise ValueError("not a file of columns")
    start = len(_MAGIC) + _LENGTH.size
    (length,) = _LENGTH.unpack(view[len(_MAGIC) : start])
    directory = json.loads(bytes(view[start : start + length]))
    base = _aligned(start + length)
    return {
        name: np.frombuffer(view, np.dtype(kind), size, base + offset)
        for name, (kind, offset, size) in directory.items()
    }


def narrow(values: Any) -> Numbers:
    """The same non-negative numbers in the fewest bytes."""
    wide = np.asarray(values, np.int64)
    top = int(wide.max()) if wide.size else 0
    return wide.astype(np.min_scalar_type(top))


def starts_of(lengths: Sequence[int] | Numbers) -> Numbers:
    """Where each of a row of stretches begins, and in the end where the last ends."""
    starts = np.zeros(len(lengths) + 1, np.int64)
    np.cumsum(lengths, out=starts[1:])
    return starts


class TextColumn:
    """Short texts one after other in UTF-8; lone surrogates survive."""

    def __init__(self, columns: Mapping[str, Numbers], name: str) -> None:
        self._starts = columns[f"{name}.starts"].data
        self._bytes = columns[f"{name}.bytes"].data
        self._blank = not len(self._bytes)

    @staticmethod
    def packed(name: str, texts: Sequence[str]) -> dict[str, Numbers]:
        """The two arrays that hold ``texts``."""
        encoded = [text.encode("utf-8", "surrogatepass") for text in texts]
        return {
            f"{name}.starts": narrow(starts_of([len(text) for text in encoded])),
            f"{name}.bytes": np.frombuffer(b"".join(encoded), np.uint8),
        }

    def __len__(self) -> int:
        return len(self._starts) - 1

    def __getitem__(self, index: int) -> str:
        if self._blank:
            return ""
        start, stop = self._starts[index], self._starts[index + 1]
        return str(self._bytes[start:stop], "utf-8", "surrogatepass")

    def all(self) -> list[str]:
        """Every text in order."""
        content = self._bytes.tobytes()
        starts = self._starts.tolist()
        return [
            content[start:stop].decode("utf-8", "surrogatepass") for start, stop in pairwise(starts)
        ]


def _aligned(size: int) -> int:
    return -(-size // _ALIGNMENT) * _ALIGNMENT
