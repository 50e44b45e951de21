"""What to propose while somebody types: titles, cities and topics of indexed entries."""

from collections.abc import Iterator, Sequence
from functools import partial, reduce

import numpy as np

from indexer.engine import Sort, Suggestion
from indexer.engines.columns import Numbers
from indexer.engines.inversion import TITLE
from indexer.engines.snapshot import Snapshot
from indexer.engines.topics import surfaces_of
from indexer.engines.whoosh_segments import Phrase, Segment

_LONGEST = 100  # characters that are read
_MOST_WORDS = 8
_COMPLETIONS = 40  # words that a prefix may stand for, the most used first
_NONE = np.empty(0, np.int32)


def suggestions(snapshot: Snapshot, prefix: str, limit: int) -> tuple[Suggestion, ...]:
    """At most ``limit``: up to half of them cities and topics, the rest titles."""
    words = surfaces_of(prefix[:_LONGEST])[:_MOST_WORDS]
    if not words or limit < 1 or not snapshot.size:
        return ()
    topics = snapshot.topics.fitting(words)
    titles = list(_titles(snapshot, words, limit))
    room = max(limit - len(titles), (limit + 1) // 2)
    proposed = topics[:room] + titles
    return tuple(proposed[:limit])


def _titles(snapshot: Snapshot, words: list[str], limit: int) -> Iterator[Suggestion]:
    """Titles with all words, those that begin with them first, then the newest."""
    found, begin = [], []
    for segment, offset in zip(snapshot.segments, snapshot.offsets, strict=False):
        rows = [_Titles(segment, [word]) for word in words[:-1]]
        rows.append(_Titles(segment, segment.lexicon.completions(words[-1], _COMPLETIONS)))
        entries = reduce(partial(np.intersect1d, assume_unique=True), (row.entries for row in rows))
        entries = entries[snapshot.live[offset + entries]]
        found.append(offset + entries)
        begin.append(
            np.logical_and.reduce([row.have_it(entries, place) for place, row in enumerate(rows)])
        )
    entries, first = np.concatenate(found), np.concatenate(begin)
    order = np.lexsort((snapshot.rank(Sort.NEWEST)[entries], ~first))[:limit]
    for entry in entries[order].tolist():
        yield Suggestion(snapshot.title_of(entry), "titolo", snapshot.id_of(entry))


class _Titles:
    """The titles of a segment that have one of some words."""

    def __init__(self, segment: Segment, forms: Sequence[str]) -> None:
        self._segment = segment
        units, addresses = [_NONE], [_NONE]
        for form in forms:
            places = segment.find(Phrase((form,)))
            in_title = segment.parts.take(places.units) == TITLE
            units.append(places.units[in_title])
            addresses.append(places.addresses[in_title.repeat(places.freqs)])
        self.entries = np.unique(segment.unit_entries.take(np.concatenate(units)))
        self._addresses = np.concatenate(addresses)

    def have_it(self, entries: Numbers, place: int) -> Numbers:
        """Which of these titles have such a word in this place, counted from 0."""
        firsts = self._segment.unit_addresses[self._segment.entry_units[entries]]
        return np.isin(firsts + place, self._addresses)
