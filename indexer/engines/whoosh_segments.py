"""One immutable segment: Whoosh's postings as arrays, and the columns beside them."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from indexer.engines.cache import Cache
from indexer.engines.columns import Numbers, TextColumn, unpacked
from indexer.engines.inversion import GAP, KEYWORDS, REST_OF_CITATION
from indexer.engines.lexicon import Lexicon
from indexer.engines.whoosh_codec import ENTRY, FORM, NOWHERE, STEM, Places
from indexer.engines.whoosh_storage import Storage
from indexer.engines.whoosh_writer import COLUMNS, TEXT


class Stem(NamedTuple):
    """Every word of a family."""

    stem: str


class Phrase(NamedTuple):
    """These surfaces one after the other; of one word, exactly this word."""

    forms: tuple[str, ...]


class Near(NamedTuple):
    """All ``stems`` within ``window`` successive positions, in any order."""

    stems: tuple[str, ...]
    window: int


class Cited(NamedTuple):
    """Every citation of the act with this key."""

    key: str


Pattern = Stem | Phrase | Near | Cited


_NOTHING = NOWHERE.addresses


class Segment:
    """Reads a segment; all methods are safe under threads."""

    def __init__(self, storage: Storage, segment: Any, cache: Cache[Places]) -> None:
        self.name: str = segment.segment_id()
        self._terms = segment.codec().terms_reader(storage, segment)
        self._cache = cache
        self.columns = unpacked(storage.content(segment.make_filename(COLUMNS)))
        self._text = storage.content(segment.make_filename(TEXT))
        self._text_starts = self.columns["unit.text"].data
        self.entry_units = self.columns["entry.unit"].astype(np.int32)
        self.unit_entries = self.columns["unit.entry"].astype(np.int32)
        self.unit_addresses = self.columns["unit.address"].astype(np.int32)
        self.parts = self.columns["unit.part"]
        # One value is read faster from these than from an array.
        self.unit_of = self.entry_units.data
        self.address_of = self.unit_addresses.data
        self.part_of = self.parts.data
        self.keyword_units = self._units_by_entry(KEYWORDS)
        self.page_of = self.columns["unit.page"].data
        self.word_starts = self.columns["place.start"].data
        self.word_lengths = self.columns["place.length"].data
        self.ids = TextColumn(self.columns, "entry.id")
        self.lexicon = Lexicon(self.columns)
        self.labels = TextColumn(self.columns, "unit.label")

    def _units_by_entry(self, part: int) -> Numbers:
        """The unit of each entry that is this part of it, -1 where it has none."""
        units = np.flatnonzero(self.parts == part)
        row = np.full(len(self), -1, np.int32)
        row[self.unit_entries[units]] = units
        return row

    def __len__(self) -> int:
        return len(self.entry_units) - 1

    def entry(self, entry_id: str) -> int | None:
        """Number of an entry in this segment; a superseded one is not found."""
        units = self._terms.places(ENTRY, entry_id.encode("utf-8", "surrogatepass")).units
        return int(self.unit_entries[units[0]]) if len(units) else None

    def units_of(self, entry: int) -> range:
        return range(int(self.entry_units[entry]), int(self.entry_units[entry + 1]))

    def text(self, unit: int) -> str:
        """Text of a title, a summary, a page; headings and keywords stand a line each."""
        content = self._text[self._text_starts[unit] : self._text_starts[unit + 1]]
        return content.decode("utf-8", "surrogatepass")

    def title(self, entry: int) -> str:
        return self.text(int(self.entry_units[entry]))

    def frequency(self, stem: str) -> int:
        """In how many units a stem stands, dropped entries included; cheaper than ``find``."""
        key = stem.encode("utf-8", "surrogatepass")
        return int(self._terms.doc_frequency(STEM, key)) if (STEM, key) in self._terms else 0

    def find(self, pattern: Pattern) -> Places:
        """Every place of a pattern."""
        key = (self.name, pattern)
        kept = self._cache.get(key)
        return kept if kept is not None else self._cache.put(key, self._find(pattern))

    def marked(self, pattern: Pattern) -> Numbers:
        """Addresses of the words to mark: of words that must be near, only where they are; of a
        citation, all its words."""
        if not isinstance(pattern, Near | Cited):
            return self.find(pattern).addresses
        key = (self.name, "marked", pattern)
        kept = self._cache.get(key)
        if kept is None:
            words = (
                self._near_words(pattern)
                if isinstance(pattern, Near)
                else self._cited_words(pattern)
            )
            kept = self._cache.put(key, Places(_NOTHING, _NOTHING, words))
        return kept.addresses

    def _cited_words(self, pattern: Cited) -> Numbers:
        rest = self._read(STEM, pattern.key + REST_OF_CITATION).addresses
        words: Numbers = np.sort(np.concatenate((self.find(pattern).addresses, rest)))
        return words

    def _near_words(self, pattern: Near) -> Numbers:
        windows = self.find(pattern).addresses
        if not len(windows):
            return windows
        words = np.unique(np.concatenate([self.find(Stem(s)).addresses for s in pattern.stems]))
        nearest = windows[np.maximum(windows.searchsorted(words, "right") - 1, 0)]
        near: Numbers = words[(nearest <= words) & (words < nearest + pattern.window)]
        return near

    def _find(self, pattern: Pattern) -> Places:
        match pattern:
            case Stem(stem) | Cited(stem):
                return self._read(STEM, stem)
            case Phrase((form,)):
                return self._read(FORM, form)
            case Phrase(forms):
                return self._phrase(forms)
            case Near((stem,), _):
                return self.find(Stem(stem))
            case Near(stems, window):
                return self._near(stems, window)

    def _read(self, field: str, term: str) -> Places:
        places: Places = self._terms.places(field, term.encode("utf-8", "surrogatepass"))
        return places

    def _phrase(self, forms: Sequence[str]) -> Places:
        found = [(self.find(Phrase((form,))).addresses, place) for place, form in enumerate(forms)]
        found.sort(key=lambda row: len(row[0]))
        addresses, place = found[0]
        starts = addresses - place
        for others, place in found[1:]:
            starts = starts[contained(starts + place, others)]
        return self._places(starts)

    def _near(self, stems: Sequence[str], window: int) -> Places:
        found = sorted((self.find(Stem(stem)) for stem in set(stems)), key=lambda f: len(f.units))
        units = found[0].units
        for other in found[1:]:
            units = units[contained(units, other.units)]
        if not len(units):
            return NOWHERE
        rows = [_within(places, units) for places in found]
        # A window that holds all stems begins with one of them. No window is as long as the gap
        # between units.
        starts = np.unique(np.concatenate(rows))
        for row in rows:
            following = np.searchsorted(row, starts)
            inside = following < len(row)
            inside[inside] = row[following[inside]] < starts[inside] + min(window, GAP)
            starts = starts[inside]
        return self._places(starts)

    def units_at(self, addresses: Numbers) -> Numbers:
        """The unit that each address belongs to."""
        return np.searchsorted(self.unit_addresses, addresses, "right") - 1

    def _places(self, addresses: Numbers) -> Places:
        if not len(addresses):
            return NOWHERE
        units, freqs = np.unique(self.units_at(addresses), return_counts=True)
        return Places(units.astype(np.int32), freqs.astype(np.int32), addresses)


def contained(values: Numbers, ascending: Numbers) -> Numbers:
    """Which of ``values`` stand in ``ascending``."""
    if not len(ascending):
        return np.zeros(len(values), bool)
    # A value beyond the last is compared with the last, which is smaller.
    found: Numbers = ascending.take(ascending.searchsorted(values), mode="clip") == values
    return found


def _within(places: Places, units: Numbers) -> Numbers:
    """Addresses of the places that lie in ``units``."""
    wanted = np.repeat(contained(places.units, units), places.freqs)
    addresses: Numbers = places.addresses[wanted]
    return addresses
