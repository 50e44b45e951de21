"""A better spelling of a question, from the words of published entries only."""

from collections.abc import Iterator

from indexer.engines.snapshot import Snapshot
from indexer.engines.whoosh_segments import Phrase
from indexer.question import Question, Word

_RARE = 2  # entries: a word that fewer have may be a slip
_OFTEN = 10  # times more entries have the better word
_MOST_TRIED = 5  # candidates whose entries are counted


def corrected(snapshot: Snapshot, question: Question, text: str) -> str | None:
    """``text`` with the words that no entry has replaced by the nearest that some have."""
    return _replaced(
        text, ((word, _best(snapshot, word, 0)) for word in _unknown(snapshot, question))
    )


def near(snapshot: Snapshot, question: Question, text: str) -> list[str]:
    """``text`` with a word that no entry has replaced by each of the nearest ones, in turn."""
    found = []
    for word in _unknown(snapshot, question):
        for candidate in snapshot.near_words(word.surface)[:_MOST_TRIED]:
            found.append(text.replace(word.typed, candidate))
    return found[:_MOST_TRIED]


def commoner(snapshot: Snapshot, question: Question, text: str) -> str | None:
    """``text`` with its rarest words replaced by near ones that are used much more."""
    return _replaced(
        text,
        (
            (word, _best(snapshot, word, _OFTEN * (_uses(snapshot, word.surface) + 1)))
            for word in question.words
            if word.stem and not word.act and _uses(snapshot, word.surface) <= _RARE
        ),
    )


def _unknown(snapshot: Snapshot, question: Question) -> Iterator[Word]:
    for word in question.words:
        if word.stem and not word.act and not _uses(snapshot, word.surface):
            yield word


def _uses(snapshot: Snapshot, surface: str) -> int:
    return len(snapshot.scored(Phrase((surface,))).entries)


def _best(snapshot: Snapshot, word: Word, least: int) -> str | None:
    """The nearest word that at least ``least`` live entries have, and at least one."""
    for candidate in snapshot.near_words(word.surface)[:_MOST_TRIED]:
        if _uses(snapshot, candidate) >= max(least, 1):
            return candidate
    return None


def _replaced(text: str, changes: Iterator[tuple[Word, str | None]]) -> str | None:
    result = text
    for word, better in changes:
        if better is not None:
            result = result.replace(word.typed, better)
    return result if result != text else None
