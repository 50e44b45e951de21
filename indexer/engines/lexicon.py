"""The words of a segment in order, for better spellings and for the ends of words being typed."""

import re
from bisect import bisect_left
from collections.abc import Mapping, Sequence

import numpy as np

from indexer.engines.columns import Numbers, TextColumn, narrow
from indexer.engines.spelling import slips_between

_SHORTEST = 3  # letters: shorter words have too many neighbours
_TWO_SLIPS = 6  # letters from which on two slips are allowed
_MOST_CANDIDATES = 120
_DOUBLED = re.compile(r"(.)\1")
_LAST = "\U0010ffff"


def packed(words: Sequence[str], uses: Sequence[int] | Numbers) -> dict[str, Numbers]:
    """Columns of the words, in the order of their letters, with how many units have each."""
    return TextColumn.packed("word.text", words) | {
        "word.uses": narrow(uses),
        "word.letters": np.fromiter(map(_letters, words), np.uint32, len(words)),
        "word.size": np.fromiter(map(_size, words), np.uint8, len(words)),
    }


class Lexicon:
    """Reads the columns without taking them all in."""

    def __init__(self, columns: Mapping[str, Numbers]) -> None:
        self._words = TextColumn(columns, "word.text")
        self._uses = columns["word.uses"]
        self._letters = columns["word.letters"]
        self._sizes = columns["word.size"].astype(np.int16)

    def near(self, word: str, least: int) -> list[tuple[float, int, str]]:
        """Distance, uses and text of words at most two slips (one below six letters) away, which
        at least so many units have.

        A slip in the first letter is rarer and counts for more; letters wrongly doubled or not
        doubled are the commonest slips, and count for half.
        """
        if len(word) < _SHORTEST or not word.isalpha():
            return []
        slips = 2 if len(word) >= _TWO_SLIPS else 1
        # A slip that adds or drops a letter changes one letter of the set, another at most two.
        different = np.bitwise_count(self._letters ^ np.uint32(_letters(word)))
        longer = np.abs(self._sizes - len(word))
        possible = (longer <= slips) & (different + longer <= 2 * slips) & (self._uses >= least)
        places = np.flatnonzero(possible)
        if len(places) > _MOST_CANDIDATES:
            places = places[np.argsort(different[places], kind="stable")[:_MOST_CANDIDATES]]
        found = []
        for place in places.tolist():
            other = self._words[place]
            distance: float = slips_between(word, other, slips)
            if 0 < distance <= slips:
                if _DOUBLED.sub(r"\1", word) == _DOUBLED.sub(r"\1", other):
                    distance /= 2
                found.append(
                    (distance + 0.5 * (other[0] != word[0]), int(self._uses[place]), other)
                )
        return found

    def completions(self, prefix: str, most: int) -> list[str]:
        """Words that begin with ``prefix``: itself if it is one, then the most used."""
        start = bisect_left(self._words, prefix)
        stop = bisect_left(self._words, prefix + _LAST, start)
        uses = self._uses[start:stop].astype(np.int64)
        places = np.argsort(-uses, kind="stable")[:most].tolist()
        found = [self._words[start + place] for place in places]
        if start < stop and self._words[start] == prefix and prefix not in found:
            return [prefix, *found[:-1]]
        return found


def _letters(word: str) -> int:
    """The set of letters as bits; letters beyond the alphabet share the last six."""
    bits = 0
    for letter in word:
        place = ord(letter) - 97
        bits |= 1 << (place if 0 <= place < 26 else 26 + place % 6)
    return bits


def _size(word: str) -> int:
    """Letters of a word; 255 keeps codes and numbers from being offered as spellings."""
    return min(len(word), 254) if word.isalpha() else 255
