"""Entries that use the telling words of another one."""

from collections import Counter
from math import log

import numpy as np

from indexer.engine import Sort
from indexer.engines.snapshot import Snapshot
from indexer.engines.whoosh_segments import Segment, Stem
from indexer.italian import analyse

_LETTERS = 12_000  # of the entry that are read
_FREQUENT = 60  # stems, the most used in the entry, whose rarity is looked up
_TELLING = 16  # stems that are compared
_ENOUGH = 3  # occurrences: more of them tell nothing more
_TITLE_COUNTS = 3  # times a word of the title counts as one of the text


def similar_entries(snapshot: Snapshot, entry_id: str, limit: int) -> tuple[str, ...]:
    """Ids of the entries that share most of the telling words, best first."""
    place = snapshot.locate(entry_id)
    if place is None or limit < 1:
        return ()
    number, entry = place
    segment = snapshot.segments[number]
    own = snapshot.offsets[number] + entry
    scores = np.zeros(len(snapshot.live), np.float32)
    shared = np.zeros(len(snapshot.live), np.uint8)
    for stem, weight in _telling(snapshot, _stems(segment, entry)):
        found = snapshot.scored(Stem(stem))
        scores[found.entries] += np.float32(weight) * found.scores
        shared[found.entries] += 1
    scores[own] = 0
    scores[shared < 2] = 0
    candidates = np.flatnonzero(scores)
    order = np.lexsort((snapshot.rank(Sort.NEWEST)[candidates], -scores[candidates]))[:limit]
    return tuple(snapshot.id_of(entry) for entry in candidates[order].tolist())


def _stems(segment: Segment, entry: int) -> Counter[str]:
    counts: Counter[str] = Counter()
    for token in analyse(segment.title(entry)):
        counts[token.stem] += _TITLE_COUNTS
    left = _LETTERS
    for unit in segment.units_of(entry)[1:]:
        text = segment.text(unit)[:left]
        left -= len(text)
        counts.update(token.stem for token in analyse(text))
        if not left:
            break
    del counts[""]
    return counts


def _telling(snapshot: Snapshot, counts: Counter[str]) -> list[tuple[str, float]]:
    """The stems that are frequent here and rare elsewhere, with their weight."""
    units = sum(len(segment.unit_entries) for segment in snapshot.segments)
    weighed = []
    for stem, count in counts.most_common(_FREQUENT):
        frequency = sum(segment.frequency(stem) for segment in snapshot.segments)
        if 1 < frequency <= max(units // 4, 10):
            weighed.append((count * log(1 + units / frequency), stem, min(count, _ENOUGH)))
    weighed.sort(reverse=True)
    return [(stem, float(count)) for _, stem, count in weighed[:_TELLING]]
