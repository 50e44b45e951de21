"""The text of a page of a document as paragraphs: pure, marks of the search kept."""

import re
from collections.abc import Iterable, Sequence

from indexer.engine import Run

# A line this near to the longest ones of its page was broken by the layout, not by the author.
FULL_LINE = 0.8
SHORT_PAGE = 40  # letters; where no line is longer, nothing says which ones are full
# What opens a new paragraph even after a full line: bullets, "1)", "a.", "Art. 3".
OPENING = re.compile(
    r"\s*(?:[•▪◦‣·*–—-]\s|\(?\d{1,3}[.)]\s|\(?[a-z][.)]\s|art(?:icolo|\.)\s*\d)", re.I
)
SENTENCE_END = (".", "!", "?", ":", ";", "»", "”")
LEADERS = re.compile(r"(?:\s?[._·…]){5,}\s?")  # dots that lead to the number of a page


def paragraph_starts(text: str, wrapped: bool) -> list[int]:
    """Where in ``text`` a paragraph begins, ascending, 0 first.

    ``wrapped``: lines end where the layout broke them (PDF), so full ones go on with the next.
    Otherwise each line is a paragraph. Blank lines always part.
    """
    lines = text.splitlines(keepends=True)
    longest = sorted(len(line) for line in lines)[-max(1, len(lines) // 10)] if lines else 0
    starts, position = [], 0
    before = ""
    for line in lines:
        if line.strip() and not (wrapped and _goes_on(before, line, longest)):
            starts.append(position)
        before = line
        position += len(line)
    return starts


def _goes_on(before: str, line: str, longest: int) -> bool:
    """True when ``line`` belongs to the paragraph of the line before it."""
    if longest <= SHORT_PAGE or len(before) < FULL_LINE * longest or LEADERS.search(before):
        return False
    heading = len(line) < longest / 2 and line[:1].isupper()
    return not OPENING.match(line) and not (heading and before.rstrip().endswith(SENTENCE_END))


def paragraphs(runs: Iterable[Run], wrapped: bool) -> tuple[tuple[Run, ...], ...]:
    """Cut runs into paragraphs; a mark across a cut continues after it."""
    runs = tuple(runs)
    starts = paragraph_starts("".join(run.text for run in runs), wrapped)
    return tuple(part for part in _cut(runs, starts) if any(run.text.strip() for run in part))


def _cut(runs: Sequence[Run], starts: Sequence[int]) -> list[tuple[Run, ...]]:
    parts: list[list[Run]] = [[]]
    cuts = iter([*starts[1:], -1])
    cut = next(cuts)
    position = 0
    for run in runs:
        text = run.text
        while position <= cut < position + len(text):
            head, text = text[: cut - position], text[cut - position :]
            if head:
                parts[-1].append(Run(head, run.matched))
            parts.append([])
            position = cut
            cut = next(cuts)
        if text:
            parts[-1].append(Run(text, run.matched))
        position += len(text)
    return [tuple(part) for part in parts]


def without_leaders(run: Run) -> Run:
    """The run with a row of dots as one sign, which is what a voice should read."""
    return Run(LEADERS.sub(" … ", run.text), run.matched)
