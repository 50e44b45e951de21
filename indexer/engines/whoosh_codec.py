"""Whoosh's codec with blocks of plain arrays, so that a whole posting list decodes at once.

Everything else is Whoosh's own: the table of terms, the per-document files, the segments and
their table of contents. Whoosh's stock blocks are pickled tuples, which take a millisecond to
read for a common word; these take microseconds.
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

_WIDTHS = (np.dtype("<u1"), np.dtype("<u2"), np.dtype("<u4"))
_ALL_ONES = 3  # stands for the width of frequencies that are all 1 and not written
_NO_POSITIONS = 3
# postings, first document, last document, positions, widths of the three arrays, last block
_HEADER = Struct("<IIIIBBBB")
_EXTENT = Struct("!qi")  # how a W3TermInfo ends: where its posting list lies, and its length
_POSTINGS_A_BLOCK = 1 << 14


@dataclass(frozen=True, slots=True)
class Postings:
    """One posting list: unit numbers ascending, occurrences in each, positions one after other."""

    units: Numbers
    freqs: Numbers
    positions: Numbers

    def __len__(self) -> int:
        return len(self.units)


EMPTY = Postings(np.empty(0, np.int32), np.empty(0, np.int32), np.empty(0, np.int32))


def _width(top: int) -> int:
    return 0 if top < 1 << 8 else 1 if top < 1 << 16 else 2


def encode_block(postings: Postings, last: bool) -> bytes:
    """Bytes of one block; units are written from the block's first on."""
    units, freqs, positions = postings.units, postings.freqs, postings.positions
    count, total = len(units), len(positions)
    first, final = int(units[0]), int(units[-1])
    unit_width = _width(final - first)
    freq_width = _ALL_ONES if total in (0, count) else _width(int(freqs.max()))
    position_width = _NO_POSITIONS
    parts = [(units - first).astype(_WIDTHS[unit_width]).tobytes()]
    if freq_width != _ALL_ONES:
        parts.append(freqs.astype(_WIDTHS[freq_width]).tobytes())
    if total:
        position_width = _width(int(positions[-1] if count == 1 else positions.max()))
        parts.append(positions.astype(_WIDTHS[position_width]).tobytes())
    header = _HEADER.pack(count, first, final, total, unit_width, freq_width, position_width, last)
    return b"".join((header, *parts))


def decode_block(buffer: bytes, offset: int) -> tuple[Postings, bool, int]:
    """Postings of the block at ``offset``, whether it is the last, and where the next begins."""
    count, first, _, total, unit_width, freq_width, position_width, last = _HEADER.unpack_from(
        buffer, offset
    )
    offset += _HEADER.size
    width = _WIDTHS[unit_width]
    units = np.frombuffer(buffer, width, count, offset).astype(np.int32)
    units += first
    offset += count * width.itemsize
    if freq_width == _ALL_ONES:
        freqs = np.ones(count, np.int32)
    else:
        width = _WIDTHS[freq_width]
        freqs = np.frombuffer(buffer, width, count, offset).astype(np.int32)
        offset += count * width.itemsize
    if position_width == _NO_POSITIONS:
        positions = EMPTY.positions
    else:
        width = _WIDTHS[position_width]
        positions = np.frombuffer(buffer, width, total, offset).astype(np.int32)
        offset += total * width.itemsize
    return Postings(units, freqs, positions), bool(last), offset


def _block_size(header: tuple[int, ...]) -> int:
    count, _, _, total, unit_width, freq_width, position_width, _ = header
    size = _HEADER.size + count * _WIDTHS[unit_width].itemsize
    if freq_width != _ALL_ONES:
        size += count * _WIDTHS[freq_width].itemsize
    if position_width != _NO_POSITIONS:
        size += total * _WIDTHS[position_width].itemsize
    return size


def _concatenated(parts: list[Postings]) -> Postings:
    """One list out of lists whose units follow each other."""
    return Postings(
        np.concatenate([part.units for part in parts]),
        np.concatenate([part.freqs for part in parts]),
        np.concatenate([part.positions for part in parts]),
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
        self._blocklength, _, self._maxid, *_, last = header
        self._lastblock = bool(last)
        self._dataoffset = position
        self._nextoffset = position + _block_size(header)
        self._ids = self._weights = None
        self._values: Any = None
        self._decoded: Postings | None = None
        self._i = 0

    def _block(self) -> Postings:
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
        parts = np.split(block.positions.astype("<u4"), np.cumsum(block.freqs)[:-1])
        self._values = tuple(part.tobytes() for part in parts)

    def block_max_weight(self) -> float:
        return float(self._block().freqs.max())


class ArrayTermsReader(whoosh3.W3TermsReader):  # type: ignore[misc]
    """Whoosh's table of terms, which gives a posting list whole; safe under threads."""

    def postings(self, field: str, term: bytes) -> Postings:
        """Every posting of a term; empty for an unknown one."""
        try:
            start, size = self._range_for_key(field, term)
        except KeyError:
            return EMPTY
        offset, length = _EXTENT.unpack(self._dbfile.get(start + size - _EXTENT.size, _EXTENT.size))
        magic = len(whoosh3.WHOOSH3_HEADER_MAGIC)
        buffer = self._postfile.get(offset + magic, length - magic)
        block, last, following = decode_block(buffer, 0)
        if last:
            return block
        parts = [block]
        while not last:
            block, last, following = decode_block(buffer, following)
            parts.append(block)
        return _concatenated(parts)


class ArrayPostingsWriter(whoosh3.W3PostingsWriter):  # type: ignore[misc]
    """Takes postings one by one, as Whoosh gives them, or a whole list at once."""

    def write(self, postings: Postings) -> None:
        """The whole list of the term that was started; it must not be empty."""
        info = self._terminfo
        info._df = len(postings)
        info._weight = float(len(postings.positions) or info._df)
        info._minlength, info._maxlength = 0, 0
        info._maxweight = 1.0 if info._weight == info._df else float(postings.freqs.max())
        info._minid, info._maxid = int(postings.units[0]), int(postings.units[-1])
        self._postfile.write(whoosh3.WHOOSH3_HEADER_MAGIC)
        if len(postings) <= _POSTINGS_A_BLOCK:
            self._postfile.write(encode_block(postings, last=True))
        else:
            self._write_in_blocks(postings)
        self._blockcount = 1

    def _write_in_blocks(self, postings: Postings) -> None:
        ends = np.concatenate(([0], np.cumsum(postings.freqs)))
        with_positions = len(postings.positions) > 0
        for start in range(0, len(postings), _POSTINGS_A_BLOCK):
            stop = min(start + _POSTINGS_A_BLOCK, len(postings))
            block = Postings(
                postings.units[start:stop],
                postings.freqs[start:stop],
                postings.positions[ends[start] : ends[stop]]
                if with_positions
                else postings.positions,
            )
            self._postfile.write(encode_block(block, last=stop == len(postings)))

    def _write_block(self, last: bool = False) -> None:
        if not self._blockcount:
            self._postfile.write(whoosh3.WHOOSH3_HEADER_MAGIC)
        self._minlength: int | None = self._minlength or 0
        self._terminfo.add_block(self)
        block = Postings(
            np.asarray(self._ids, np.int32),
            np.asarray(self._weights, np.int32),
            np.frombuffer(b"".join(self._values), "<u4"),
        )
        self._postfile.write(encode_block(block, last))
        self._blockcount += 1
        self._new_block()


class ArrayFieldWriter(whoosh3.W3FieldWriter):  # type: ignore[misc]
    def add_term(self, term: bytes, postings: Postings) -> None:
        """Terms of a field must come in the order of their bytes, as Whoosh asks."""
        self.start_term(term)
        self._postwriter.write(postings)
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
