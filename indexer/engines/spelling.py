"""Words of the index that somebody may have meant: at most two slips away."""

from collections.abc import Sequence

import numpy as np

from indexer.engines.columns import Numbers

_SHORTEST = 3  # letters: shorter words have too many neighbours
_TWO_SLIPS = 6  # letters from which on two slips are allowed
_MOST_CANDIDATES = 300


class Spelling:
    """The words of a state of the index, with how often each is used."""

    def __init__(self, words: Sequence[str], uses: Numbers) -> None:
        self._words = list(words)
        self._uses = uses
        self._lengths = np.fromiter(map(len, self._words), np.int32, len(self._words))
        self._letters = np.fromiter(map(_letters, self._words), np.uint32, len(self._words))

    def near(self, word: str) -> list[str]:
        """Words at most two slips (one below six letters) from ``word``, best first."""
        if len(word) < _SHORTEST or not word.isalpha():
            return []
        slips = 2 if len(word) >= _TWO_SLIPS else 1
        possible = np.abs(self._lengths - len(word)) <= slips
        # A slip changes at most two letters of the set.
        different = np.bitwise_count(self._letters ^ np.uint32(_letters(word)))
        possible &= different <= 2 * slips
        places = np.flatnonzero(possible)
        if len(places) > _MOST_CANDIDATES:
            places = places[np.argsort(different[places], kind="stable")[:_MOST_CANDIDATES]]
        ranked = []
        for place in places.tolist():
            other = self._words[place]
            distance = slips_between(word, other, slips)
            if 0 < distance <= slips:
                first = other[0] != word[0]
                ranked.append((distance + 0.5 * first, -int(self._uses[place]), other))
        return [other for _, _, other in sorted(ranked)]


def slips_between(word: str, other: str, most: int) -> int:
    """Letters added, dropped, changed or swapped with the next; ``most + 1`` where more.

    Optimal string alignment (Damerau 1964, restricted): a swapped pair is not edited again.
    """
    if abs(len(word) - len(other)) > most:
        return most + 1
    before_last: list[int] = []
    last = list(range(len(other) + 1))
    for row, letter in enumerate(word, 1):
        current = [row]
        for column, match in enumerate(other, 1):
            cost = letter != match
            best = min(last[column] + 1, current[column - 1] + 1, last[column - 1] + cost)
            if row > 1 and column > 1 and letter == other[column - 2] and word[row - 2] == match:
                best = min(best, before_last[column - 2] + 1)
            current.append(best)
        if min(current) > most:
            return most + 1
        before_last, last = last, current
    return last[-1]


def _letters(word: str) -> int:
    """The set of letters as bits; letters beyond the alphabet share the last six."""
    bits = 0
    for letter in word:
        place = ord(letter) - 97
        bits |= 1 << (place if 0 <= place < 26 else 26 + place % 6)
    return bits
