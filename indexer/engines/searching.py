"""The answer to a query: what to match, when to correct or relax, what to show."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from indexer.engine import Correction, Facet, Hit, Notices, Page, Query, Sort
from indexer.engines import correcting, matching
from indexer.engines.asking import Asked, understood
from indexer.engines.desk import PreparedDesk
from indexer.engines.matching import Matches
from indexer.engines.passages import HitText, marks_of
from indexer.engines.snapshot import Snapshot

_NO_NOTICES = Notices()
_FEW = 3  # results: with fewer, a better spelling is looked for
_SEVERAL = 3  # words: of one or two, each is meant; of more, an answer may lack one
_FIRST_PAGE = 10  # results: with fewer, those that lack a word of several follow
_LARGEST_PAGE = 1_000


@dataclass(frozen=True)
class _Answer:
    """Entries that match, and what was done to get them."""

    asked: Asked
    text_matches: Matches  # before the filters
    notices: Notices


class Search:
    """One query on one state of the index."""

    def __init__(self, snapshot: Snapshot, query: Query, desk: PreparedDesk) -> None:
        self._snapshot = snapshot
        self._query = query
        self._thesaurus = desk.thesaurus if query.expand else None
        self._bet = desk.bet(query.text)
        self._question, self._wanted = understood(query.text, self._thesaurus, snapshot.ranking)
        self._filters = matching.filters(snapshot, query.filters)

    def page(self) -> Page:
        """The page of answers."""
        answer = self._answer()
        pinned = self._pinned(answer)
        everything = _united(answer.text_matches, pinned) if pinned else answer.text_matches
        passing = everything.only(self._filters)
        notices = answer.notices
        if self._question.truncated or self._snapshot.commit.reduced:
            notices = replace(
                notices,
                truncated=self._question.truncated,
                reduced=self._snapshot.commit.reduced,
            )
        if not len(passing):
            notices = replace(notices, near=self._near())
        shown = self._shown(answer, passing, pinned)
        return Page(
            self._hits(answer, shown, pinned), len(passing), self._counts(everything), notices
        )

    def _asked(self, text: str) -> Asked:
        return understood(text, self._thesaurus, self._snapshot.ranking)[1]

    def _answer(self) -> _Answer:
        wanted = self._wanted
        matches = matching.all_words(self._snapshot, wanted)
        total = len(matches.only(self._filters))
        notices = Notices(wanted.expansions) if wanted.expansions else _NO_NOTICES
        if not total:
            notices = replace(notices, without_filter=self._hidden(matches))
        if not wanted.slots:
            return _Answer(wanted, matches, notices)
        if total:
            if not wanted.some_suffice:
                notices = replace(notices, did_you_mean=self._commoner(total))
            if self._query.relax and _too_few(wanted, matches):
                return self._relaxed(wanted, matches, notices)
            return _Answer(wanted, matches, notices)
        better = self._corrected()
        if better is not None:
            text, answer = better
            found = Correction(text, len(answer.text_matches.only(self._filters)))
            if self._query.correct and not self._bet:  # staff know a question by its spelling
                own = replace(answer.notices, corrected_from=self._query.text, did_you_mean=found)
                return replace(answer, notices=own)
            notices = replace(notices, did_you_mean=found)
        if self._query.relax:
            return self._relaxed(wanted, matches, notices)
        return _Answer(wanted, matches, notices)

    def _hidden(self, matches: Matches) -> Mapping[Facet, int]:
        """How many results there are without each filter."""
        return {
            facet: len(
                matches.only({f: kept for f, kept in self._filters.items() if f is not facet})
            )
            for facet in self._filters
        }

    def _corrected(self) -> tuple[str, _Answer] | None:
        text = correcting.corrected(self._snapshot, self._question, self._query.text)
        if text is None:
            return None
        wanted = self._asked(text)
        notices = Notices(expansions=wanted.expansions)
        matches = matching.all_words(self._snapshot, wanted)
        answer = _Answer(wanted, matches, notices)
        if not wanted.some_suffice and not len(matches.only(self._filters)):
            return None
        if self._query.relax and _too_few(wanted, matches):
            answer = self._relaxed(wanted, matches, notices)
        return (text, answer) if len(answer.text_matches.only(self._filters)) else None

    def _near(self) -> tuple[Correction, ...]:
        texts = correcting.near(self._snapshot, self._question, self._query.text)
        found = (Correction(text, self._total(text)) for text in texts)
        return tuple(one for one in found if one.total)

    def _total(self, text: str) -> int:
        """How many entries have all words of ``text``, whatever the filters."""
        return len(matching.all_words(self._snapshot, self._asked(text)))

    def _commoner(self, total: int) -> Correction | None:
        """A better spelling where there are few results, or where nobody writes a word so."""
        doubtful = correcting.unwritten(self._snapshot, self._question)
        if total >= _FEW and not doubtful:
            return None
        text = correcting.commoner(self._snapshot, self._question, self._query.text)
        if text is None:
            return None
        matches = matching.all_words(self._snapshot, self._asked(text))
        better = len(matches.only(self._filters))
        return Correction(text, better) if better > (0 if doubtful else total) else None

    def _relaxed(self, wanted: Asked, strict: Matches, notices: Notices) -> _Answer:
        """Answer for some of the words; if that gives nothing either, for all of them."""
        lacking = matching.dropped(self._snapshot, wanted)
        notices = replace(notices, dropped=tuple(wanted.words[number] for number in lacking))
        matches = matching.some_words(self._snapshot, wanted)
        if not len(matches.only(self._filters)):
            return _Answer(wanted, strict, notices)
        complete = len(strict.only(self._filters))
        if len(matches) > len(strict):
            notices = replace(notices, relaxed=True, complete=complete)
        return _Answer(wanted, matches, notices)

    def _pinned(self, answer: _Answer) -> dict[int, None]:
        """Entries of the staff's best bets for this whole question, in their order."""
        if not self._bet or self._query.sort is not Sort.RELEVANCE:
            return {}
        places = (self._snapshot.locate(entry_id) for entry_id in self._bet)
        return {
            self._snapshot.offsets[place[0]] + place[1]: None
            for place in places
            if place is not None
        }

    def _counts(self, everything: Matches) -> Mapping[Facet, Mapping[str, int]]:
        if not self._query.facets:
            return {}
        return self._snapshot.facets.counts(everything.entries, self._filters, self._query.filters)

    def _shown(self, answer: _Answer, passing: Matches, pinned: Mapping[int, None]) -> Matches:
        """The entries of this page, in order."""
        snapshot, query = self._snapshot, self._query
        size = min(max(query.size, 0), _LARGEST_PAGE)
        first = (max(query.page, 1) - 1) * size
        if first >= len(passing):
            return Matches(passing.entries[:0], passing.scores[:0])
        if pinned:
            return _with_pinned_first(snapshot, answer.asked, passing, pinned, first, size)
        if query.sort is Sort.RELEVANCE and answer.asked.slots:
            return matching.best(snapshot, answer.asked, passing, first, size)
        sort = Sort.NEWEST if query.sort is Sort.RELEVANCE else query.sort
        return matching.in_order(snapshot, passing, sort, first, size)

    def _hits(self, answer: _Answer, shown: Matches, pinned: Mapping[int, None]) -> tuple[Hit, ...]:
        entries = shown.entries.tolist()
        texts = self._texts(answer.asked, entries)
        most = self._query.passages
        words = answer.asked.words if answer.notices.relaxed else ()
        return tuple(
            Hit(
                entry_id,
                score,
                text.title(),
                text.passages(most),
                entry in pinned,
                text.missing(words) if words else (),
            )
            for entry, score, (entry_id, text) in zip(
                entries, shown.scores.tolist(), texts, strict=True
            )
        )

    def _texts(self, wanted: Asked, entries: list[int]) -> list[tuple[str, HitText]]:
        texts: dict[int, tuple[str, HitText]] = {}
        by_segment: dict[int, list[int]] = {}
        for entry in entries:
            by_segment.setdefault(self._snapshot.number_of(entry), []).append(entry)
        for number, members in by_segment.items():
            segment, offset = self._snapshot.segments[number], self._snapshot.offsets[number]
            local = [entry - offset for entry in members]
            for entry, place, marks in zip(
                members, local, marks_of(segment, local, wanted.patterns), strict=True
            ):
                texts[entry] = segment.ids[place], HitText(segment, place, marks)
        return [texts[entry] for entry in entries]


def _too_few(wanted: Asked, matches: Matches) -> bool:
    """Whether entries that lack a word are worth showing beside these, which have all.

    It looks at all matches, so that ticking a filter never changes what its count promised.
    """
    if wanted.some_suffice:
        return True
    return len(wanted.slots) >= _SEVERAL and len(matches) < _FIRST_PAGE


def _united(matches: Matches, pinned: Mapping[int, None]) -> Matches:
    """Best bets answer even where they do not match."""
    added = np.setdiff1d(np.array(list(pinned), np.int32), matches.entries)
    if not len(added):
        return matches
    entries = np.concatenate((matches.entries, added))
    scores = np.concatenate((matches.scores, np.zeros(len(added), np.float32)))
    order = np.argsort(entries)
    return Matches(entries[order], scores[order])


def _with_pinned_first(
    snapshot: Snapshot,
    wanted: Asked,
    matches: Matches,
    pinned: Mapping[int, None],
    first: int,
    count: int,
) -> Matches:
    """One page of an order that begins with the best bets, in the order of the staff."""
    passing = set(matches.entries.tolist())
    bets = np.array([entry for entry in pinned if entry in passing], np.int32)
    others = ~np.isin(matches.entries, bets)
    rest = Matches(matches.entries[others], matches.scores[others])
    after = matching.best(snapshot, wanted, rest, max(first - len(bets), 0), count)
    entries = np.concatenate((bets[first : first + count], after.entries))[:count]
    worth = matches.scores[np.searchsorted(matches.entries, bets)]
    scores = np.concatenate((worth[first : first + count], after.scores))[:count]
    return Matches(entries, scores)
