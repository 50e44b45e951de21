"""From entries to posting lists and columns: sorting instead of a dictionary of lists.

An entry is a row of units: its title, then summary, headings and keywords where it has them, then
its pages. Every word of a segment has an address: units follow each other in one row of positions,
so that a phrase, a distance or a passage is arithmetic on addresses. Free addresses after each
unit keep phrases and distances from running on.
"""

import re
from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from itertools import accumulate
from typing import Any, NamedTuple

import numpy as np

from indexer import citations
from indexer.engine import Entry
from indexer.engines import lexicon
from indexer.engines.columns import Numbers, TextColumn, narrow, starts_of
from indexer.engines.whoosh_codec import ENTRY, FORM, STEM, Places
from indexer.italian import analyse

_CHUNK = re.compile(r"\S+")
PARTS = ("title", "summary", "headings", "keywords", "body")  # what a unit may be of its entry
GAP = 16  # free addresses after each unit: what is nearer stands in the same unit
REST_OF_CITATION = "…"  # ends the term of the words of a citation that follow its first
TITLE, SUMMARY, HEADINGS, KEYWORDS, BODY = range(len(PARTS))


class _Numbering(dict[Any, int]):
    """Numbers each new key with the next number."""

    def __missing__(self, key: Any) -> int:
        number = self[key] = len(self)
        return number


@dataclass(frozen=True)
class Inverted:
    """All that a segment holds; terms of a field come in the order of their bytes."""

    units: int
    fields: dict[str, Iterator[tuple[bytes, Places]]]
    columns: dict[str, Numbers]
    text: Sequence[bytes]
    superseded: Sequence[int]  # units of entries that came again later


class Inversion:
    """Collects entries; ``result`` turns them into a segment's content.

    Texts are cut at white space, as the Italian analysis does, and each distinct chunk of a
    segment is analysed once; the rest is arithmetic on rows of chunk numbers.
    """

    def __init__(self) -> None:
        self._ids: dict[str, int] = {}
        self._entry_ids: list[str] = []
        self._superseded: list[int] = []
        self._chunks = _Numbering()
        self._chunk_row = array("I")
        self._start_row = array("I")  # first character of each chunk in its unit
        self._unit_ends = array("Q", (0,))  # chunks up to the end of each unit
        self._unit_rows: list[tuple[int, int, int]] = []  # entry, part, page
        self._labels: list[str] = []
        self._text: list[bytes] = []
        self._cited: list[tuple[int, int, int, str]] = []  # unit, first and last character, act
        self._entry_rows: list[tuple[int, int, int]] = []  # first unit, day, revision
        self._facet_values = _Numbering()
        self._facet_row: list[list[int]] = []
        self._topics = _Numbering()
        self._topic_row: list[list[int]] = []

    @property
    def ids(self) -> Iterable[str]:
        return self._ids

    @property
    def words(self) -> int:
        """How many words were taken in."""
        return len(self._chunk_row)

    def __len__(self) -> int:
        return len(self._entry_ids)

    def add(self, entry: Entry) -> None:
        """Take in an entry; one that came before with the same id is superseded."""
        number = len(self._entry_ids)
        if (earlier := self._ids.get(entry.id)) is not None:
            self._superseded.append(earlier)
        self._ids[entry.id] = number
        self._entry_ids.append(entry.id)
        issued = entry.issued.toordinal() if entry.issued else 0
        self._entry_rows.append((len(self._unit_rows), issued, entry.revision))
        self._add_unit(number, TITLE, 0, "", entry.title)
        if entry.summary:
            self._add_unit(number, SUMMARY, 0, "", entry.summary)
        if entry.headings:
            self._add_unit(number, HEADINGS, 0, "", "\n".join(entry.headings))
        if entry.keywords:
            self._add_unit(number, KEYWORDS, 0, "", "\n".join(entry.keywords))
        for page in entry.pages:
            self._add_unit(number, BODY, page.number, page.label, page.text)
        self._facet_row.append(
            [
                self._facet_values[(facet, value)]
                for facet, values in entry.facets.items()
                for value in dict.fromkeys(values)
            ]
        )
        self._topic_row.append([self._topics[topic] for topic in dict.fromkeys(entry.keywords)])

    def _add_unit(self, entry: int, part: int, page: int, label: str, text: str) -> None:
        self._cited += [
            (len(self._unit_rows), cited.start, cited.end, cited.act.key)
            for cited in citations.find(text)
        ]
        self._unit_rows.append((entry, part, page))
        self._labels.append(label)
        self._text.append(text.encode("utf-8", "surrogatepass"))
        chunks = text.split()
        if chunks:
            self._chunk_row.extend(map(self._chunks.__getitem__, chunks))
            begin = len(text) - len(text.lstrip())
            starts = list(accumulate([len(chunk) + 1 for chunk in chunks], initial=begin))
            if starts.pop() - 1 != len(text.rstrip()):  # some gaps are wider than one space
                starts = [match.start() for match in _CHUNK.finditer(text)]
            self._start_row.extend(starts)
        self._unit_ends.append(len(self._chunk_row))

    def result(self) -> Inverted:
        """Content of the segment. The inversion is used up."""
        analysed = _AnalysedChunks(list(self._chunks))
        chunk_row = np.frombuffer(self._chunk_row, np.uint32)
        unit_ends = np.frombuffer(self._unit_ends, np.uint64).astype(np.int64)
        units = len(self._unit_rows)
        places = starts_of(analysed.positions[chunk_row])
        unit_addresses = places[unit_ends] + GAP * np.arange(units + 1)
        chunk_addresses = places[:-1] + np.repeat(GAP * np.arange(units), np.diff(unit_ends))
        tokens = analysed.expand(chunk_row)
        addresses = chunk_addresses[tokens.occurrence] + tokens.position
        begins = np.frombuffer(self._start_row, np.uint32).astype(np.int64)[tokens.occurrence]
        lengths = np.diff(starts_of(analysed.stems_in[chunk_row])[unit_ends])
        columns = self._columns(unit_addresses, lengths)
        columns |= _spans(
            int(unit_addresses[-1]), addresses, begins + tokens.start, begins + tokens.end
        )
        forms = PostingLists(list(analysed.forms), tokens.form, addresses, unit_addresses)
        stemmed = tokens.stem > 0
        terms, places_cited = self._citations(
            analysed.stems,
            tokens.occurrence.searchsorted(unit_ends),
            begins + tokens.start,
            addresses,
        )
        stems = PostingLists(
            list(analysed.stems),
            np.concatenate((tokens.stem[stemmed], terms)),
            np.concatenate((addresses[stemmed], places_cited)),
            unit_addresses,
        )
        first_units = columns["entry.unit"]
        return Inverted(
            units=units,
            fields={ENTRY: self._identifiers(first_units), FORM: iter(forms), STEM: iter(stems)},
            columns=columns | forms.lexicon(),
            text=self._text,
            superseded=[
                unit
                for entry in self._superseded
                for unit in range(int(first_units[entry]), int(first_units[entry + 1]))
            ],
        )

    def _citations(
        self, stems: _Numbering, unit_tokens: Numbers, starts: Numbers, addresses: Numbers
    ) -> tuple[Numbers, Numbers]:
        """Terms and addresses of the words of citations; ``starts`` are those of all tokens."""
        terms: list[int] = []
        found: list[int] = []
        for unit, start, end, key in self._cited:
            first, last = unit_tokens[unit : unit + 2].tolist()
            place, stop = starts[first:last].searchsorted((start, end)).tolist()
            words = sorted(set(addresses[first + place : first + stop].tolist()))
            found += words
            terms += [stems[key], *(len(words) - 1) * (stems[key + REST_OF_CITATION],)][
                : len(words)
            ]
        return np.array(terms, np.uint32), np.array(found, np.int64)

    def _columns(self, unit_addresses: Numbers, lengths: Numbers) -> dict[str, Numbers]:
        """Everything that is known of units and entries, apart from their words."""
        units = np.array(self._unit_rows, np.int64).reshape(-1, 3)
        entries = np.array(self._entry_rows, np.int64).reshape(-1, 3)
        columns = {
            "entry.unit": narrow(np.append(entries[:, 0], len(units))),
            "entry.issued": entries[:, 1].astype(np.int32),
            "entry.revision": entries[:, 2].copy(),
            "entry.key": np.array([_key(entry_id) for entry_id in self._entry_ids], np.uint64),
            "unit.entry": narrow(units[:, 0]),
            "unit.part": narrow(units[:, 1]),
            "unit.page": narrow(units[:, 2]),
            "unit.address": narrow(unit_addresses),
            "unit.length": narrow(lengths),
            "unit.text": starts_of([len(text) for text in self._text]),
        }
        for name, rows in (("facet", self._facet_row), ("topic", self._topic_row)):
            columns[f"{name}.starts"] = narrow(starts_of([len(row) for row in rows]))
            columns[f"{name}.values"] = narrow([value for row in rows for value in row])
        pairs = list(self._facet_values)
        return (
            columns
            | TextColumn.packed("facet.facet", [facet.value for facet, _ in pairs])
            | TextColumn.packed("facet.value", [value for _, value in pairs])
            | TextColumn.packed("topic.text", list(self._topics))
            | TextColumn.packed("entry.id", self._entry_ids)
            | TextColumn.packed("unit.label", self._labels)
        )

    def _identifiers(self, first_units: Numbers) -> Iterator[tuple[bytes, Places]]:
        one = np.ones(1, np.int32)
        none = np.empty(0, np.int32)
        for entry_id, number in sorted(
            (key.encode("utf-8", "surrogatepass"), number) for key, number in self._ids.items()
        ):
            yield entry_id, Places(first_units[number : number + 1].astype(np.int32), one, none)


def _key(entry_id: str) -> int:
    """Breaks ties of rank the same way in every generation."""
    digest = blake2b(entry_id.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest)


def _spans(size: int, addresses: Numbers, starts: Numbers, ends: Numbers) -> dict[str, Numbers]:
    """First character and length of the word at each address.

    Where several readings share an address, the place is that of the widest.
    """
    first = np.zeros(size, np.int64)
    last = np.zeros(size, np.int64)
    first[addresses[::-1]] = starts[::-1]
    last[addresses[::-1]] = ends[::-1]
    return {"place.start": narrow(first), "place.length": narrow(last - first)}


class _Tokens(NamedTuple):
    """Readings of a row of chunks: which chunk of the row, and what it says there."""

    occurrence: Numbers
    stem: Numbers
    form: Numbers
    position: Numbers
    start: Numbers
    end: Numbers


class _AnalysedChunks:
    """Analysis of the distinct chunks of a segment, as columns."""

    def __init__(self, chunks: list[str]) -> None:
        self.stems = _Numbering({"": 0})
        self.forms = _Numbering()
        rows: list[tuple[int, int, int, int, int]] = []
        counts, positions, stems_in = [], [], []
        for chunk in chunks:
            tokens = analyse(chunk)
            rows += [
                (self.stems[token.stem], self.forms[token.surface], *token[2:]) for token in tokens
            ]
            counts.append(len(tokens))
            positions.append(tokens[-1].position + 1 if tokens else 0)
            stems_in.append(sum(1 for token in tokens if token.stem))
        self._rows = np.array(rows, np.uint32).reshape(-1, 5)
        self._counts = np.array(counts, np.int64)
        self._starts = starts_of(self._counts)
        self.positions = np.array(positions, np.int64)
        self.stems_in = np.array(stems_in, np.int64)

    def expand(self, chunk_row: Numbers) -> _Tokens:
        """The readings of a whole row of chunks."""
        counts = self._counts[chunk_row]
        occurrence = np.repeat(np.arange(len(chunk_row)), counts)
        first = np.repeat(self._starts[:-1][chunk_row] - starts_of(counts)[:-1], counts)
        number = first + np.arange(len(occurrence))
        columns = (self._rows[:, column][number] for column in range(5))
        return _Tokens(occurrence, *columns)


class PostingLists:
    """The posting lists of a field, from one sort of (term, address)."""

    def __init__(
        self, names: list[str], terms: Numbers, addresses: Numbers, unit_bases: Numbers
    ) -> None:
        encoded = [name.encode("utf-8", "surrogatepass") for name in names]
        order = sorted(range(len(names)), key=encoded.__getitem__)
        ranks = np.empty(len(names), np.uint64)
        ranks[order] = np.arange(len(names), dtype=np.uint64)
        keys = (ranks[terms] << np.uint64(32)) | addresses.astype(np.uint64)
        keys.sort()
        self._addresses = keys.astype(np.uint32).view(np.int32)  # the lower half
        unit_of = np.repeat(np.arange(len(unit_bases) - 1, dtype=np.int32), np.diff(unit_bases))
        units = unit_of[self._addresses]
        keys >>= np.uint64(32)
        first = np.ones(len(keys), bool)
        first[1:] = (keys[1:] != keys[:-1]) | (units[1:] != units[:-1])
        self._address_starts = np.append(np.flatnonzero(first), len(keys))
        self._units = units[first]
        self._freqs = np.diff(self._address_starts).astype(np.int32)
        starts = np.searchsorted(keys[first], np.arange(len(names) + 1, dtype=np.uint64))
        used = np.flatnonzero(np.diff(starts))  # the empty stem, for one, has no posting
        self.terms = [encoded[order[number]] for number in used.tolist()]
        self._starts = np.append(starts[used], starts[-1])

    def __iter__(self) -> Iterator[tuple[bytes, Places]]:
        starts = self._starts.tolist()
        address_starts = self._address_starts[self._starts].tolist()
        for number, term in enumerate(self.terms):
            start, stop = starts[number], starts[number + 1]
            yield (
                term,
                Places(
                    self._units[start:stop],
                    self._freqs[start:stop],
                    self._addresses[address_starts[number] : address_starts[number + 1]],
                ),
            )

    def lexicon(self) -> dict[str, Numbers]:
        """The words in order and in how many units each stands, for spelling and suggestions."""
        words = [term.decode("utf-8", "surrogatepass") for term in self.terms]
        return lexicon.packed(words, np.diff(self._starts))
