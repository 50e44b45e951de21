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
    """A few entries of one segment, ascending.

    What is worked out has a row for each slot of the question, so that numpy is called as often
    for eight words as for two.
    """

    def __init__(self, snapshot: Snapshot, number: int, entries: Numbers) -> None:
        self._snapshot = snapshot
        self._ranking = snapshot.ranking
        self._segment: Segment = snapshot.segments[number]
        self._saturation = snapshot.page_saturation[number]
        self._keyword_worth = snapshot.keyword_worth[number]
        self._entries = entries
        self._size = len(entries)
        self._unit_bounds = self._segment.entry_units.take(np.concatenate((entries, entries + 1)))
        self._bounds = self._segment.unit_addresses.take(self._unit_bounds)

    def bonus(self, asked: Asked) -> Numbers:
        """What the words as typed, the best window and the best page add to each."""
        ranking = self._ranking
        first = [slot.patterns[0] for slot in asked.slots]
        found = [self._segment.find(pattern) for pattern, _ in first]
        idfs = np.array([weight * self._snapshot.scored(pattern).idf for pattern, weight in first])
        total = ranking.form * _weighed(idfs, self._as_typed(asked))
        if len(found) > 1:
            total += self._best_place(found, idfs)
        worth = ranking.about_in_sentences if asked.some_suffice else ranking.about
        if worth:
            total += worth * _weighed(idfs, self._about(asked))
        if ranking.page and self._snapshot.has_long_entries:
            total += ranking.page * self._best_page(found, idfs)
        return total

    def _about(self, asked: Asked) -> Numbers:
        """How much of what each slot asks stands in the title or among the keywords.

        In the score of a word a long text that repeats it is worth a title that says it once; but
        whoever types a few words looks for the record that is about them. Many keywords say less
        each: a survey of fourteen cities is about none of them.
        """
        size = self._size
        keywords = self._segment.keyword_units.take(self._entries)
        heads = np.concatenate((self._unit_bounds[:size], keywords))
        best = np.zeros((len(asked.slots), 2 * size))
        for row, slot in zip(best, asked.slots, strict=True):
            for pattern, weight in slot.patterns:
                there = contained(heads, self._segment.find(pattern).units)
                np.maximum(row, weight * there, out=row)
        best[:, size:] *= self._keyword_worth.take(self._entries)
        return np.maximum(best[:, :size], best[:, size:])

    def _as_typed(self, asked: Asked) -> Numbers:
        """Occurrences of exactly the word that was typed, saturated."""
        counts = np.zeros((len(asked.slots), self._size), np.intp)
        for row, slot in zip(counts, asked.slots, strict=True):
            if slot.form:
                addresses = self._segment.find(Phrase((slot.form,))).addresses
                firsts, lasts = self._stretches(addresses, self._bounds)
                np.subtract(lasts, firsts, out=row)
        saturated: Numbers = self._snapshot.saturation.take(counts, mode="clip")
        return saturated

    def _best_place(self, found: list[Places], idfs: Numbers) -> Numbers:
        """The worth of the best ``window`` of words in one unit.

        It is the weight of the different words in it, and more where the unit begins: what a
        text says first is what it is about.
        """
        best = np.zeros(self._size)
        starts, slots = self._occurrences(found)
        if not len(starts):
            return best
        segment, ranking = self._segment, self._ranking
        units = segment.units_at(starts)
        ends = np.minimum(starts + ranking.window, segment.unit_addresses.take(units + 1))
        # How often each slot stands before each place: a window has those that are more often
        # before its end than before its start.
        before = np.zeros((len(found), len(starts) + 1), np.int32)
        before[slots, np.arange(1, len(starts) + 1)] = 1
        before.cumsum(axis=1, out=before)
        inside = before.take(starts.searchsorted(ends), 1) > before.take(
            starts.searchsorted(starts), 1
        )
        weights = ranking.closeness * _weighed(idfs, inside)
        offsets = starts - segment.unit_addresses.take(units)
        weights += ranking.lead / (1 + offsets / _LEAD)
        owners = self._bounds[self._size :].searchsorted(starts, "right")
        np.maximum.at(best, owners, weights)
        return best

    def _occurrences(self, found: list[Places]) -> tuple[Numbers, Numbers]:
        """Addresses of every occurrence in these entries, ascending, and the slot of each."""
        rows = []
        for places in found:
            index = _spread(*self._stretches(places.addresses, self._bounds))
            rows.append(places.addresses.take(index))
        addresses = np.concatenate(rows)
        slots = np.arange(len(rows)).repeat([len(row) for row in rows])
        order = addresses.argsort(kind="stable")
        return addresses.take(order), slots.take(order)

    def _best_page(self, found: list[Places], idfs: Numbers) -> Numbers:
        """BM25 of the best page of each candidate, its pages taken as documents."""
        firsts = self._unit_bounds[: self._size]
        counts = self._unit_bounds[self._size :] - firsts
        bases = np.cumsum(counts) - counts
        scores = np.zeros(int(counts.sum()))
        shift = bases - firsts
        for places, idf in zip(found, idfs, strict=True):
            first, last = self._stretches(places.units, self._unit_bounds)
            index = _spread(first, last)
            units = places.units[index]
            freqs = places.freqs[index]
            worth = freqs / (freqs + self._saturation[units])
            scores[units + shift.repeat(last - first)] += idf * (self._ranking.k1 + 1) * worth
        best: Numbers = np.maximum.reduceat(scores, bases)
        return best

    def _stretches(self, values: Numbers, bounds: Numbers) -> tuple[Numbers, Numbers]:
        """Where the values of each candidate begin and end among the ascending ``values``."""
        found = values.searchsorted(bounds)
        return found[: self._size], found[self._size :]


def _spread(firsts: Numbers, lasts: Numbers) -> Numbers:
    """Every index from each first to its last."""
    counts = lasts - firsts
    index: Numbers = (lasts - counts.cumsum()).repeat(counts)
    index += np.arange(len(index))
    return index


def _weighed(idfs: Numbers, rows: Numbers) -> Numbers:
    """The rows of all slots added up; ``@`` would leave that to threads of BLAS."""
    total: Numbers = np.add.reduce(idfs[:, None] * rows)
    return total
