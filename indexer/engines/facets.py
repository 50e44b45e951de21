"""Counting facet values on sets of bits, all facets at once."""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from indexer.engine import Facet
from indexer.engines.columns import Numbers, TextColumn
from indexer.engines.whoosh_segments import Segment


class FacetTable:
    """Which entries have which value, for all the segments of a state of the index."""

    def __init__(self, segments: Sequence[Segment], live: Numbers) -> None:
        self._numbers: dict[tuple[Facet, str], int] = {}
        rows, entries, offset = [], [], 0
        for segment in segments:
            columns = segment.columns
            starts = columns["facet.starts"]
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
            entries.append(offset + np.repeat(np.arange(len(segment)), np.diff(starts)))
            offset += len(segment)
        self._has = np.zeros((len(self._numbers), len(live)), bool)
        if rows:
            self._has[np.concatenate(rows), np.concatenate(entries)] = True
        self._has &= live
        self._bits = _packed(self._has)
        self._values: dict[Facet, list[tuple[str, int]]] = {facet: [] for facet in Facet}
        for (facet, value), number in sorted(self._numbers.items()):
            self._values[facet].append((value, number))

    @property
    def nbytes(self) -> int:
        return self._has.nbytes + self._bits.nbytes

    def values(self, facet: Facet) -> tuple[str, ...]:
        """Every value that some segment knows, in order."""
        return tuple(value for value, _ in self._values[facet])

    def having(self, facet: Facet, values: Iterable[str]) -> Numbers:
        """True for each entry with at least one of ``values``; unknown values have none."""
        numbers = [
            self._numbers[facet, value] for value in values if (facet, value) in self._numbers
        ]
        if len(numbers) == 1:
            return self._has[numbers[0]]
        return np.logical_or.reduce(self._has[numbers], axis=0)

    def counts(
        self,
        matched: Numbers,
        filters: Mapping[Facet, Numbers],
        ticked: Mapping[Facet, Sequence[str]],
    ) -> dict[Facet, dict[str, int]]:
        """How many of ``matched`` have each value, the filters of other facets applied.

        ``filters`` holds, for each facet with ticks, the entries it lets through.
        """
        passing = matched
        for allowed in filters.values():
            passing = passing & allowed
        shared = self._count(passing)
        counts = {}
        for facet in Facet:
            numbers = shared
            if facet in filters:
                others = matched
                for other, allowed in filters.items():
                    if other is not facet:
                        others = others & allowed
                numbers = self._count(others)
            found = {
                value: numbers[number] for value, number in self._values[facet] if numbers[number]
            }
            for value in ticked.get(facet, ()):
                found.setdefault(value, 0)
            counts[facet] = found
        return counts

    def _count(self, matched: Numbers) -> list[int]:
        numbers: list[int] = np.bitwise_count(self._bits & _packed(matched)).sum(1).tolist()
        return numbers


def _packed(flags: Numbers) -> Numbers:
    """Bits of each row in 64-bit words."""
    packed = np.packbits(flags, axis=-1)
    padding = -packed.shape[-1] % 8
    if padding:
        packed = np.concatenate(
            (packed, np.zeros((*packed.shape[:-1], padding), np.uint8)), axis=-1
        )
    return packed.view(np.uint64)
