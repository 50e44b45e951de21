"""What a hit shows: its title and the stretches of its pages where the question stands."""

from bisect import bisect_right
from collections.abc import Sequence

import numpy as np

from indexer.engine import Passage, Run
from indexer.engines.inversion import BODY, GAP, SUMMARY
from indexer.engines.whoosh_segments import Pattern, Phrase, Segment

_WORDS = 36  # of a passage
_LEAD = 8  # words before the first match
_MOST_PLACES = 600  # of one pattern in one entry that are looked at

_new = tuple.__new__  # half the time of calling Run or Passage, and a search makes a hundred

Mark = tuple[int, int, int]  # address of a matched stretch, how many words, which slot


def marks_of(
    segment: Segment, entries: Sequence[int], patterns: Sequence[tuple[int, Pattern]]
) -> list[list[Mark]]:
    """The marks of each entry, by address; of each pattern only the first ones."""
    units, starts = segment.unit_of, segment.address_of
    ends = [starts[units[number]] for entry in entries for number in (entry, entry + 1)]
    bounds = np.array(ends, np.int32)
    found: list[list[Mark]] = [[] for _ in entries]
    for slot, pattern in patterns:
        words = len(pattern.forms) if isinstance(pattern, Phrase) else 1
        addresses = segment.marked(pattern)
        if not len(addresses):
            continue
        places = iter(addresses.searchsorted(bounds).tolist())
        for row, start, stop in zip(found, places, places, strict=True):
            if start < stop:
                stop = min(stop, start + _MOST_PLACES)
                row += [(address, words, slot) for address in addresses[start:stop].tolist()]
    for row in found:
        row.sort()
    return found


class HitText:
    """Title and passages of one entry, from its marks."""

    def __init__(self, segment: Segment, entry: int, marks: list[Mark]) -> None:
        self._segment = segment
        self._first = segment.unit_of[entry]
        self._end = segment.unit_of[entry + 1]
        self._marks = marks
        self._by_unit = self._split(marks)

    def missing(self, words: Sequence[str]) -> tuple[str, ...]:
        """Which of the ``words`` of a question, one a slot, stand nowhere in the entry."""
        present = {slot for _, _, slot in self._marks}
        return tuple(word for slot, word in enumerate(words) if slot not in present)

    def _split(self, marks: list[Mark]) -> dict[int, list[Mark]]:
        """The marks of each unit that has any."""
        by_unit: dict[int, list[Mark]] = {}
        starts = self._segment.address_of
        unit, end = self._first, 0
        for mark in marks:
            if mark[0] >= end:
                unit = bisect_right(starts, mark[0], unit, self._end) - 1
                end = starts[unit + 1]
                by_unit[unit] = []
            by_unit[unit].append(mark)
        return by_unit

    def title(self) -> tuple[Run, ...]:
        """The whole title."""
        text = self._segment.text(self._first)
        marks = self._by_unit.get(self._first)
        if marks is None:
            return (_new(Run, (text, False)),) if text else ()
        return self._runs(text, 0, len(text), marks)

    def passages(self, most: int) -> tuple[Passage, ...]:
        """The best stretches, of different pages first; without any, how the entry begins."""
        if most < 1:
            return ()
        windows = self._windows(BODY, most) or self._windows(SUMMARY, 1)
        if not windows:
            return self._beginning()
        return tuple([self._passage(*window) for window in windows])

    def _windows(self, part: int, most: int) -> list[tuple[int, int, int]]:
        """Unit, first and last address of the marks of each passage, best first."""
        part_of = self._segment.part_of
        units = [
            (_best_window(marks), unit, marks)
            for unit, marks in self._by_unit.items()
            if part_of[unit] == part
        ]
        if len(units) > 1:
            units.sort(key=lambda row: (-row[0][0], row[1]))
        chosen = [(unit, first, last) for (_, first, last), unit, _ in units[:most]]
        for (_, first, last), unit, marks in units:
            if len(chosen) >= most:
                break
            rest = [mark for mark in marks if not first - _WORDS <= mark[0] <= last + _WORDS]
            if rest:
                _, start, stop = _best_window(rest)
                chosen.append((unit, start, stop))
        return chosen

    def _passage(self, unit: int, first: int, last: int) -> Passage:
        segment = self._segment
        starts = segment.word_starts
        low, high = segment.address_of[unit], segment.address_of[unit + 1] - GAP
        text = segment.text(unit)
        begin, start, stop = low, 0, len(text)
        if first - _LEAD > low:
            begin = first - _LEAD
            start = starts[begin]
        end = max(begin + _WORDS, last + 1)
        if end < high:
            stop = starts[end - 1] + segment.word_lengths[end - 1]
        marks = [mark for mark in self._by_unit[unit] if begin <= mark[0] < end]
        runs = self._runs(text, start, stop, marks)
        return self._shown(unit, runs, begin > low, stop < len(text))

    def _shown(self, unit: int, runs: tuple[Run, ...], follows: bool, goes_on: bool) -> Passage:
        page, label = self._segment.page_of[unit] or None, self._segment.labels[unit]
        return _new(Passage, (runs, page, label, follows, goes_on))

    def _beginning(self) -> tuple[Passage, ...]:
        """The summary or, without one, the first words of the first page that has any."""
        for unit in range(self._first + 1, self._end):
            if self._segment.part_of[unit] in (SUMMARY, BODY):
                text = self._segment.text(unit)
                if text.strip():
                    clipped = _clipped(text)
                    return (self._shown(unit, (Run(clipped),), False, clipped != text),)
        return ()

    def _runs(self, text: str, start: int, stop: int, marks: Sequence[Mark]) -> tuple[Run, ...]:
        starts, lengths = self._segment.word_starts, self._segment.word_lengths
        runs = []
        for first, words, _ in marks:
            for address in range(first, first + words):
                begin = starts[address]
                end = begin + lengths[address]
                if start <= begin < end <= stop:
                    if begin > start:
                        runs.append(_new(Run, (text[start:begin], False)))
                    runs.append(_new(Run, (text[begin:end], True)))
                    start = end
        if start < stop:
            runs.append(_new(Run, (text[start:stop], False)))
        return tuple(runs)


def _best_window(marks: Sequence[Mark]) -> tuple[int, int, int]:
    """Worth, first and last address of the window with most different words, then most marks."""
    best = (0, 0, 0)
    inside: dict[int, int] = {}  # marks of each slot in the window
    stop, size = 0, len(marks)
    for start, (address, _, slot) in enumerate(marks):
        limit = address + _WORDS - _LEAD
        reached = stop
        while stop < size and marks[stop][0] < limit:
            entering = marks[stop][2]
            inside[entering] = inside.get(entering, 0) + 1
            stop += 1
        if stop > reached:  # else this window lies within the one before
            worth = 10 * len(inside) + min(stop - start, 9)
            if worth > best[0]:
                best = (worth, address, marks[stop - 1][0])
            if stop == size:
                break
        inside[slot] -= 1
        if not inside[slot]:
            del inside[slot]
    return best


def _clipped(text: str) -> str:
    """The first words of a text."""
    words = text.split(None, _WORDS)
    if len(words) <= _WORDS:
        return text
    return text[: len(text) - len(words[-1])].rstrip()
