"""A better spelling of a question, from the words of published entries only.

A word that some entry has is never taken for a slip of another, unless hardly any entry has it and
many have the other.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from itertools import islice, pairwise

from indexer.engines.snapshot import Snapshot
from indexer.engines.whoosh_segments import Phrase
from indexer.italian import family, fold
from indexer.italian.words import PROTECTED, STOP_WORDS
from indexer.question import Question, Word

_RARE = 2  # entries: a word that fewer have may be a slip
_OFTEN = 10  # times more entries have the better word
_MOST_TRIED = 5  # candidates whose entries are counted
_MOST_MENDED = 6  # words: a question with more unknown ones is not a slip of the keyboard
_SHORTEST_PART = 3  # letters of a word that was written together with another
_CLEAR = 1.0  # slips: a word so near is meant rather than two words written together

_VOWELS = frozenset("aeiou")

Change = tuple[str, str | None]  # as typed, and better


def corrected(snapshot: Snapshot, question: Question, text: str) -> str | None:
    """``text`` with the words that no entry has made into those that some have.

    A word may have been cut in two ("sempli ficazione"), two may have been written together
    ("sportellounico"), and letters may be wrong, missing or too many.
    """
    unknown = list(islice(_unknown(snapshot, question), _MOST_MENDED))
    joined = dict(_joined(snapshot, question.words, unknown))
    halves = {half for pair in joined for half in pair}
    changes: list[Change] = [
        (rf"{re.escape(first)}\W+{re.escape(second)}", better)
        for (first, second), better in joined.items()
    ]
    changes += [
        (re.escape(word.typed), _nearest(snapshot, word))
        for word in unknown
        if word.typed not in halves
    ]
    return _replaced(text, changes)


def near(snapshot: Snapshot, question: Question, text: str) -> list[str]:
    """``text`` with a word that no entry has replaced by each of the nearest ones, in turn."""
    found = (
        _replaced(text, [(re.escape(word.typed), _spelled(snapshot, candidate))])
        for word in islice(_unknown(snapshot, question), _MOST_MENDED)
        for candidate in islice(snapshot.near_words(word.surface), _MOST_TRIED)
    )
    return list(islice(filter(None, found), _MOST_TRIED))


def commoner(snapshot: Snapshot, question: Question, text: str) -> str | None:
    """``text`` with its rarest words replaced by near ones of another family, used much more.

    Names, acronyms and words in quotes stay as they are.
    """
    return _replaced(
        text,
        (
            (
                re.escape(word.typed),
                _best(snapshot, word, _OFTEN * (_uses(snapshot, word.surface) + 1)),
            )
            for word in question.words
            if word.stem
            and not word.act
            and word.surface not in PROTECTED
            and not word.typed.isupper()
            and _uses(snapshot, word.surface) <= _RARE
        ),
    )


def unwritten(snapshot: Snapshot, question: Question) -> bool:
    """Some word is known by its family alone: "tornio" finds "torni", and may mean "Torino"."""
    return any(
        word.stem and word.surface.isalpha() and not snapshot.has(Phrase((word.surface,)))
        for word in question.words
    )


def _unknown(snapshot: Snapshot, question: Question) -> Iterator[Word]:
    for word in question.words:
        if word.stem and not word.act and not _uses(snapshot, word.surface):
            yield word


def _uses(snapshot: Snapshot, surface: str) -> int:
    return len(snapshot.scored(Phrase((surface,))).entries)


def _nearest(snapshot: Snapshot, word: Word) -> str | None:
    """The nearest word that some entry has, unless two words written together are more likely."""
    near_words = snapshot.near_words(word.surface)
    if min(near_words.values(), default=_CLEAR + 1) > _CLEAR:
        parts = _parted(snapshot, word)
        if parts is not None:
            return parts
    return _best(snapshot, word, 1, near_words)


def _best(
    snapshot: Snapshot, word: Word, least: int, near_words: Mapping[str, float] | None = None
) -> str | None:
    """The nearest word that at least ``least`` live entries have."""
    if near_words is None:
        near_words = snapshot.near_words(word.surface, least)
    for candidate in islice(near_words, _MOST_TRIED):
        if family(candidate) != word.stem and _uses(snapshot, candidate) >= least:
            return _spelled(snapshot, candidate)
    return None


def _joined(
    snapshot: Snapshot, words: tuple[Word, ...], unknown: list[Word]
) -> Iterator[tuple[tuple[str, str], str]]:
    """Pairs of words as typed that some entry has as one word."""
    for first, second in pairwise(words):
        whole = first.surface + second.surface
        if (first in unknown or second in unknown) and _uses(snapshot, whole):
            yield (first.typed, second.typed), _spelled(snapshot, whole)


def _parted(snapshot: Snapshot, word: Word) -> str | None:
    """The two words that stand in ``word`` and, in most entries, one after the other."""
    surface = word.surface
    if not surface.isalpha():
        return None
    found: list[tuple[int, str, str]] = []
    for place in range(1, len(surface) - _SHORTEST_PART + 1):
        first, second = surface[:place], surface[place:]
        if len(first) >= _SHORTEST_PART or first in STOP_WORDS:
            uses = len(snapshot.scored(Phrase((first, second))).entries)
            found.append((uses, first, second))
    uses, first, second = max(found, default=(0, "", ""))
    return _together(snapshot, first, second) if uses else None


def _together(snapshot: Snapshot, first: str, second: str) -> str:
    """Two words as they are written, with the apostrophe of an elided one."""
    elided = first in STOP_WORDS and first[-1] not in _VOWELS and second[0] in _VOWELS
    written = (_spelled(snapshot, first), _spelled(snapshot, second))
    return ("'" if elided else " ").join(written)


def _spelled(snapshot: Snapshot, form: str) -> str:
    """A word with its accents, as the first entry that has it writes it."""
    for segment in snapshot.segments:
        addresses = segment.find(Phrase((form,))).addresses[:1]
        if len(addresses):
            address, unit = int(addresses[0]), int(segment.units_at(addresses)[0])
            start = int(segment.word_starts[address])
            end = start + int(segment.word_lengths[address])
            spelled = segment.text(unit)[start:end].lower()
            if fold(spelled) == form:  # of a code, only a part may be this word
                return spelled
    return form


def _replaced(text: str, changes: Iterable[Change]) -> str | None:
    result = text
    for typed, better in changes:
        if better is not None:
            result = re.sub(rf"(?<!\w){typed}(?!\w)", partial(_in_the_case_of, better), result)
    return result if result != text else None


def _in_the_case_of(better: str, typed: re.Match[str]) -> str:
    """Capitals as they were typed: "Bolonga" is "Bologna", "PNNR" is "PNRR"."""
    word = typed.group()
    if word.isupper() and len(word) > 1:
        return better.upper()
    return better[0].upper() + better[1:] if word[0].isupper() else better
