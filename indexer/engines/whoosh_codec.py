"""Whoosh's codec with blocks of plain arrays, which are used in place where the file is mapped.

Everything else is Whoosh's own: the table of terms, the per-document files, the segments and
their table of contents. Whoosh's stock blocks are pickled tuples, which take a millisecond to
read for a common word. These are not even copied: a list that no process has asked for before
takes microseconds, and processes share the memory of the ones that are in use.

Fields are written whole, many lists at a time; every list is one block.
"""

import warnings
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
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
    from whoosh.filedb import filetables

Numbers = npt.NDArray[Any]

STEM = "stem"  # roots of the words, every occurrence with its position
FORM = "form"  # words as written, stop words included, with positions
ENTRY = "entry"  # identifier of the entry, on its first unit

_NUMBERS = np.dtype("<i4")
_WIDTHS: tuple[np.dtype[Any], ...] = (np.dtype("<u1"), np.dtype("<u2"), _NUMBERS)  # of frequencies
_ALL_ONES = 3  # stands for the width of frequencies that are all 1 and not written
_SIZES = np.array([*(width.itemsize for width in _WIDTHS), 0])
# postings, first document, last document, occurrences, width of the frequencies, last block
_HEADER = Struct("<IIIIHH")
_LAST_BLOCK = 1
_ALIGNMENT = _NUMBERS.itemsize
_EXTENT = Struct("!qi")  # how a W3TermInfo ends: where its posting list lies, and its length
_INFO = np.dtype(
    [
        *(("inlined", "u1"), ("weight", ">f4"), ("df", ">u4"), ("minlength", "u1")),
        *(("maxlength", "u1"), ("maxweight", ">f4"), ("minid", ">u4"), ("maxid", ">u4")),
        *(("offset", ">i8"), ("length", ">i4")),
    ]
)
_LISTS_AT_A_TIME = 1 << 14
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


@dataclass(frozen=True)
class Lists:
    """The posting lists of a field side by side, in the order of the bytes of its terms.

    The list of term ``n`` has the units and frequencies from ``starts[n]`` to ``starts[n + 1]``
    and the addresses from ``address_starts[n]`` on; no list is empty.
    """

    terms: Sequence[bytes]
    starts: Numbers
    units: Numbers
    freqs: Numbers
    address_starts: Numbers
    addresses: Numbers


def encode(lists: Lists, first: int, last: int) -> tuple[Numbers, Numbers]:
    """Some of the lists as they stand in the file, a block each, and what Whoosh keeps of them.

    Offsets are those within what is returned.
    """
    starts, address_starts = lists.starts[first : last + 1], lists.address_starts[first : last + 1]
    units, freqs = lists.units[starts[0] : starts[-1]], lists.freqs[starts[0] : starts[-1]]
    addresses = lists.addresses[address_starts[0] : address_starts[-1]]
    starts = starts - starts[0]
    counts, totals = np.diff(starts), np.diff(address_starts)
    tops = np.maximum.reduceat(freqs, starts[:-1])
    all_ones = (totals == 0) | (totals == counts)
    widths = np.where(all_ones, _ALL_ONES, np.searchsorted((1 << 8, 1 << 16), tops, "right"))
    magic = len(whoosh3.WHOOSH3_HEADER_MAGIC) // _ALIGNMENT
    header = magic + _HEADER.size // _ALIGNMENT
    sizes = header + counts + totals + -(-counts * _SIZES[widths] // _ALIGNMENT)
    ends = np.cumsum(sizes)
    begins = ends - sizes
    content = np.zeros(int(ends[-1]), _NUMBERS)
    content[begins] = np.frombuffer(whoosh3.WHOOSH3_HEADER_MAGIC, _NUMBERS)
    lowest, highest = units[starts[:-1]], units[starts[1:] - 1]
    rest = widths | _LAST_BLOCK << 16
    for place, values in enumerate((counts, lowest, highest, totals, rest), magic):
        content[begins + place] = values
    _lay(content, begins + header, counts, units)
    _lay(content, begins + header + counts, totals, addresses)
    for width, number in enumerate(_WIDTHS):
        wide = np.flatnonzero(widths == width)
        places = (begins + header + counts + totals)[wide] * (_ALIGNMENT // number.itemsize)
        _lay(content.view(number), places, counts[wide], freqs[(widths == width).repeat(counts)])
    info = np.zeros(len(counts), _INFO)
    info["weight"] = np.where(totals == 0, counts, totals)
    info["df"] = counts
    info["maxweight"] = tops
    info["minid"], info["maxid"] = lowest, highest
    info["offset"], info["length"] = begins * _ALIGNMENT, sizes * _ALIGNMENT
    return content, info


def _lay(content: Numbers, places: Numbers, counts: Numbers, values: Numbers) -> None:
    """Put stretches of so many ``values`` each in these places."""
    shifts = places - (np.cumsum(counts) - counts)
    content[shifts.repeat(counts) + np.arange(len(values))] = values


def decode_block(buffer: Any, offset: int) -> Places:
    """The block at ``offset``."""
    count, _, _, total, width, _ = _HEADER.unpack_from(buffer, offset)
    offset += _HEADER.size
    units = np.frombuffer(buffer, _NUMBERS, count, offset)
    offset += units.nbytes
    addresses = np.frombuffer(buffer, _NUMBERS, total, offset) if total else _NONE
    offset += addresses.nbytes
    if width == _ALL_ONES:
        freqs = _ONES[:count] if count <= len(_ONES) else np.ones(count, np.uint8)
    else:
        freqs = np.frombuffer(buffer, _WIDTHS[width], count, offset)
    return Places(units, freqs, addresses)


def _block_size(header: tuple[int, ...]) -> int:
    count, _, _, total, width, _ = header
    frequencies = count * int(_SIZES[width])
    return (
        _HEADER.size + (count + total) * _NUMBERS.itemsize + frequencies + -frequencies % _ALIGNMENT
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
            self._decoded = decode_block(self._postfile.get(self._dataoffset, size), 0)
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
        return decode_block(self._postfile.content, offset + len(whoosh3.WHOOSH3_HEADER_MAGIC))


class TermTable(filetables.OrderedHashWriter):  # type: ignore[misc]
    """Whoosh's table of terms, which takes many at once."""

    def add_all(self, items: Iterable[tuple[bytes, bytes]]) -> None:
        """Terms with what is known of them; they must ascend."""
        records = []
        end = self.dbfile.tell()
        for key, value in items:
            record = filetables._lengths.pack(len(key), len(value)) + key + value
            hashed = self.hashfn(key)
            self.buckets[hashed & 255].append((hashed, end))
            self.index.append(end)
            end += len(record)
            records.append(record)
        self.dbfile.write(b"".join(records))


class FieldsWriter:
    """What Whoosh's writer calls its field writer; it takes fields whole."""

    def __init__(self, storage: Any, segment: Any) -> None:
        self._terms = TermTable(segment.create_file(storage, whoosh3.W3Codec.TERMS_EXT))
        self._postings = segment.create_file(storage, whoosh3.W3Codec.POSTS_EXT)
        self._numbers: dict[str, int] = {}
        self._terms.extras["fieldmap"] = self._numbers
        self._offset = 0
        self.is_closed = False

    def add_field(self, name: str, lists: Lists) -> None:
        """Fields must come in the order of their names, as Whoosh asks."""
        prefix = whoosh3.pack_ushort(self._numbers.setdefault(name, len(self._numbers)))
        bounds = [*range(0, len(lists.terms), _LISTS_AT_A_TIME), len(lists.terms)]
        for first, last in pairwise(bounds):
            content, info = encode(lists, first, last)
            info["offset"] += self._offset
            self._offset += content.nbytes
            self._postings.write(content.tobytes())
            packed, size = info.tobytes(), info.itemsize
            rows = (packed[start : start + size] for start in range(0, len(packed), size))
            terms = (prefix + term for term in lists.terms[first:last])
            self._terms.add_all(zip(terms, rows, strict=True))

    def close(self) -> None:
        self._terms.close()
        self._postings.close()
        self.is_closed = True


class ArrayCodec(whoosh3.W3Codec):  # type: ignore[misc]
    """``W3Codec`` whose postings are arrays."""

    length_stats = False

    def field_writer(self, storage: Any, segment: Any) -> FieldsWriter:
        return FieldsWriter(storage, segment)

    def terms_reader(self, storage: Any, segment: Any) -> ArrayTermsReader:
        name = segment.make_filename(self.TERMS_EXT)
        return ArrayTermsReader(
            self,
            storage.open_file(name),
            storage.file_length(name),
            segment.open_file(storage, self.POSTS_EXT),
        )

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
