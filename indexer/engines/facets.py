"""Counting facet values on sets of bits, all facets at once."""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from indexer.engine import Facet, in_span
from indexer.engines.columns import Numbers, TextColumn
from indexer.engines.whoosh_segments import Segment

_FEW = 16  # where fewer than one entry in so many match, their own lists are counted


class FacetTable:
    """Which entries have which value, for all the segments of a state of the index."""

    def __init__(self, segments: Sequence[Segment], live: Numbers) -> None:
        self._numbers: dict[tuple[Facet, str], int] = {}
        rows, counts = [], []
        for segment in segments:
            columns = segment.columns
            global_numbers = np.array(
                [
                    self._numbers.setdefault((Facet(facet), value), len(self._numbers))
                    for facet, value in zip(
                        TextColumn(columns, "facet.facet").all(),
                        TextColumn(columns, "facet.value").all(),
                        strict=True,
                    )
                ],
                np.int64,
            )
            rows.append(global_numbers[columns["facet.values"]])
            counts.append(np.diff(columns["facet.starts"].astype(np.int64)))
        self._size = len(live)
        has = np.zeros((len(self._numbers), -(-self._size // 64) * 64), bool)
        self._lists = np.empty((self._size, 0), np.uint8)
        if rows:
            each: Numbers = np.concatenate(counts)
            values = np.concatenate(rows)
            entries = np.arange(self._size).repeat(each)
            has[values, entries] = True
            self._lists = _listed(values, entries, each, len(has))
        has[:, : self._size] &= live
        self._has = has
        self._bits = _packed(has)
        self._values: dict[Facet, list[tuple[str, int]]] = {facet: [] for facet in Facet}
        for (facet, value), number in sorted(self._numbers.items()):
            self._values[facet].append((value, number))

    @property
    def nbytes(self) -> int:
        return self._has.nbytes + self._bits.nbytes + self._lists.nbytes

    def values(self, facet: Facet) -> tuple[str, ...]:
        """Every value that some segment knows, in order."""
        return tuple(value for value, _ in self._values[facet])

    def having(self, facet: Facet, values: Iterable[str]) -> Numbers:
        """True for each entry with at least one of ``values``; unknown values have none.

        The row is padded to whole words of 64 bits.
        """
        numbers = [number for value in values for number in self._rows(facet, value)]
        let: Numbers = np.logical_or.reduce(self._has[numbers], axis=0)
        return let

    def _rows(self, facet: Facet, value: str) -> list[int]:
        """The row of a value, or of each year within a span."""
        if facet is Facet.YEAR and "-" in value:
            return [number for year, number in self._values[facet] if in_span(year, value)]
        return [self._numbers[facet, value]] if (facet, value) in self._numbers else []

    def counts(
        self,
        matched: Numbers,
        filters: Mapping[Facet, Numbers],
        ticked: Mapping[Facet, Sequence[str]],
    ) -> dict[Facet, dict[str, int]]:
        """How many of the entries ``matched`` have each value, the filters of others applied.

        ``filters`` holds, for each facet with ticks, the entries it lets through.
        """
        count = self._count_few if len(matched) < self._size // _FEW else self._count_many
        shared = count(matched, filters.values())
        counts = {facet: _found(values, shared) for facet, values in self._values.items()}
        for facet in filters:
            others = [allowed for other, allowed in filters.items() if other is not facet]
            found = counts[facet] = _found(self._values[facet], count(matched, others))
            for value in ticked.get(facet, ()):
                if value not in found:
                    found[value] = self._count_span(facet, value, matched, others)
        return counts

    def _count_span(
        self, facet: Facet, value: str, matched: Numbers, others: Iterable[Numbers]
    ) -> int:
        """How many have some year within a span; nothing has any other value without a row."""
        for allowed in (self.having(facet, [value]), *others):
            matched = matched[allowed[matched]]
        return len(matched)

    def _count_few(self, matched: Numbers, filters: Iterable[Numbers]) -> list[int]:
        for allowed in filters:
            matched = matched[allowed[matched]]
        values = self._lists.take(matched, axis=0).ravel()
        numbers: list[int] = np.bincount(values, minlength=len(self._numbers) + 1).tolist()
        return numbers

    def _count_many(self, matched: Numbers, filters: Iterable[Numbers]) -> list[int]:
        flags = np.zeros(self._bits.shape[-1] * 64, bool)
        flags[matched] = True
        for allowed in filters:
            flags &= allowed
        common = np.bitwise_count(self._bits & _packed(flags))
        numbers: list[int] = np.add.reduce(common, axis=1, dtype=np.int64).tolist()
        return numbers


def _found(values: Iterable[tuple[str, int]], numbers: Sequence[int]) -> dict[str, int]:
    """How many have each value, by its number, without those that none has."""
    return {value: numbers[number] for value, number in values if numbers[number]}


def _listed(values: Numbers, entries: Numbers, counts: Numbers, none: int) -> Numbers:
    """The values of each entry side by side; the number ``none`` fills what is left."""
    places = np.arange(len(entries)) - (np.cumsum(counts) - counts).repeat(counts)
    lists = np.full((len(counts), int(counts.max(initial=0))), none, np.min_scalar_type(none))
    lists[entries, places] = values
    return lists


def _packed(flags: Numbers) -> Numbers:
    """Bits of each row in words of 64; the rows must be as long."""
    return np.packbits(flags, axis=-1).view(np.uint64)
