"""From entries to posting lists and columns: sorting instead of a dictionary of lists.

An entry is a row of units: its title, then summary, headings and keywords where it has them, then
its pages. Every word of a segment has an address: units follow each other in one row of positions,
so that a phrase, a distance or a passage is arithmetic on addresses. Free addresses after each
unit keep phrases and distances from running on.
"""

import re
from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from itertools import accumulate
from typing import Any

import numpy as np

from indexer import citations
from indexer.engine import Entry
from indexer.engines import lexicon
from indexer.engines.columns import Numbers, TextColumn, narrow, starts_of
from indexer.engines.whoosh_codec import ENTRY, FORM, STEM, Lists
from indexer.italian import analyse_chunk

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
    """All that a segment holds."""

    units: int
    fields: dict[str, Lists]
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
        """Content of the segment. The inversion is used up.

        Rows with a number a word are let go as soon as they were used: memory bounds how large a
        segment may be.
        """
        analysed = _AnalysedChunks(list(self._chunks))
        chunk_row = np.frombuffer(self._chunk_row, np.uint32)
        unit_ends = np.frombuffer(self._unit_ends, np.uint64).astype(np.int64)
        chunk_addresses, unit_addresses = _laid_out(analysed.positions[chunk_row], unit_ends)
        lengths = np.diff(starts_of(analysed.stems_in[chunk_row])[unit_ends])
        number, occurrence = analysed.expand(chunk_row)
        addresses = chunk_addresses[occurrence]
        addresses += analysed.column(_POSITION)[number]
        starts = np.frombuffer(self._start_row, np.uint32)[occurrence]
        unit_tokens = occurrence.searchsorted(unit_ends)
        del chunk_row, chunk_addresses, occurrence, self._chunk_row, self._start_row
        ends = starts + analysed.column(_END)[number]
        starts += analysed.column(_START)[number]
        columns = self._columns(unit_addresses, lengths)
        columns |= _spans(int(unit_addresses[-1]), addresses, starts, ends)
        del ends
        terms, places_cited = self._citations(analysed.stems, unit_tokens, starts, addresses)
        del starts
        forms = _lists(
            list(analysed.forms), analysed.column(_FORM)[number], addresses, unit_addresses
        )
        stem = analysed.column(_STEM)[number]
        stemmed = stem > 0
        del number
        stems = _lists(
            list(analysed.stems),
            np.concatenate((stem[stemmed], terms)),
            np.concatenate((addresses[stemmed], places_cited)),
            unit_addresses,
        )
        words = [term.decode("utf-8", "surrogatepass") for term in forms.terms]
        first_units = columns["entry.unit"]
        return Inverted(
            units=len(self._unit_rows),
            fields={ENTRY: self._identifiers(first_units), FORM: forms, STEM: stems},
            columns=columns | lexicon.packed(words, np.diff(forms.starts)),
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
        return np.array(terms, np.uint32), np.array(found, np.int32)

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

    def _identifiers(self, first_units: Numbers) -> Lists:
        numbered = sorted(
            (key.encode("utf-8", "surrogatepass"), number) for key, number in self._ids.items()
        )
        size = len(numbered)
        return Lists(
            terms=[key for key, _ in numbered],
            starts=np.arange(size + 1),
            units=first_units[[number for _, number in numbered]].astype(np.int32),
            freqs=np.ones(size, np.int32),
            address_starts=np.zeros(size + 1, np.int64),
            addresses=np.empty(0, np.int32),
        )


def _key(entry_id: str) -> int:
    """Breaks ties of rank the same way in every generation."""
    digest = blake2b(entry_id.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest)


def _spans(size: int, addresses: Numbers, starts: Numbers, ends: Numbers) -> dict[str, Numbers]:
    """First character and length of the word at each address.

    Where several readings share an address, the place is that of the widest.
    """
    first = np.zeros(size, np.uint32)
    length = np.zeros(size, np.uint32)
    first[addresses[::-1]] = starts[::-1]
    length[addresses[::-1]] = (ends - starts)[::-1]
    return {"place.start": narrow(first), "place.length": narrow(length)}


def _laid_out(positions: Numbers, unit_ends: Numbers) -> tuple[Numbers, Numbers]:
    """The first address of each chunk, which takes so many ``positions``, and of each unit."""
    gaps = GAP * np.arange(len(unit_ends), dtype=np.int32)
    ends = np.zeros(len(positions) + 1, np.int32)
    np.cumsum(positions, out=ends[1:])
    unit_addresses = ends[unit_ends] + gaps
    chunk_addresses = ends[:-1]
    chunk_addresses += gaps[:-1].repeat(np.diff(unit_ends))
    return chunk_addresses, unit_addresses


_STEM, _FORM, _POSITION, _START, _END = range(5)  # columns of the readings


class _AnalysedChunks:
    """Analysis of the distinct chunks of a segment, as columns with a row a reading."""

    def __init__(self, chunks: list[str]) -> None:
        self.stems = _Numbering({"": 0})
        self.forms = _Numbering()
        rows: list[tuple[int, int, int, int, int]] = []
        counts, positions = [], []
        for chunk in chunks:
            tokens = analyse_chunk(chunk)
            rows += [
                (self.stems[token.stem], self.forms[token.surface], *token[2:]) for token in tokens
            ]
            counts.append(len(tokens))
            positions.append(tokens[-1].position + 1 if tokens else 0)
        self._rows = np.array(rows, np.int32).reshape(-1, 5)
        self._counts = np.array(counts, np.int32)
        self._starts = starts_of(self._counts).astype(np.int32)
        self.positions = np.array(positions, np.int32)
        stemmed = np.arange(len(chunks)).repeat(self._counts)[self.column(_STEM) > 0]
        self.stems_in = np.bincount(stemmed, minlength=len(chunks))

    def column(self, number: int) -> Numbers:
        """One column; what is not the number of a word is below 100 or little more."""
        return narrow(self._rows[:, number])

    def expand(self, chunk_row: Numbers) -> tuple[Numbers, Numbers]:
        """The readings of a row of chunks: the number of each, and its place in the row."""
        counts = self._counts[chunk_row]
        occurrence = np.arange(len(chunk_row), dtype=np.int32).repeat(counts)
        number = self._starts[chunk_row]
        number -= np.cumsum(counts, dtype=np.int32) - counts
        number = number.repeat(counts)
        number += np.arange(len(number), dtype=np.int32)
        return number, occurrence


def _lists(names: list[str], terms: Numbers, addresses: Numbers, unit_bases: Numbers) -> Lists:
    """The posting lists of a field, from one sort of (term, address)."""
    encoded = [name.encode("utf-8", "surrogatepass") for name in names]
    order = sorted(range(len(names)), key=encoded.__getitem__)
    ranks = np.empty(len(names), np.uint64)
    ranks[order] = np.arange(len(names), dtype=np.uint64)
    keys = ranks[terms]
    keys <<= np.uint64(32)
    keys |= addresses.view(np.uint32)
    keys.sort()
    addresses = keys.astype(np.uint32).view(np.int32)  # the lower half
    keys >>= np.uint64(32)
    ranked = keys.astype(np.uint32)
    del keys
    unit_of = np.repeat(np.arange(len(unit_bases) - 1, dtype=np.int32), np.diff(unit_bases))
    units = unit_of[addresses]
    first = np.ones(len(units), bool)
    first[1:] = (ranked[1:] != ranked[:-1]) | (units[1:] != units[:-1])
    places = np.append(np.flatnonzero(first), len(units))
    starts = ranked[first].searchsorted(np.arange(len(names) + 1, dtype=np.uint32))
    used = np.flatnonzero(np.diff(starts))  # the empty stem, for one, has no posting
    starts = np.append(starts[used], starts[-1])
    return Lists(
        terms=[encoded[order[number]] for number in used.tolist()],
        starts=starts,
        units=units[first],
        freqs=np.diff(places).astype(np.int32),
        address_starts=places[starts],
        addresses=addresses,
    )
