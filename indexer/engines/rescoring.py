"""What raises the best entries further: the words as typed, close together, on one page."""

import numpy as np

from indexer.engines.asking import Asked
from indexer.engines.columns import Numbers
from indexer.engines.snapshot import Snapshot
from indexer.engines.whoosh_codec import Places
from indexer.engines.whoosh_segments import Phrase, Segment, contained

_LEAD = 20  # words: what stands there is worth half of what stands first


def bonus(snapshot: Snapshot, asked: Asked, entries: Numbers) -> Numbers:
    """What is added to the scores of these few entries, ascending; never negative."""
    total = np.zeros(len(entries))
    if len(snapshot.segments) == 1:
        return _Candidates(snapshot, 0, entries).bonus(asked)
    bounds = np.searchsorted(entries, snapshot.offsets).tolist()
    for number in range(len(snapshot.segments)):
        start, stop = bounds[number], bounds[number + 1]
        if start < stop:
            local = entries[start:stop] - snapshot.offsets[number]
            total[start:stop] = _Candidates(snapshot, number, local).bonus(asked)
    return total


class _Candidates:
    """A few entries of one segment, ascending."""

    def __init__(self, snapshot: Snapshot, number: int, entries: Numbers) -> None:
        self._snapshot = snapshot
        self._ranking = snapshot.ranking
        self._segment: Segment = snapshot.segments[number]
        self._saturation = snapshot.page_saturation[number]
        self._keyword_worth = snapshot.keyword_worth[number]
        self._entries = entries
        self._size = len(entries)
        units = self._segment.entry_units
        self._unit_bounds = np.concatenate((units[entries], units[entries + 1]))
        self._bounds = self._segment.unit_addresses[self._unit_bounds]

    def bonus(self, asked: Asked) -> Numbers:
        """What the words as typed, the best window and the best page add to each."""
        ranking = self._ranking
        total = np.zeros(self._size)
        found, idfs = [], []
        for slot in asked.slots:
            pattern, weight = slot.patterns[0]
            found.append(self._segment.find(pattern))
            idfs.append(weight * self._snapshot.scored(pattern).idf)
            if slot.form and ranking.form:
                total += ranking.form * idfs[-1] * self._as_typed(slot.form)
        if len(found) > 1:
            total += self._best_place(found, idfs)
        worth = ranking.about_in_sentences if asked.some_suffice else ranking.about
        if worth:
            total += worth * self._about(asked, idfs)
        if ranking.page and self._snapshot.has_long_entries:
            total += ranking.page * self._best_page(found, idfs)
        return total

    def _about(self, asked: Asked, idfs: list[float]) -> Numbers:
        """The weight of what is asked that stands in the title or among the keywords.

        In the score of a word a long text that repeats it is worth a title that says it once; but
        whoever types a few words looks for the record that is about them. Many keywords say less
        each: a survey of fourteen cities is about none of them.
        """
        total = np.zeros(self._size)
        titles = self._unit_bounds[: self._size]
        heads = np.concatenate((titles, self._segment.keyword_units[self._entries]))
        worth = np.concatenate((np.ones(self._size), self._keyword_worth[self._entries]))
        for slot, idf in zip(asked.slots, idfs, strict=True):
            best = np.zeros(2 * self._size)
            for pattern, weight in slot.patterns:
                there = contained(heads, self._segment.find(pattern).units)
                np.maximum(best, weight * there, out=best)
            best *= worth
            total += idf * np.maximum(best[: self._size], best[self._size :])
        return total

    def _as_typed(self, form: str) -> Numbers:
        """Occurrences of exactly this word, saturated."""
        first, last = self._stretches(self._segment.find(Phrase((form,))).addresses, self._bounds)
        saturated: Numbers = self._snapshot.saturation.take(last - first, mode="clip")
        return saturated

    def _best_place(self, found: list[Places], idfs: list[float]) -> Numbers:
        """The worth of the best ``window`` of words in one unit.

        It is the weight of the different words in it, and more where the unit begins: what a
        text says first is what it is about.
        """
        best = np.zeros(self._size)
        rows = [_spread(*self._stretches(places.addresses, self._bounds)) for places in found]
        starts = np.concatenate(
            [places.addresses[index] for places, (index, _) in zip(found, rows, strict=True)]
        )
        if not len(starts):
            return best
        segment, ranking = self._segment, self._ranking
        units = segment.units_at(starts)
        ends = np.minimum(starts + ranking.window, segment.unit_addresses[units + 1])
        weights = np.zeros(len(starts))
        for places, idf in zip(found, idfs, strict=True):
            if len(places.addresses):
                after = places.addresses.searchsorted(starts)
                following = places.addresses.take(after, mode="clip")
                weights += idf * ((following >= starts) & (following < ends))
        weights *= ranking.closeness
        offsets = starts - segment.unit_addresses[units]
        weights += ranking.lead / (1 + offsets / _LEAD)
        np.maximum.at(best, np.concatenate([owners for _, owners in rows]), weights)
        return best

    def _best_page(self, found: list[Places], idfs: list[float]) -> Numbers:
        """BM25 of the best page of each candidate, its pages taken as documents."""
        firsts = self._unit_bounds[: self._size]
        counts = self._unit_bounds[self._size :] - firsts
        bases = np.cumsum(counts) - counts
        scores = np.zeros(int(counts.sum()))
        shift = bases - firsts
        for places, idf in zip(found, idfs, strict=True):
            index, owners = _spread(*self._stretches(places.units, self._unit_bounds))
            units = places.units[index]
            freqs = places.freqs[index]
            worth = freqs / (freqs + self._saturation[units])
            scores[units + shift[owners]] += idf * (self._ranking.k1 + 1) * worth
        best: Numbers = np.maximum.reduceat(scores, bases)
        return best

    def _stretches(self, values: Numbers, bounds: Numbers) -> tuple[Numbers, Numbers]:
        """Where the values of each candidate begin and end among the ascending ``values``."""
        found = values.searchsorted(bounds)
        return found[: self._size], found[self._size :]


def _spread(firsts: Numbers, lasts: Numbers) -> tuple[Numbers, Numbers]:
    """Every index from each first to its last, and the number of the stretch of each."""
    counts = lasts - firsts
    ends = counts.cumsum()
    owners = np.arange(len(counts)).repeat(counts)
    return (lasts - ends)[owners] + np.arange(len(owners)), owners
