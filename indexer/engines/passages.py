"""What a hit shows: its title and the stretches of its pages where the question stands."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np

from indexer.engine import Passage, Run
from indexer.engines.columns import Numbers
from indexer.engines.whoosh_segments import Near, Pattern, Phrase, Segment, Stem

_WORDS = 36  # of a passage
_LEAD = 8  # words before the first match
_MOST_PLACES = 600  # of one pattern in one entry that are looked at


@dataclass(frozen=True, slots=True)
class Mark:
    """A matched stretch of words: address, how many words, and the slots it satisfies."""

    address: int
    words: int
    slot: int


def marks_of(
    segment: Segment, entries: Sequence[int], patterns: Sequence[tuple[int, Pattern]]
) -> list[list[Mark]]:
    """The marks of each entry, by address; of each pattern only the first ones."""
    bounds = np.array(
        [
            (
                segment.unit_addresses[segment.entry_units[entry]],
                segment.unit_addresses[segment.entry_units[entry + 1]],
            )
            for entry in entries
        ]
    )
    found: list[list[Mark]] = [[] for _ in entries]
    for slot, pattern in patterns:
        words = len(pattern.forms) if isinstance(pattern, Phrase) else 1
        addresses = _marked(segment, pattern)
        if not len(addresses):
            continue
        for number, (start, stop) in enumerate(np.searchsorted(addresses, bounds).tolist()):
            stop = min(stop, start + _MOST_PLACES)
            if start < stop:
                found[number] += [
                    Mark(address, words, slot) for address in addresses[start:stop].tolist()
                ]
    for row in found:
        row.sort(key=lambda mark: mark.address)
    return found


def _marked(segment: Segment, pattern: Pattern) -> Numbers:
    """Addresses to mark: of words that must stand near each other, only where they do."""
    if not isinstance(pattern, Near):
        return segment.find(pattern).addresses
    windows = segment.find(pattern).addresses
    if not len(windows):
        return windows
    words = np.unique(
        np.concatenate([segment.find(Stem(stem)).addresses for stem in pattern.stems])
    )
    nearest = windows[np.maximum(np.searchsorted(windows, words, "right") - 1, 0)]
    return words[(nearest <= words) & (words < nearest + pattern.window)]


class HitText:
    """Titles and passages of one entry, from its marks."""

    def __init__(self, segment: Segment, entry: int, marks: list[Mark]) -> None:
        self._segment = segment
        self._entry = entry
        self._head = int(segment.entry_units[entry])
        self._end = int(segment.entry_units[entry + 1])
        self._bases = segment.unit_addresses[self._head : self._end + 1].tolist()
        self._marks = marks
        self._head_text = segment.text(self._head)

    def title(self) -> tuple[Run, ...]:
        """The whole title."""
        end = int(self._segment.columns["title.end"][self._entry])
        last = int(self._segment.columns["title.address"][self._entry])
        marks = [mark for mark in self._marks if mark.address < last]
        return self._runs(self._head, self._head_text, 0, end, marks)

    def passages(self, most: int) -> tuple[Passage, ...]:
        """The best stretches, of different pages first; without any, how the entry begins."""
        if most < 1:
            return ()
        windows = self._windows(most)
        if not windows:
            return self._beginning()
        return tuple(self._passage(*window) for window in windows)

    def _windows(self, most: int) -> list[tuple[int, int, int]]:
        """Unit, first and last address of the marks of each passage, best first."""
        by_unit = groupby(
            (mark for mark in self._marks if mark.address >= self._bases[1]), key=self._unit_of
        )
        units = [(unit, list(marks)) for unit, marks in by_unit]
        if not units:
            return self._summary_window()
        ranked = sorted(
            ((_best_window(marks), unit, marks) for unit, marks in units),
            key=lambda row: (-row[0][0], row[1]),
        )
        chosen = [(unit, first, last) for (_, first, last), unit, _ in ranked[:most]]
        for (_, first, last), unit, marks in ranked:
            if len(chosen) >= most:
                break
            rest = [
                mark
                for mark in marks
                if mark.address > last + _LEAD or mark.address < first - _WORDS
            ]
            if rest:
                _, start, stop = _best_window(rest)
                chosen.append((unit, start, stop))
        return chosen

    def _unit_of(self, mark: Mark) -> int:
        unit = self._head
        while self._bases[unit - self._head + 1] <= mark.address:
            unit += 1
        return unit

    def _summary_window(self) -> list[tuple[int, int, int]]:
        columns = self._segment.columns
        start = int(columns["title.address"][self._entry])
        end = int(columns["summary.address"][self._entry])
        marks = [mark for mark in self._marks if start <= mark.address < end]
        if not marks:
            return []
        _, first, last = _best_window(marks)
        return [(self._head, first, last)]

    def _passage(self, unit: int, first: int, last: int) -> Passage:
        columns = self._segment.columns
        low, high = self._bases[unit - self._head], self._bases[unit - self._head + 1] - 1
        text = self._segment.text(unit)
        floor, ceiling = 0, len(text)
        if unit == self._head:  # the summary
            low = int(columns["title.address"][self._entry])
            high = int(columns["summary.address"][self._entry]) - 1
            floor = int(columns["title.end"][self._entry]) + 1
            ceiling = int(columns["summary.end"][self._entry])
        begin = max(low, first - _LEAD)
        end = min(high, max(begin + _WORDS, last + 1))
        begin = max(low, min(begin, end - _WORDS))
        starts = columns["word.start"]
        start = floor if begin == low else int(starts[begin])
        stop = (
            ceiling if end == high else int(starts[end - 1]) + int(columns["word.length"][end - 1])
        )
        marks = [mark for mark in self._marks if begin <= mark.address < end]
        return self._shown(unit, self._runs(unit, text, start, stop, marks))

    def _shown(self, unit: int, runs: tuple[Run, ...]) -> Passage:
        page = int(self._segment.columns["unit.page"][unit])
        return Passage(runs, page or None, self._segment.labels[unit])

    def _beginning(self) -> tuple[Passage, ...]:
        """The summary or, without one, the first words of the first page that has any."""
        summary = self._segment.zones(self._entry)[1].strip()
        if summary:
            return (Passage((Run(_clipped(summary)),)),)
        for unit in range(self._head + 1, self._end):
            text = self._segment.text(unit).strip()
            if text:
                return (self._shown(unit, (Run(_clipped(text)),)),)
        return ()

    def _runs(
        self, unit: int, text: str, start: int, stop: int, marks: Sequence[Mark]
    ) -> tuple[Run, ...]:
        columns = self._segment.columns
        starts: Numbers = columns["word.start"]
        lengths: Numbers = columns["word.length"]
        runs: list[Run] = []
        reached = start
        for mark in marks:
            for address in range(mark.address, mark.address + mark.words):
                if address >= len(starts):
                    break
                begin = int(starts[address])
                end = min(begin + int(lengths[address]), stop)
                if begin < reached or begin >= stop or begin == end:
                    continue
                if begin > reached:
                    runs.append(Run(text[reached:begin]))
                runs.append(Run(text[begin:end], matched=True))
                reached = end
        if reached < stop:
            runs.append(Run(text[reached:stop]))
        return tuple(runs)


def _best_window(marks: Sequence[Mark]) -> tuple[float, int, int]:
    """Worth, first and last address of the window with most different words, then most marks."""
    best = (-1.0, 0, 0)
    stop = 0
    for start, mark in enumerate(marks):
        limit = mark.address + _WORDS - _LEAD
        stop = max(stop, start)
        while stop < len(marks) and marks[stop].address < limit:
            stop += 1
        inside = marks[start:stop]
        worth = 10.0 * len({other.slot for other in inside}) + min(len(inside), 9)
        if worth > best[0]:
            best = (worth, mark.address, inside[-1].address)
    return best


def _clipped(text: str) -> str:
    """The first words of a text."""
    words = text.split(None, _WORDS)
    if len(words) <= _WORDS:
        return text
    return text[: len(text) - len(words[-1])].rstrip()
