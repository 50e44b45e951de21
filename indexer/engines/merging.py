"""Keeping the number of segments small: several are read back and written as one."""

from collections.abc import Iterator, Sequence
from datetime import date
from math import log

from indexer.engine import Entry, Facet, PageText
from indexer.engines.columns import TextColumn
from indexer.engines.inversion import BODY, HEADINGS, SUMMARY, TITLE
from indexer.engines.snapshot import Snapshot
from indexer.engines.whoosh_segments import Segment

_TOGETHER = 6  # segments of a size that are merged into one of the next size
_LARGEST = 500_000  # words: larger segments are left to the next rebuild


def to_merge(snapshot: Snapshot) -> list[int]:
    """Numbers of the segments to merge now: many of one size, or one that is mostly dropped."""
    by_size: dict[int, list[int]] = {}
    for number, segment in enumerate(snapshot.segments):
        live = snapshot.live_in(number)
        size = int(segment.unit_addresses[-1])
        if not live.any() or (size <= _LARGEST and live.mean() < 0.5):
            return [number]
        if size <= _LARGEST:
            by_size.setdefault(int(log(max(size, 100), _TOGETHER)), []).append(number)
    for _, numbers in sorted(by_size.items()):
        if len(numbers) >= _TOGETHER:
            return numbers
    return []


def entries_of(snapshot: Snapshot, numbers: Sequence[int]) -> Iterator[Entry]:
    """The live entries of these segments, as they were given.

    Their words are analysed again, which takes less time than merging posting lists.
    """
    for number in numbers:
        segment = snapshot.segments[number]
        entries = _Entries(segment)
        for entry in snapshot.live_in(number).nonzero()[0].tolist():
            yield entries.read(entry)


class _Entries:
    """Reads the entries of a segment back."""

    def __init__(self, segment: Segment) -> None:
        columns = segment.columns
        self._segment = segment
        self._facets = [
            (Facet(facet), value)
            for facet, value in zip(
                TextColumn(columns, "facet.facet").all(),
                TextColumn(columns, "facet.value").all(),
                strict=True,
            )
        ]
        self._topics = TextColumn(columns, "topic.text").all()

    def read(self, entry: int) -> Entry:
        segment = self._segment
        texts = dict.fromkeys((TITLE, SUMMARY, HEADINGS), "")
        pages = []
        for unit in segment.units_of(entry):
            part = segment.part_of[unit]
            if part == BODY:
                label = segment.labels[unit]
                pages.append(PageText(segment.page_of[unit], segment.text(unit), label))
            elif part in texts:
                texts[part] = segment.text(unit)
        day = int(segment.columns["entry.issued"][entry])
        facets: dict[Facet, tuple[str, ...]] = {}
        for number in self._listed("facet", entry):
            facet, value = self._facets[number]
            facets[facet] = (*facets.get(facet, ()), value)
        return Entry(
            id=segment.ids[entry],
            title=texts[TITLE],
            summary=texts[SUMMARY],
            pages=tuple(pages),
            headings=tuple(texts[HEADINGS].split("\n")) if texts[HEADINGS] else (),
            keywords=tuple(self._topics[number] for number in self._listed("topic", entry)),
            facets=facets,
            issued=date.fromordinal(day) if day else None,
            revision=int(segment.columns["entry.revision"][entry]),
        )

    def _listed(self, name: str, entry: int) -> list[int]:
        columns = self._segment.columns
        start, stop = columns[f"{name}.starts"][entry : entry + 2].tolist()
        numbers: list[int] = columns[f"{name}.values"][start:stop].tolist()
        return numbers
