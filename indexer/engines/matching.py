"""Which entries answer a question, and in what order."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from indexer.engine import Facet, Sort
from indexer.engines.asking import Asked
from indexer.engines.columns import Numbers
from indexer.engines.rescoring import bonus
from indexer.engines.snapshot import Scored, Slot, Snapshot
from indexer.engines.whoosh_segments import Pattern, Phrase, Stem

_LEAST_SHARE = 0.25  # of the weight of the words: what has less does not answer a relaxed question
_ENOUGH = 10  # entries: with fewer, those with a smaller share answer too


@dataclass(frozen=True)
class Matches:
    """Entries ascending with their scores."""

    entries: Numbers
    scores: Numbers

    def __len__(self) -> int:
        return len(self.entries)

    def only(self, allowed: Mapping[Facet, Numbers]) -> "Matches":
        """Those that every filter lets through."""
        if not allowed:
            return self
        kept = np.logical_and.reduce(list(allowed.values()))[self.entries]
        return Matches(self.entries[kept], self.scores[kept])


def everything(snapshot: Snapshot) -> Matches:
    """Every live entry, without a score."""
    entries = np.flatnonzero(snapshot.live).astype(np.int32)
    return Matches(entries, np.zeros(len(entries), np.float32))


def all_words(snapshot: Snapshot, asked: Asked) -> Matches:
    """Entries with all that is asked and nothing that is excluded."""
    if not asked.slots:
        return _without(snapshot, everything(snapshot), asked.excluded)
    found = sorted((snapshot.slot(slot) for slot in asked.slots), key=lambda row: len(row.entries))
    entries, scores = found[0].entries, found[0].scores
    for other in found[1:]:
        if not len(entries) or not len(other.entries):
            return Matches(entries[:0], scores[:0])
        index = other.entries.searchsorted(entries)
        both = other.entries.take(index, mode="clip") == entries
        entries = entries[both]
        scores = scores[both] + other.scores[index[both]]
    return _without(snapshot, Matches(entries, scores), asked.excluded)


def some_words(snapshot: Snapshot, asked: Asked) -> Matches:
    """Entries with a good share of what is asked; the more they have, the better."""
    slots: Sequence[Slot] = asked.slots
    if len(slots) > 1:
        slots = [_widened(snapshot, slot) for slot in slots]
    found = [row for row in map(snapshot.slot, slots) if len(row.entries)]
    if not found:
        return Matches(np.empty(0, np.int32), np.empty(0, np.float32))
    share = np.zeros(len(snapshot.live), np.float32)
    scores = np.zeros(len(snapshot.live), np.float32)
    for row in found:
        np.add.at(share, row.entries, np.float32(row.idf))
        np.add.at(scores, row.entries, row.scores)
    share /= np.float32(sum(row.idf for row in found))
    least = min(_LEAST_SHARE, float(share.max()))
    entries = np.flatnonzero(share >= least).astype(np.int32)
    if len(entries) < _ENOUGH:
        entries = np.flatnonzero(share > 0).astype(np.int32)
    coverage = share[entries] ** np.float32(snapshot.ranking.coverage)
    return _without(snapshot, Matches(entries, scores[entries] * coverage), asked.excluded)


def _widened(snapshot: Snapshot, slot: Slot) -> Slot:
    """The slot with words of the same root ("giustificazione" for "giustifica") and with the
    parts of a code ("2017" for "1-2017")."""
    pattern, weight = slot.patterns[0]
    if not isinstance(pattern, Stem) or not snapshot.ranking.kin:
        return slot
    near: list[Pattern] = [Stem(other) for other in snapshot.kin(pattern.stem)]
    for other, _ in slot.patterns[1:]:
        if isinstance(other, Phrase):
            near += [Phrase((form,)) for form in other.forms if len(form) > 2]
    worth = weight * snapshot.ranking.kin
    return slot._replace(patterns=slot.patterns + tuple((kin, worth) for kin in near))


def _without(snapshot: Snapshot, matches: Matches, excluded: Sequence[Pattern]) -> Matches:
    for pattern in excluded:
        unwanted = snapshot.scored(pattern).entries
        kept = ~np.isin(matches.entries, unwanted, assume_unique=True)
        matches = Matches(matches.entries[kept], matches.scores[kept])
    return matches


def best(snapshot: Snapshot, asked: Asked, matches: Matches, first: int, count: int) -> Matches:
    """``count`` entries from number ``first`` of the order by relevance on, in this order.

    The best by score compete with their bonus, which never lets one fall behind the others.
    """
    few = snapshot.ranking.rescored
    entries, scores = matches.entries, matches.scores
    if len(matches) > few:
        top, rest = _nearest(_relevance(snapshot, matches), few, first + count)
        top.sort()
        entries, scores = entries.take(top), scores.take(top)
    scores = scores + bonus(snapshot, asked, entries).astype(np.float32)
    order = np.lexsort((snapshot.rank(Sort.NEWEST).take(entries), -scores))
    entries, scores = entries.take(order), scores.take(order)
    if first + count > few < len(matches):
        entries = np.concatenate((entries, matches.entries[rest]))
        scores = np.concatenate((scores, matches.scores[rest]))
    return Matches(entries[first : first + count], scores[first : first + count])


def in_order(snapshot: Snapshot, matches: Matches, sort: Sort, first: int, count: int) -> Matches:
    """``count`` entries from number ``first`` of an order other than relevance on, in order."""
    rank = snapshot.rank(sort)
    if len(matches) > len(rank) // 8:
        passing = np.zeros(len(rank), bool)
        passing[matches.entries] = True
        order = snapshot.order(sort)
        entries = order[passing[order]][first : first + count]
        return Matches(entries, np.zeros(len(entries), np.float32))
    places, _ = _nearest(rank[matches.entries], first + count, 0)
    places = places[first:]
    return Matches(matches.entries[places], matches.scores[places])


def _relevance(snapshot: Snapshot, matches: Matches) -> Numbers:
    """Keys that ascend from the best: by score, and where equal by the order newest first."""
    # The bits of a positive float ascend like the float.
    bits = matches.scores.view(np.int32).astype(np.int64)
    return (-bits << 32) | snapshot.rank(Sort.NEWEST).take(matches.entries)


def _nearest(keys: Numbers, few: int, more: int) -> tuple[Numbers, Numbers]:
    """Places of the ``few`` smallest keys in order, and of those from there up to ``more``."""
    wanted = max(few, more)
    if wanted < len(keys) // 4:
        places = np.argpartition(keys, wanted)[:wanted]
        places = places[np.argsort(keys[places])]
    else:
        places = np.argsort(keys)
    return places[:few], places[few:wanted]


def filters(snapshot: Snapshot, ticked: Mapping[Facet, Sequence[str]]) -> dict[Facet, Numbers]:
    """For each facet with ticks, the entries it lets through."""
    return {
        facet: snapshot.facets.having(facet, values) for facet, values in ticked.items() if values
    }


def dropped(snapshot: Snapshot, asked: Asked) -> tuple[int, ...]:
    """Numbers of the slots that no entry satisfies."""
    found: list[Scored] = [snapshot.slot(slot) for slot in asked.slots]
    return tuple(number for number, row in enumerate(found) if not len(row.entries))
