"""Cities and topics to propose, from the keywords of indexed entries."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence

import numpy as np

from indexer.engine import Suggestion
from indexer.engines.columns import Numbers, TextColumn
from indexer.engines.whoosh_segments import Segment
from indexer.italian import analyse


def surfaces_of(text: str) -> list[str]:
    """The folded words of a text."""
    return [token.surface for token in analyse(text)]


class Topics:
    """Keywords of the live entries, found by the beginnings of their words."""

    def __init__(self, segments: Sequence[Segment], live: Numbers, cities: Iterable[str]) -> None:
        slugs = set(cities)
        offset = 0
        uses: dict[str, int] = {}
        for segment in segments:
            texts = TextColumn(segment.columns, "topic.text").all()
            owners = np.repeat(np.arange(len(segment)), np.diff(segment.columns["topic.starts"]))
            used = segment.columns["topic.values"][live[offset + owners]]
            counts = np.bincount(used, minlength=len(texts))
            offset += len(segment)
            for text, count in zip(texts, counts.tolist(), strict=True):
                if count:
                    uses[text] = uses.get(text, 0) + count
        self._uses = uses  # keywords of live entries alone
        self._words: list[tuple[str, str]] = []
        self._kinds: dict[str, str] = {}
        for text in uses:
            words = surfaces_of(text)
            self._words += [(word, text) for word in words]
            self._kinds[text] = "citta" if "-".join(words) in slugs else "argomento"
        self._words.sort()

    def fitting(self, words: list[str]) -> list[Suggestion]:
        """Topics with all ``words``, the last perhaps incomplete; cities first, then by use."""
        found = self._with_prefix(words[-1])
        for word in words[:-1]:
            found &= self._with_prefix(word)
        ranked = sorted(
            found, key=lambda text: (self._kinds[text] != "citta", -self._uses[text], text)
        )
        return [Suggestion(text, self._kinds[text]) for text in ranked]

    def _with_prefix(self, prefix: str) -> set[str]:
        start = bisect_left(self._words, (prefix, ""))
        stop = bisect_left(self._words, (prefix + "\U0010ffff", ""))
        return {text for _, text in self._words[start:stop]}
