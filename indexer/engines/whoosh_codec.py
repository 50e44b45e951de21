"""Whoosh's codec with blocks of plain arrays, which are used in place where the file is mapped.

Everything else is Whoosh's own: the table of terms, the per-document files, the segments and
their table of contents. Whoosh's stock blocks are pickled tuples, which take a millisecond to
read for a common word. These are not even copied: a list that no process has asked for before
takes microseconds, and processes share the memory of the ones that are in use.
"""

import warnings
from dataclasses import dataclass
from struct import Struct
from typing import Any

import numpy as np
import numpy.typing as npt

with warnings.catch_warnings():
    # Whoosh 2.7.4 holds "\." and "is 0", which warn when Python first compiles it.
    warnings.simplefilter("ignore", SyntaxWarning)
    warnings.simplefilter("ignore", DeprecationWarning)
    from whoosh import fields, formats
    from whoosh.codec import whoosh3

Numbers = npt.NDArray[Any]

STEM = "stem"  # roots of the words, every occurrence with its position
FORM = "form"  # words as written, stop words included, with positions
ENTRY = "entry"  # identifier of the entry, on its first unit

_NUMBERS = np.dtype("<i4")
_WIDTHS = (np.dtype("<u1"), np.dtype("<u2"), _NUMBERS)  # of frequencies
_ALL_ONES = 3  # stands for the width of frequencies that are all 1 and not written
# postings, first document, last document, occurrences, width of the frequencies, last block
_HEADER = Struct("<IIIIHH")
_ALIGNMENT = _NUMBERS.itemsize
_EXTENT = Struct("!qi")  # how a W3TermInfo ends: where its posting list lies, and its length
_POSTINGS_A_BLOCK = 1 << 14  # where Whoosh gives postings one by one
_ONES = np.ones(1 << 16, np.uint8)
_OWN_SIZE = 400  # bytes of three array objects


@dataclass(frozen=True, slots=True)
class Places:
    """Where something stands in a segment: one posting list, or what was worked out of several.

    ``units`` ascend; ``freqs`` counts the occurrences in each; ``addresses`` are those of their
    first words, ascending.
    """

    units: Numbers
    freqs: Numbers
    addresses: Numbers

    def __len__(self) -> int:
        return len(self.units)

    @property
    def nbytes(self) -> int:
        """Memory of its own: arrays that lie in a mapped file take none."""
        arrays = (self.units, self.freqs, self.addresses)
        return _OWN_SIZE + sum([array.nbytes for array in arrays if array.base is None])


_NONE = np.empty(0, np.int32)
NOWHERE = Places(_NONE, _NONE, _NONE)


def encode_block(places: Places, last: bool) -> bytes:
    """Bytes of one block, a whole number of its widest numbers."""
    units, freqs, addresses = places.units, places.freqs, places.addresses
    count, total = len(units), len(addresses)
    width = _ALL_ONES if total in (0, count) else _width(int(freqs.max()))
    parts = [units.astype(_NUMBERS).tobytes(), addresses.astype(_NUMBERS).tobytes()]
    if width != _ALL_ONES:
        parts.append(freqs.astype(_WIDTHS[width]).tobytes())
        parts.append(bytes(-len(parts[-1]) % _ALIGNMENT))
    return b"".join(
        (_HEADER.pack(count, int(units[0]), int(units[-1]), total, width, last), *parts)
    )


def _width(top: int) -> int:
    return 0 if top < 1 << 8 else 1 if top < 1 << 16 else 2


def decode_block(buffer: Any, offset: int) -> tuple[Places, bool, int]:
    """The block at ``offset``, whether it is the last, and where the next begins."""
    count, _, _, total, width, last = _HEADER.unpack_from(buffer, offset)
    offset += _HEADER.size
    units = np.frombuffer(buffer, _NUMBERS, count, offset)
    offset += units.nbytes
    addresses = np.frombuffer(buffer, _NUMBERS, total, offset) if total else _NONE
    offset += addresses.nbytes
    if width == _ALL_ONES:
        freqs = _ONES[:count] if count <= len(_ONES) else np.ones(count, np.uint8)
    else:
        freqs = np.frombuffer(buffer, _WIDTHS[width], count, offset)
        offset += freqs.nbytes + -freqs.nbytes % _ALIGNMENT
    return Places(units, freqs, addresses), bool(last), offset


def _block_size(header: tuple[int, ...]) -> int:
    count, _, _, total, width, _ = header
    frequencies = 0 if width == _ALL_ONES else count * _WIDTHS[width].itemsize
    return (
        _HEADER.size + (count + total) * _NUMBERS.itemsize + frequencies + -frequencies % _ALIGNMENT
    )


def _concatenated(parts: list[Places]) -> Places:
    """One list out of lists whose units follow each other."""
    return Places(
        np.concatenate([part.units for part in parts]),
        np.concatenate([part.freqs for part in parts]),
        np.concatenate([part.addresses for part in parts]),
    )


class ArrayPositions(formats.Positions):  # type: ignore[misc]
    """Positions of one posting as 32-bit numbers."""

    def encode(self, poslist: list[int]) -> bytes:
        return np.asarray(poslist, "<u4").tobytes()

    def decode_positions(self, valuestring: bytes) -> list[int]:
        positions: list[int] = np.frombuffer(valuestring, "<u4").tolist()
        return positions

    def decode_frequency(self, valuestring: bytes) -> int:
        return len(valuestring) // 4


class ArrayMatcher(whoosh3.W3LeafMatcher):  # type: ignore[misc]
    """Whoosh's walk over a posting list, block by block."""

    def _read_header(self) -> None:
        magic = whoosh3.WHOOSH3_HEADER_MAGIC
        self._baseoffset = self._startoffset + len(magic)
        if self._postfile.get(self._startoffset, len(magic)) != magic:
            raise ValueError("no posting list begins here")

    def _goto(self, position: int) -> None:
        header = _HEADER.unpack(self._postfile.get(position, _HEADER.size))
        self._blocklength, _, self._maxid, _, _, last = header
        self._lastblock = bool(last)
        self._dataoffset = position
        self._nextoffset = position + _block_size(header)
        self._ids = self._weights = None
        self._values: Any = None
        self._decoded: Places | None = None
        self._i = 0

    def _block(self) -> Places:
        if self._decoded is None:
            size = self._nextoffset - self._dataoffset
            self._decoded, _, _ = decode_block(self._postfile.get(self._dataoffset, size), 0)
        return self._decoded

    def _read_ids(self) -> None:
        self._ids = self._block().units.tolist()

    def _read_weights(self) -> None:
        self._weights = self._block().freqs.astype(float).tolist()

    def _read_values(self) -> None:
        block = self._block()
        parts = np.split(block.addresses, np.cumsum(block.freqs)[:-1])
        self._values = tuple(part.tobytes() for part in parts)

    def block_max_weight(self) -> float:
        return float(self._block().freqs.max())


class ArrayTermsReader(whoosh3.W3TermsReader):  # type: ignore[misc]
    """Whoosh's table of terms, which gives a posting list whole; safe under threads."""

    def places(self, field: str, term: bytes) -> Places:
        """Every posting of a term; none for an unknown one."""
        try:
            start, size = self._range_for_key(field, term)
        except KeyError:
            return NOWHERE
        offset, _ = _EXTENT.unpack(self._dbfile.get(start + size - _EXTENT.size, _EXTENT.size))
        content = self._postfile.content
        offset += len(whoosh3.WHOOSH3_HEADER_MAGIC)
        block, last, following = decode_block(content, offset)
        if last:
            return block
        parts = [block]
        while not last:
            block, last, following = decode_block(content, following)
            parts.append(block)
        return _concatenated(parts)


class ArrayPostingsWriter(whoosh3.W3PostingsWriter):  # type: ignore[misc]
    """Takes postings one by one, as Whoosh gives them, or a whole list at once."""

    def write(self, places: Places) -> None:
        """The whole list of the term that was started, as one block; it must not be empty."""
        info = self._terminfo
        info._df = len(places)
        info._weight = float(len(places.addresses) or info._df)
        info._minlength, info._maxlength = 0, 0
        info._maxweight = 1.0 if info._weight == info._df else float(places.freqs.max())
        info._minid, info._maxid = int(places.units[0]), int(places.units[-1])
        self._postfile.write(whoosh3.WHOOSH3_HEADER_MAGIC)
        self._postfile.write(encode_block(places, last=True))
        self._blockcount = 1

    def _write_block(self, last: bool = False) -> None:
        if not self._blockcount:
            self._postfile.write(whoosh3.WHOOSH3_HEADER_MAGIC)
        self._minlength: int | None = self._minlength or 0
        self._terminfo.add_block(self)
        block = Places(
            np.asarray(self._ids, np.int32),
            np.asarray(self._weights, np.int32),
            np.frombuffer(b"".join(self._values), "<u4"),
        )
        self._postfile.write(encode_block(block, last))
        self._blockcount += 1
        self._new_block()


class ArrayFieldWriter(whoosh3.W3FieldWriter):  # type: ignore[misc]
    def add_term(self, term: bytes, places: Places) -> None:
        """Terms of a field must come in the order of their bytes, as Whoosh asks."""
        self.start_term(term)
        self._postwriter.write(places)
        self.finish_term()


class ArrayCodec(whoosh3.W3Codec):  # type: ignore[misc]
    """``W3Codec`` whose postings are arrays."""

    length_stats = False

    def field_writer(self, storage: Any, segment: Any) -> ArrayFieldWriter:
        return ArrayFieldWriter(self, storage, segment)

    def terms_reader(self, storage: Any, segment: Any) -> ArrayTermsReader:
        name = segment.make_filename(self.TERMS_EXT)
        return ArrayTermsReader(
            self,
            storage.open_file(name),
            storage.file_length(name),
            segment.open_file(storage, self.POSTS_EXT),
        )

    def postings_writer(self, dbfile: Any, byteids: bool = False) -> ArrayPostingsWriter:
        return ArrayPostingsWriter(dbfile, blocklimit=_POSTINGS_A_BLOCK, compression=0)

    def postings_reader(
        self,
        dbfile: Any,
        terminfo: Any,
        format_: Any,
        term: tuple[str, bytes] | None = None,
        scorer: Any = None,
    ) -> ArrayMatcher:
        offset, (length,) = terminfo.extent()  # Whoosh leaves the length in a tuple
        return ArrayMatcher(dbfile, offset, length, format_, term=term, scorer=scorer)


def schema() -> Any:
    """Fields of the index. The words arrive analysed; no field has an analyser of Whoosh's."""
    positions = ArrayPositions()
    return fields.Schema(
        **{
            STEM: fields.FieldType(positions, None, scorable=False),
            FORM: fields.FieldType(positions, None, scorable=False),
            ENTRY: fields.FieldType(formats.Existence(), None, scorable=False),
        }
    )
