"""One state of the index as a whole: entries of all segments in one row, and their scores."""

import math
from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import NamedTuple

import numpy as np

from indexer.engine import Facet, Sort
from indexer.engines.cache import Cache
from indexer.engines.columns import Numbers
from indexer.engines.facets import FacetTable
from indexer.engines.home import Commit
from indexer.engines.inversion import BODY, KEYWORDS, PARTS
from indexer.engines.ranking import Ranking
from indexer.engines.topics import Topics
from indexer.engines.whoosh_codec import Places
from indexer.engines.whoosh_segments import Pattern, Segment
from indexer.italian import family, fold

KIN_LETTERS = 5  # the first letters that words of one root share
_KIN_FORMS = 24  # words with these letters that are looked at, the most used ones
_MOST_KIN = 6  # of a word
_MOST_KIN_KEPT = 20_000

_family = lru_cache(50_000)(family)


@dataclass(frozen=True, slots=True)
class Scored:
    """Entries that a pattern finds, ascending, and what it is worth in each."""

    entries: Numbers
    scores: Numbers
    idf: float

    @property
    def nbytes(self) -> int:
        return self.entries.nbytes + self.scores.nbytes + 200


class Slot(NamedTuple):
    """One word or quoted phrase of a question and the other ways to satisfy it.

    ``patterns`` are pairs of a pattern and its weight; the first is the word itself. ``form`` is
    the word as typed, which counts besides for the best entries.
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
        self._ranks: dict[Sort, Numbers] = {}
        self._orders: dict[Sort, Numbers] = {}
        self._kin: dict[str, tuple[str, ...]] = {}
        self._cache: Cache[Scored] = Cache(budget)

    def _live(self) -> Numbers:
        live = np.ones(self.offsets[-1], bool)
        by_name = {segment.name: number for number, segment in enumerate(self.segments)}
        for segment in self.commit.toc.segments:
            number = by_name[segment.segment_id()]
            deleted = list(segment.deleted_docs())
            live[self.offsets[number] + self.segments[number].unit_entries[deleted]] = False
        return live

    def live_in(self, number: int) -> Numbers:
        """Which entries of one segment are live."""
        return self.live[self.offsets[number] : self.offsets[number + 1]]

    @cached_property
    def facets(self) -> FacetTable:
        return FacetTable(self.segments, self.live)

    @cached_property
    def issued(self) -> Numbers:
        return self._joined("entry.issued")

    def rank(self, sort: Sort) -> Numbers:
        """Place of each entry in an order that does not depend on the question."""
        rank = self._ranks.get(sort)
        if rank is None:
            order = self.order(sort)
            rank = np.empty(len(order), np.int32)
            rank[order] = np.arange(len(order), dtype=np.int32)
            self._ranks[sort] = rank
        return rank

    def order(self, sort: Sort) -> Numbers:
        """Entries by day or title, undated ones last, equal ones the same way in every state."""
        order = self._orders.get(sort)
        if order is None:
            order = self._orders[sort] = self._ordered(sort).astype(np.int32)
        return order

    def _ordered(self, sort: Sort) -> Numbers:
        keys = self._joined("entry.key")
        if sort is Sort.TITLE:
            titles = (
                " ".join(map(fold, segment.title(entry).split()))
                for segment in self.segments
                for entry in range(len(segment))
            )
            pairs = list(zip(titles, self.rank(Sort.NEWEST).tolist(), strict=True))
            return np.array(sorted(range(len(pairs)), key=pairs.__getitem__), np.int32)
        issued = self.issued
        if sort is Sort.OLDEST:
            return np.lexsort((keys, np.where(issued == 0, np.iinfo(np.int32).max, issued)))
        return np.lexsort((keys, -issued))

    @cached_property
    def topics(self) -> Topics:
        """Cities and topics to propose."""
        return Topics(self.segments, self.live, self.facets.values(Facet.CITY))

    def near_words(self, word: str, least: int = 1) -> dict[str, float]:
        """Words of the segments a slip or two away with their distance; the nearest come first,
        then the most used. Words that fewer than ``least`` entries have may be passed over."""
        share = -(-least // max(len(self.segments), 1))  # what some segment must have of them
        distances: dict[str, float] = {}
        uses: Counter[str] = Counter()
        for segment in self.segments:
            for distance, count, other in segment.lexicon.near(word, share):
                distances[other] = distance
                uses[other] += count
        order = sorted(distances, key=lambda other: (distances[other], -uses[other], other))
        return {other: distances[other] for other in order}

    def kin(self, stem: str) -> tuple[str, ...]:
        """Other stems that begin alike, the most used first: often words of the same root.

        Names have them too: "genovese" for "genova". Empty for short words and for codes.
        """
        found = self._kin.get(stem)
        if found is None:
            if len(self._kin) >= _MOST_KIN_KEPT:
                self._kin.clear()
            found = self._kin[stem] = self._find_kin(stem)
        return found

    def _find_kin(self, stem: str) -> tuple[str, ...]:
        if len(stem) < KIN_LETTERS or not stem.isalpha():
            return ()
        found: dict[str, None] = {}
        for segment in self.segments:
            for form in segment.lexicon.completions(stem[:KIN_LETTERS], _KIN_FORMS):
                found[_family(form)] = None
        return tuple(other for other in found if other and other != stem)[:_MOST_KIN]

    def _joined(self, column: str) -> Numbers:
        if not self.segments:
            return np.empty(0, np.int64)
        return np.concatenate([segment.columns[column] for segment in self.segments])

    @cached_property
    def _weights(self) -> list[Numbers]:
        """What one occurrence is worth in each unit: the weight of its part of the entry, divided
        by the part's length against the average."""
        ranking = self.ranking
        weights = [np.empty(len(segment.parts), np.float32) for segment in self.segments]
        for part, name in enumerate(PARTS):
            lengths = [self._part_lengths(number, part) for number in range(len(weights))]
            written = np.concatenate([row[row > 0] for row in lengths]) if lengths else ()
            average = float(np.mean(written)) if len(written) else 1.0
            b = ranking.b_body if part == BODY else ranking.b_head
            for number, segment in enumerate(self.segments):
                units = segment.parts == part
                own = lengths[number][segment.unit_entries[units]]
                norm = 1 - b + b * own / average
                weights[number][units] = getattr(ranking, name) / norm
        return weights

    def _part_lengths(self, number: int, part: int) -> Numbers:
        """Words of one part of each entry of a segment; none of an entry that was dropped."""
        segment = self.segments[number]
        units = segment.parts == part
        lengths = np.bincount(
            segment.unit_entries[units],
            weights=segment.columns["unit.length"][units],
            minlength=len(segment),
        )
        return np.where(self.live_in(number), lengths, 0.0)

    @cached_property
    def keyword_worth(self) -> list[Numbers]:
        """What a keyword is worth in each entry: the more there are against the average, the
        less each says."""
        b = self.ranking.b_about
        lengths = [self._part_lengths(number, KEYWORDS) for number in range(len(self.segments))]
        written = np.concatenate([row[row > 0] for row in lengths]) if lengths else ()
        average = float(np.mean(written)) if len(written) else 1.0
        return [1 / (1 - b + b * np.maximum(row, 1) / average) for row in lengths]

    @cached_property
    def saturation(self) -> Numbers:
        """What so many occurrences are worth in BM25, without regard to length."""
        counts = np.arange(256)
        return counts * (self.ranking.k1 + 1) / (counts + self.ranking.k1)

    @cached_property
    def has_long_entries(self) -> bool:
        """Some entry has several pages; where none has, the best page is the whole text."""
        return any(
            bool(np.any(np.diff(segment.unit_entries[segment.parts == BODY]) == 0))
            for segment in self.segments
        )

    @cached_property
    def page_saturation(self) -> list[Numbers]:
        """k1 of BM25 times the length of each page against the average; infinite for no page."""
        ranking = self.ranking
        rows = []
        lengths = [segment.columns["unit.length"].astype(np.float32) for segment in self.segments]
        pages = [segment.parts == BODY for segment in self.segments]
        written = [
            row[page & (row > 0) & self.live[offset + segment.unit_entries]]
            for row, page, offset, segment in zip(
                lengths, pages, self.offsets, self.segments, strict=False
            )
        ]
        average = float(np.concatenate(written).mean()) if sum(map(len, written)) else 1.0
        for row, page in zip(lengths, pages, strict=True):
            norm = 1 - ranking.b_page + ranking.b_page * row / np.float32(average)
            rows.append(np.where(page, np.float32(ranking.k1) * norm, np.float32(np.inf)))
        return rows

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

    def has(self, pattern: Pattern) -> bool:
        """Some entry has it, perhaps one that was dropped; cheaper than its score."""
        return any(len(segment.find(pattern).units) for segment in self.segments)

    def slot(self, slot: Slot) -> Scored:
        """Score of a word with its other readings: the best of them in each entry."""
        if len(slot.patterns) == 1 and slot.patterns[0][1] == 1.0:
            return self.scored(slot.patterns[0][0])
        kept = self._cache.get(slot.patterns)
        return kept if kept is not None else self._cache.put(slot.patterns, self._best(slot))

    def _best(self, slot: Slot) -> Scored:
        (first, weight), *others = slot.patterns
        scored = self.scored(first)
        entries, scores = scored.entries, scored.scores * np.float32(weight)
        idf = weight * scored.idf
        for pattern, weight in others:
            other = self.scored(pattern)
            if 0 < scored.idf < other.idf:
                weight *= scored.idf / other.idf  # a rarer synonym tells no more than the word
            share = other.scores * np.float32(weight)
            entries, scores = _merged(entries, scores, other.entries, share)
            idf = max(idf, weight * other.idf)
        return Scored(entries, scores, idf)

    def _score(self, pattern: Pattern) -> Scored:
        rows, weights = [], []
        for number, segment in enumerate(self.segments):
            places = segment.find(pattern)
            if len(places.units):
                row, weight = self._weigh(number, places)
                rows.append(row)
                weights.append(weight)
        if not rows:
            return _UNKNOWN
        entries = rows[0] if len(rows) == 1 else np.concatenate(rows)
        weight = weights[0] if len(rows) == 1 else np.concatenate(weights)
        if not self._whole:
            kept = self.live[entries]
            entries, weight = entries[kept], weight[kept]
        found = len(entries)
        idf = math.log1p((self.size - found + 0.5) / (found + 0.5))
        k1 = self.ranking.k1
        scores = weight / (weight + np.float32(k1))
        scores *= np.float32(idf * (k1 + 1))
        return Scored(entries, scores, idf)

    def _weigh(self, number: int, places: Places) -> tuple[Numbers, Numbers]:
        """Entries of ``places`` in the whole row, and their occurrences weighed and added up."""
        entries = self.segments[number].unit_entries.take(places.units)
        weights = self._weights[number].take(places.units)
        if len(places.addresses) > len(places):
            weights *= places.freqs
        first = np.ones(len(entries), bool)
        np.not_equal(entries[1:], entries[:-1], out=first[1:])
        starts = first.nonzero()[0]
        if len(starts) < len(entries):  # some entry has it in several of its parts
            entries, weights = entries.take(starts), np.add.reduceat(weights, starts)
        if self.offsets[number]:
            entries = entries + np.int32(self.offsets[number])
        return entries, weights


_UNKNOWN = Scored(np.empty(0, np.int32), np.empty(0, np.float32), 0.0)


def _merged(
    entries: Numbers, scores: Numbers, others: Numbers, other_scores: Numbers
) -> tuple[Numbers, Numbers]:
    """Union of two rows of scored entries; where both have an entry, the higher score."""
    if not len(others):
        return entries, scores
    if not len(entries):
        return others, other_scores
    index = np.searchsorted(entries, others)
    index[index == len(entries)] = 0
    known = entries[index] == others
    joined = scores.copy()
    joined[index[known]] = np.maximum(scores[index[known]], other_scores[known])
    if known.all():
        return entries, joined
    every = np.concatenate((entries, others[~known]))
    order = np.argsort(every, kind="stable")
    return every[order], np.concatenate((joined, other_scores[~known]))[order]
