"""One state of the index as a whole: entries of all segments in one row, and their scores."""

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from indexer.engine import Facet
from indexer.engines.cache import Cache
from indexer.engines.columns import Numbers
from indexer.engines.facets import FacetTable
from indexer.engines.home import Commit
from indexer.engines.inversion import ZONES
from indexer.engines.ranking import Ranking
from indexer.engines.spelling import Spelling
from indexer.engines.topics import Topics
from indexer.engines.whoosh_segments import Pattern, Phrase, Places, Segment
from indexer.italian import fold


@dataclass(frozen=True, slots=True)
class Scored:
    """Entries that a pattern finds, ascending, and what it is worth in each."""

    entries: Numbers
    scores: Numbers
    idf: float

    @property
    def nbytes(self) -> int:
        return self.entries.nbytes + self.scores.nbytes + 200


@dataclass(frozen=True)
class Slot:
    """One word or quoted phrase of a question and the other ways to satisfy it.

    ``patterns`` are pairs of a pattern and its weight; the first is the word itself. ``form`` is
    the word as typed, which counts besides.
    """

    patterns: tuple[tuple[Pattern, float], ...]
    form: str = ""


class Snapshot:
    """Immutable, but for what it remembers; safe under threads."""

    def __init__(
        self, commit: Commit, segments: tuple[Segment, ...], ranking: Ranking, budget: int
    ) -> None:
        self.commit = commit
        self.segments = segments
        self.ranking = ranking
        self.offsets = np.cumsum([0, *(len(segment) for segment in segments)]).tolist()
        self.live = self._live()
        self.size = int(self.live.sum())
        self._whole = self.size == len(self.live)
        self._cache: Cache[Scored] = Cache(budget, lambda scored: scored.nbytes)

    def _live(self) -> Numbers:
        live = np.ones(self.offsets[-1], bool)
        by_name = {segment.name: number for number, segment in enumerate(self.segments)}
        for segment in self.commit.toc.segments:
            number = by_name[segment.segment_id()]
            deleted = list(segment.deleted_docs())
            live[self.offsets[number] + self.segments[number].unit_entries[deleted]] = False
        return live

    def __len__(self) -> int:
        return self.size

    @cached_property
    def facets(self) -> FacetTable:
        return FacetTable(self.segments, self.live)

    @cached_property
    def issued(self) -> Numbers:
        return self._joined("entry.issued")

    @cached_property
    def tie_rank(self) -> Numbers:
        """Place of each entry in the order newest first; no two share a place."""
        order = np.lexsort((self._joined("entry.key"), -self.issued))
        rank = np.empty(len(order), np.int64)
        rank[order] = np.arange(len(order))
        return rank

    @cached_property
    def tie_rank_oldest(self) -> Numbers:
        """Place in the order oldest first, undated entries last."""
        issued = np.where(self.issued == 0, np.iinfo(np.int32).max, self.issued)
        order = np.lexsort((self._joined("entry.key"), issued))
        rank = np.empty(len(order), np.int64)
        rank[order] = np.arange(len(order))
        return rank

    @cached_property
    def title_rank(self) -> Numbers:
        """Place of each entry in the alphabet of titles, accents aside."""
        titles = [
            " ".join(map(fold, segment.title(entry).split()))
            for segment in self.segments
            for entry in range(len(segment))
        ]
        tie = self.tie_rank.tolist()
        order = sorted(range(len(titles)), key=lambda entry: (titles[entry], tie[entry]))
        rank = np.empty(len(order), np.int64)
        rank[order] = np.arange(len(order))
        return rank

    @cached_property
    def topics(self) -> Topics:
        """Cities and topics to propose."""
        return Topics(self.segments, self.live, self.facets.values(Facet.CITY))

    @cached_property
    def spelling(self) -> Spelling:
        """The words of all segments, for corrections."""
        uses: dict[str, int] = {}
        for segment in self.segments:
            counts = segment.columns["form.units"].tolist()
            for word, count in zip(segment.forms.all(), counts, strict=True):
                if word.isalpha():
                    uses[word] = uses.get(word, 0) + count
        return Spelling(list(uses), np.fromiter(uses.values(), np.int64, len(uses)))

    def _joined(self, column: str) -> Numbers:
        if not self.segments:
            return np.empty(0, np.int64)
        return np.concatenate([segment.columns[column] for segment in self.segments])

    @cached_property
    def _norms(self) -> Mapping[str, Numbers]:
        """Divisor of the occurrences in each part of an entry: its length against the average."""
        norms = {}
        for zone in ("body", *ZONES):
            lengths = self._joined(f"{zone}.length").astype(np.float32)
            b = self.ranking.b_body if zone == "body" else self.ranking.b_head
            own = lengths[self.live]
            own = own[own > 0]
            average = float(own.mean()) if len(own) else 1.0
            norms[zone] = (1 - b) + b * lengths / np.float32(average)
        return norms

    @cached_property
    def average_page(self) -> float:
        """Mean length of a page with words."""
        total = count = 0
        for number, segment in enumerate(self.segments):
            offset = self.offsets[number]
            lengths = segment.columns["unit.length"].astype(np.int64)
            pages = (segment.columns["unit.page"] > 0) & (lengths > 0)
            pages &= self.live[offset + segment.unit_entries]
            total += int(lengths[pages].sum())
            count += int(pages.sum())
        return total / count if count else 1.0

    def locate(self, entry_id: str) -> tuple[int, int] | None:
        """Number of the segment and of the entry in it; None if no live entry has this id."""
        for number in range(len(self.segments) - 1, -1, -1):
            entry = self.segments[number].entry(entry_id)
            if entry is not None and self.live[self.offsets[number] + entry]:
                return number, entry
        return None

    def number_of(self, entry: int) -> int:
        """Number of the segment that holds an entry of the whole row."""
        return bisect_right(self.offsets, entry) - 1

    def id_of(self, entry: int) -> str:
        number = self.number_of(entry)
        return self.segments[number].ids[entry - self.offsets[number]]

    def title_of(self, entry: int) -> str:
        number = self.number_of(entry)
        return self.segments[number].title(entry - self.offsets[number])

    def scored(self, pattern: Pattern) -> Scored:
        """Score of one pattern in every live entry that has it."""
        kept = self._cache.get(pattern)
        return kept if kept is not None else self._cache.put(pattern, self._score(pattern))

    def slot(self, slot: Slot) -> Scored:
        """Score of a word with its other readings: the best of them in each entry."""
        if len(slot.patterns) == 1 and not slot.form:
            pattern, weight = slot.patterns[0]
            scored = self.scored(pattern)
            if weight == 1.0:
                return scored
        kept = self._cache.get(slot)
        return kept if kept is not None else self._cache.put(slot, self._score_slot(slot))

    def _score_slot(self, slot: Slot) -> Scored:
        (first, weight), *others = slot.patterns
        scored = self.scored(first)
        entries, scores = scored.entries, scored.scores * np.float32(weight)
        if slot.form:
            form = self.scored(Phrase((slot.form,)))
            bonus = form.scores * np.float32(self.ranking.form)
            entries, scores = _merged(entries, scores, form.entries, bonus, np.add)
        idf = scored.idf
        for pattern, weight in others:
            other = self.scored(pattern)
            if len(other.entries):
                share = other.scores * np.float32(weight)
                entries, scores = _merged(entries, scores, other.entries, share, np.maximum)
                idf = max(idf, weight * other.idf)
        return Scored(entries, scores, idf)

    def _score(self, pattern: Pattern) -> Scored:
        rows, weights = [], []
        for segment, offset in zip(self.segments, self.offsets, strict=False):
            places = segment.find(pattern)
            if len(places.units):
                entries, occurrences = self._weigh(segment, offset, places)
                rows.append(entries)
                weights.append(occurrences)
        if not rows:
            return Scored(np.empty(0, np.int32), np.empty(0, np.float32), 0.0)
        entries = rows[0] if len(rows) == 1 else np.concatenate(rows)
        weight = weights[0] if len(rows) == 1 else np.concatenate(weights)
        if not self._whole:
            kept = self.live[entries]
            entries, weight = entries[kept], weight[kept]
        found = len(entries)
        idf = float(np.log1p((self.size - found + 0.5) / (found + 0.5)))
        k1 = np.float32(self.ranking.k1)
        return Scored(entries, np.float32(idf) * (weight * (k1 + 1) / (weight + k1)), idf)

    def _weigh(self, segment: Segment, offset: int, places: Places) -> tuple[Numbers, Numbers]:
        """Entries of ``places`` and their occurrences, weighed by part and divided by length."""
        entries = segment.unit_entries[places.units] + np.int32(offset)
        weights = places.freqs * (np.float32(self.ranking.body) / self._norms["body"][entries])
        heads = places.units == segment.entry_units[entries - offset]
        if heads.any():
            weights[heads] = self._weigh_heads(segment, offset, places, heads)
        first = np.ones(len(entries), bool)
        first[1:] = entries[1:] != entries[:-1]
        if not first.all():
            starts = np.flatnonzero(first)
            entries, weights = entries[starts], np.add.reduceat(weights, starts)
        return entries.astype(np.int32), weights.astype(np.float32)

    def _weigh_heads(
        self, segment: Segment, offset: int, places: Places, heads: Numbers
    ) -> Numbers:
        addresses = places.addresses[np.repeat(heads, places.freqs)]
        freqs = places.freqs[heads]
        local = np.repeat(segment.unit_entries[places.units[heads]], freqs)
        weights = np.empty(len(addresses), np.float32)
        left = np.ones(len(addresses), bool)
        for zone in ZONES:
            inside = left & (addresses < segment.columns[f"{zone}.address"][local])
            left &= ~inside
            weight = np.float32(getattr(self.ranking, zone))
            weights[inside] = weight / self._norms[zone][local[inside] + offset]
        return np.add.reduceat(weights, np.cumsum(freqs) - freqs)


def _merged(
    entries: Numbers, scores: Numbers, others: Numbers, other_scores: Numbers, join: np.ufunc
) -> tuple[Numbers, Numbers]:
    """Union of two rows of scored entries; where both have an entry, ``join`` of the scores."""
    if not len(others):
        return entries, scores
    if not len(entries):
        return others, other_scores
    index = np.searchsorted(entries, others)
    index[index == len(entries)] = 0
    known = entries[index] == others
    joined = scores.copy()
    joined[index[known]] = join(scores[index[known]], other_scores[known])
    if known.all():
        return entries, joined
    every = np.concatenate((entries, others[~known]))
    order = np.argsort(every, kind="stable")
    return every[order], np.concatenate((joined, other_scores[~known]))[order]
