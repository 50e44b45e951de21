"""What two texts do not share: sentences of one that the other lacks, for a person to look at."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from indexer.manifest import plain

SHOWN = 8  # sentences of each side
_MOST_TEXT = 300_000  # characters compared
_FEWEST_WORDS = 4
_LONGEST = 300  # characters of a sentence that is shown
_END = re.compile(r"(?<=[.!?;:])\s+(?=[\"«“(]?[A-ZÀ-Ý0-9])|\s*[•▪‣]\s*")


@dataclass(frozen=True)
class Difference:
    """Sentences that only one side has: how many, and the first of them."""

    only_here: int
    only_there: int
    here: tuple[str, ...]
    there: tuple[str, ...]


def difference(here: Iterable[str], there: Iterable[str]) -> Difference:
    """Compare two texts by sentences; case, accents, punctuation and line ends do not count."""
    first, second = _sentences(here), _sentences(there)
    only_first = [first[key] for key in first if key not in second]
    only_second = [second[key] for key in second if key not in first]
    return Difference(len(only_first), len(only_second), _shown(only_first), _shown(only_second))


def _sentences(pages: Iterable[str]) -> dict[str, str]:
    """Sentences as they stand, by what is compared of them."""
    text = " ".join("\n".join(pages)[:_MOST_TEXT].split())
    found: dict[str, str] = {}
    for sentence in _END.split(text):
        words = plain(sentence)
        if words.count(" ") + 1 >= _FEWEST_WORDS:
            found.setdefault(words, sentence)
    return found


def _shown(sentences: list[str]) -> tuple[str, ...]:
    return tuple(
        sentence if len(sentence) <= _LONGEST else sentence[:_LONGEST].rsplit(" ", 1)[0] + "…"
        for sentence in sentences[:SHOWN]
    )
