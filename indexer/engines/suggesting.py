"""What to propose while somebody types: titles, cities and topics of indexed entries."""

from collections.abc import Iterable, Iterator
from functools import reduce

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
_TITLES_LOOKED_AT = 200


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
    candidates: list[int] = []
    for segment, offset in zip(snapshot.segments, snapshot.offsets, strict=False):
        rows = [_in_titles(segment, [word]) for word in words[:-1]]
        rows.append(_in_titles(segment, segment.lexicon.completions(words[-1], _COMPLETIONS)))
        entries = reduce(lambda one, two: np.intersect1d(one, two, assume_unique=True), rows)
        candidates += (entries[snapshot.live[offset + entries]] + offset).tolist()
    places = np.array(candidates, np.int64)
    newest = places[np.argsort(snapshot.rank(Sort.NEWEST)[places])][:_TITLES_LOOKED_AT].tolist()
    shown = []
    for place, entry in enumerate(newest):
        title = snapshot.title_of(entry)
        surfaces = surfaces_of(title)
        begins = surfaces[: len(words) - 1] == words[:-1] and (
            len(surfaces) >= len(words) and surfaces[len(words) - 1].startswith(words[-1])
        )
        shown.append((not begins, place, title, entry))
    for _, _, title, entry in sorted(shown)[:limit]:
        yield Suggestion(title, "titolo", snapshot.id_of(entry))


def _in_titles(segment: Segment, forms: Iterable[str]) -> Numbers:
    """Entries whose title has one of the words."""
    rows = []
    for form in forms:
        places = segment.find(Phrase((form,)))
        if len(places.units):
            rows.append(segment.unit_entries[places.units[segment.parts[places.units] == TITLE]])
    return np.unique(np.concatenate(rows)) if rows else np.empty(0, np.int64)
