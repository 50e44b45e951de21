"""Several segments made into one, without the entries that were dropped."""

import heapq
from collections.abc import Iterator, Sequence
from itertools import groupby

import numpy as np

from indexer.engines.columns import Numbers, TextColumn, narrow, starts_of
from indexer.engines.inversion import Inverted
from indexer.engines.snapshot import Snapshot
from indexer.engines.whoosh_codec import ENTRY, FORM, STEM, Postings, concatenated
from indexer.engines.whoosh_segments import Segment

_TOGETHER = 6  # segments of a size that are merged into one of the next size
_LARGEST = 60_000  # units: larger segments are left to the next rebuild


def to_merge(snapshot: Snapshot) -> list[int]:
    """Numbers of the segments to merge now: many of one size, or one that is mostly dropped."""
    by_size: dict[int, list[int]] = {}
    for number, segment in enumerate(snapshot.segments):
        live = snapshot.live[snapshot.offsets[number] : snapshot.offsets[number + 1]]
        units = len(segment.unit_entries)
        if not live.any() or (units <= _LARGEST and live.mean() < 0.5):
            return [number]
        if units <= _LARGEST:
            size = int(np.log(max(units, 1)) / np.log(_TOGETHER))
            by_size.setdefault(size, []).append(number)
    for _, numbers in sorted(by_size.items()):
        if len(numbers) >= _TOGETHER:
            return numbers
    return []


def merged(snapshot: Snapshot, numbers: Sequence[int]) -> Inverted | None:
    """The live content of these segments as one; None where nothing is live."""
    parts = []
    units = 0
    for number in numbers:
        segment = snapshot.segments[number]
        live = snapshot.live[snapshot.offsets[number] : snapshot.offsets[number + 1]]
        parts.append(_Part(segment, live, units))
        units += parts[-1].units
    if not units:
        return None
    forms = list(_field(parts, FORM))
    vocabulary = TextColumn.packed(
        "form", [term.decode("utf-8", "surrogatepass") for term, _ in forms]
    ) | {"form.units": narrow([len(postings) for _, postings in forms])}
    return Inverted(
        units=units,
        fields={ENTRY: _field(parts, ENTRY), FORM: iter(forms), STEM: _field(parts, STEM)},
        columns=_columns(parts) | vocabulary,
        text=[text for part in parts for text in part.texts()],
        superseded=(),
    )


class _Part:
    """What stays of one segment."""

    def __init__(self, segment: Segment, live: Numbers, first_unit: int) -> None:
        self.segment = segment
        self.live = live
        self.live_units = live[segment.unit_entries]
        self.units = int(self.live_units.sum())
        self._numbers = (np.cumsum(self.live_units) - 1 + first_unit).astype(np.int32)

    def kept(self, postings: Postings) -> Postings:
        """Postings of the live units, under their new numbers."""
        kept = self.live_units[postings.units]
        numbers = self._numbers[postings.units]
        if kept.all():
            return Postings(numbers, postings.freqs, postings.positions)
        positions = postings.positions
        if len(positions):
            positions = positions[np.repeat(kept, postings.freqs)]
        return Postings(numbers[kept], postings.freqs[kept], positions)

    def texts(self) -> Iterator[bytes]:
        for unit in np.flatnonzero(self.live_units).tolist():
            yield self.segment.text(unit).encode("utf-8", "surrogatepass")

    def entries(self, column: str) -> Numbers:
        values: Numbers = self.segment.columns[column][self.live]
        return values

    def unit_column(self, column: str) -> Numbers:
        values: Numbers = self.segment.columns[column][self.live_units]
        return values

    def word_column(self, column: str) -> Numbers:
        lengths = np.diff(self.segment.unit_addresses)
        words: Numbers = self.segment.columns[column][np.repeat(self.live_units, lengths)]
        return words


def _field(parts: Sequence[_Part], field: str) -> Iterator[tuple[bytes, Postings]]:
    rows = (_terms(number, part, field) for number, part in enumerate(parts))
    for term, group in groupby(heapq.merge(*rows), lambda row: row[0]):
        found = [
            parts[number].kept(parts[number].segment.postings(field, term)) for _, number in group
        ]
        found = [postings for postings in found if len(postings)]
        if found:
            yield term, concatenated(found)


def _terms(number: int, part: _Part, field: str) -> Iterator[tuple[bytes, int]]:
    return ((term, number) for term in part.segment.terms(field))


def _columns(parts: Sequence[_Part]) -> dict[str, Numbers]:
    def entries(column: str) -> Numbers:
        return np.concatenate([part.entries(column) for part in parts])

    def units(column: str) -> Numbers:
        return np.concatenate([part.unit_column(column) for part in parts])

    entry_units = np.concatenate([np.diff(part.segment.entry_units)[part.live] for part in parts])
    unit_addresses = starts_of(
        np.concatenate([np.diff(part.segment.unit_addresses)[part.live_units] for part in parts])
    )
    columns = {
        "entry.unit": narrow(starts_of(entry_units)),
        "unit.entry": narrow(np.repeat(np.arange(len(entry_units)), entry_units)),
        "unit.address": narrow(unit_addresses),
        "unit.text": starts_of(
            np.concatenate(
                [np.diff(part.segment.columns["unit.text"])[part.live_units] for part in parts]
            )
        ),
        "word.start": np.concatenate([part.word_column("word.start") for part in parts]),
        "word.length": np.concatenate([part.word_column("word.length") for part in parts]),
    }
    columns |= {name: entries(name) for name in ("entry.issued", "entry.revision", "entry.key")}
    columns |= {name: units(name) for name in ("unit.part", "unit.page", "unit.length")}
    ids = [
        part.segment.ids[entry] for part in parts for entry in np.flatnonzero(part.live).tolist()
    ]
    labels = [
        part.segment.labels[unit]
        for part in parts
        for unit in np.flatnonzero(part.live_units).tolist()
    ]
    return (
        columns
        | _listed(parts, "facet", ("facet.facet", "facet.value"))
        | _listed(parts, "topic", ("topic.text",))
        | TextColumn.packed("entry.id", ids)
        | TextColumn.packed("unit.label", labels)
    )


def _listed(parts: Sequence[_Part], name: str, texts: Sequence[str]) -> dict[str, Numbers]:
    """A list of values for each entry, the values numbered anew over all parts."""
    numbers: dict[tuple[str, ...], int] = {}
    counts, values = [], []
    for part in parts:
        columns = part.segment.columns
        rows = zip(*(TextColumn(columns, text).all() for text in texts), strict=True)
        known = np.array([numbers.setdefault(row, len(numbers)) for row in rows], np.int64)
        own: Numbers = np.diff(columns[f"{name}.starts"].astype(np.int64))
        counts.append(own[part.live])
        values.append(known[columns[f"{name}.values"][np.repeat(part.live, own)]])
    merged_columns = {
        f"{name}.starts": narrow(starts_of(np.concatenate(counts))),
        f"{name}.values": narrow(np.concatenate(values)),
    }
    for place, text in enumerate(texts):
        merged_columns |= TextColumn.packed(text, [row[place] for row in numbers])
    return merged_columns
