"""What raises the best entries further: words near each other, and one page that has them all."""

import numpy as np

from indexer.engine import Sort
from indexer.engines.asking import Asked
from indexer.engines.columns import Numbers, starts_of
from indexer.engines.matching import Matches, in_order
from indexer.engines.snapshot import Snapshot
from indexer.engines.whoosh_segments import Places, Segment

_FARTHEST = 12  # words between which nearness still counts


def rescored(snapshot: Snapshot, asked: Asked, matches: Matches) -> Matches:
    """The same entries; the best by score have their bonus. No score falls."""
    ranking = snapshot.ranking
    if not asked.slots or not len(matches):
        return matches
    if len(matches) > ranking.rescored:
        places = np.sort(in_order(snapshot, matches, Sort.RELEVANCE, 0, ranking.rescored))
    else:
        places = np.arange(len(matches))
    scores = matches.scores.copy()
    entries = matches.entries[places]
    bounds = np.searchsorted(entries, snapshot.offsets)
    for number, segment in enumerate(snapshot.segments):
        start, stop = int(bounds[number]), int(bounds[number + 1])
        if start < stop:
            local = entries[start:stop] - snapshot.offsets[number]
            bonus = _Candidates(snapshot, segment, local).bonus(asked)
            scores[places[start:stop]] += bonus.astype(np.float32)
    return Matches(matches.entries, scores)


class _Candidates:
    """A few entries of one segment, ascending."""

    def __init__(self, snapshot: Snapshot, segment: Segment, entries: Numbers) -> None:
        self._snapshot = snapshot
        self._segment = segment
        self._size = len(entries)
        self._first_units = segment.entry_units[entries]
        self._end_units = segment.entry_units[entries + 1]
        self._starts = segment.unit_addresses[self._first_units]
        self._ends = segment.unit_addresses[self._end_units]

    def bonus(self, asked: Asked) -> Numbers:
        """What nearness and the best page add to each."""
        ranking = self._snapshot.ranking
        patterns = [slot.patterns[0][0] for slot in asked.slots]
        idfs = [self._snapshot.scored(pattern).idf for pattern in patterns]
        total = np.zeros(self._size)
        places = [self._segment.find(pattern) for pattern in patterns]
        if ranking.proximity and len(patterns) > 1:
            rows = [_stretches(found.addresses, self._starts, self._ends) for found in places]
            for number in range(len(rows) - 1):
                nearness = self._nearness(rows[number], rows[number + 1])
                total += ranking.proximity * min(idfs[number : number + 2]) * nearness
        if ranking.page:
            total += ranking.page * self._best_page(places, idfs)
        return total

    def _nearness(self, row: tuple[Numbers, Numbers], other: tuple[Numbers, Numbers]) -> Numbers:
        """1 / distance of the nearest places of two words in each candidate, 0 if far."""
        nearness = np.zeros(self._size)
        (addresses, owners), (others, _) = row, other
        if not len(addresses) or not len(others):
            return nearness
        after = np.searchsorted(others, addresses)
        following = others[np.minimum(after, len(others) - 1)] - addresses
        before = addresses - others[np.maximum(after - 1, 0)]
        following = np.where(following > 0, following, _FARTHEST + 1)
        before = np.where(before > 0, before, _FARTHEST + 1)
        # Neighbouring entries: a place beyond the borders of the entry is not near.
        following[addresses + following >= self._ends[owners]] = _FARTHEST + 1
        before[addresses - before < self._starts[owners]] = _FARTHEST + 1
        distance = np.minimum(following, before)
        np.maximum.at(nearness, owners, np.where(distance <= _FARTHEST, 1 / distance, 0.0))
        return nearness

    def _best_page(self, places: list[Places], idfs: list[float]) -> Numbers:
        """BM25 of the best page of each candidate, its pages taken as documents."""
        ranking = self._snapshot.ranking
        bases = starts_of(self._end_units - self._first_units)
        scores = np.zeros(int(bases[-1]))
        shift = bases[:-1] - self._first_units
        lengths = self._segment.columns["unit.length"]
        average = self._snapshot.average_page
        for found, idf in zip(places, idfs, strict=True):
            index, owners = _stretch_places(found.units, self._first_units, self._end_units)
            units = found.units[index]
            freqs = found.freqs[index]
            norm = 1 - ranking.b_page + ranking.b_page * lengths[units] / average
            worth = idf * freqs * (ranking.k1 + 1) / (freqs + ranking.k1 * norm)
            scores[units + shift[owners]] += worth
        scores[bases[:-1]] = 0.0  # heads are no pages
        best: Numbers = np.maximum.reduceat(scores, bases[:-1])
        return best


def _stretches(values: Numbers, starts: Numbers, ends: Numbers) -> tuple[Numbers, Numbers]:
    """The ascending ``values`` within each stretch, and the number of the stretch of each."""
    index, owners = _stretch_places(values, starts, ends)
    return values[index], owners


def _stretch_places(values: Numbers, starts: Numbers, ends: Numbers) -> tuple[Numbers, Numbers]:
    first = np.searchsorted(values, starts)
    counts = np.searchsorted(values, ends) - first
    owners = np.repeat(np.arange(len(starts)), counts)
    index = np.repeat(first - (np.cumsum(counts) - counts), counts) + np.arange(len(owners))
    return index, owners
