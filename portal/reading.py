"""The text of a page of a document as paragraphs and lists: pure, marks and laws kept."""

import re
from collections.abc import Iterable, Iterator, Sequence
from enum import Enum
from itertools import groupby
from typing import NamedTuple

from indexer.citations import Citation
from indexer.engine import Run

# A line this near to the longest ones of its page was broken by the layout, not by the author.
FULL_LINE = 0.8
SHORT_PAGE = 40  # letters; where no line is longer, nothing says which ones are full
# What opens a new paragraph even after a full line: bullets, "1)", "a.", "Art. 3".
OPENING = re.compile(
    r"\s*(?:[•▪◦‣·*–—-]\s|\(?\d{1,3}[.)]\s|\(?[a-z][.)]\s|art(?:icolo|\.)\s*\d)", re.I
)
BAR = re.compile(r"(?:^|\s)\|(?=\s|$)")  # what the readers put between the cells of a row
BULLET = re.compile(r"\s*[•▪◦‣]\s+")
# A line that goes on in small letters goes on with the one before, unless that is a mere word.
SHORT_LINE = 0.3
SENTENCE_END = (".", "!", "?", ":", ";", "»", "”")
LEADERS = re.compile(r"(?:\s?[._·…]){5,}\s?")  # dots that lead to the number of a page


class Piece(NamedTuple):
    """A stretch of text: matched or not, part of a citation of a law or not."""

    text: str
    matched: bool = False
    law: Citation | None = None


Paragraph = tuple[Piece, ...]


def pieces(runs: Iterable[Run], laws: Sequence[Citation]) -> Iterator[Piece]:
    """The runs cut where a citation begins or ends; ``laws`` ascend and do not overlap."""
    position = 0
    rest = list(reversed(laws))
    for text, matched in runs:
        end = position + len(text)
        start = position
        while start < end:
            while rest and rest[-1].end <= start:
                rest.pop()
            law = rest[-1] if rest else None
            inside = law is not None and law.start <= start
            stop = end if law is None else min(end, law.end if inside else law.start)
            yield Piece(text[start - position : stop - position], matched, law if inside else None)
            start = stop
        position = end


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
    if longest <= SHORT_PAGE or LEADERS.search(before) or not before.strip():
        return False
    if line[:1].islower() and not before.rstrip().endswith(SENTENCE_END):
        return len(before) >= SHORT_LINE * longest
    if len(before) < FULL_LINE * longest:
        return False
    heading = len(line) < longest / 2 and line[:1].isupper()
    return not OPENING.match(line) and not (heading and before.rstrip().endswith(SENTENCE_END))


def paragraphs(runs: Iterable[Piece], wrapped: bool) -> tuple[Paragraph, ...]:
    """Cut a page into paragraphs; a mark or a citation across a cut continues after it."""
    runs = tuple(runs)
    starts = paragraph_starts("".join(run.text for run in runs), wrapped)
    return tuple(part for part in _cut(runs, starts) if any(run.text.strip() for run in part))


class Form(Enum):
    """What successive paragraphs are together."""

    TEXT = "text"
    LIST = "list"
    TABLE = "table"


def blocks(parts: Iterable[Paragraph], tables: bool) -> Iterator[tuple[Form, list[Paragraph]]]:
    """Paragraphs that begin with a bullet as one list, without it; rows of cells as one table.

    ``tables``: the reader of the file wrote each row of a table as cells with bars between.
    """

    def form(part: Paragraph) -> tuple[Form, int]:
        text = text_of(part)
        if BULLET.match(text):
            return Form.LIST, 0
        bars = len(BAR.findall(text)) if tables else 0
        return (Form.TABLE, bars) if bars else (Form.TEXT, 0)

    for (kind, _bars), group in groupby(parts, key=form):
        members = list(group)
        if kind is Form.LIST:
            yield kind, [_without_bullet(part) for part in members]
        else:  # one row alone is a sentence with a bar
            yield kind if len(members) > 1 else Form.TEXT, members


def cells(row: Paragraph) -> list[Paragraph]:
    """The cells of a row; a bar never stands within a word, so never within a mark."""
    found: list[list[Piece]] = [[]]
    for piece in row:
        first, *others = BAR.split(piece.text)
        found[-1].append(piece._replace(text=first))
        found += [[piece._replace(text=other)] for other in others]
    return [tuple(cell) for cell in found]


def text_of(part: Paragraph) -> str:
    return "".join(piece.text for piece in part)


def _without_bullet(part: Paragraph) -> Paragraph:
    found = BULLET.match(text_of(part))
    left = found.end() if found else 0
    kept = []
    for piece in part:
        kept.append(piece._replace(text=piece.text[left:]))
        left = max(0, left - len(piece.text))
    return tuple(kept)


def _cut(runs: Sequence[Piece], starts: Sequence[int]) -> list[Paragraph]:
    parts: list[list[Piece]] = [[]]
    cuts = iter([*starts[1:], -1])
    cut = next(cuts)
    position = 0
    for run in runs:
        text = run.text
        while position <= cut < position + len(text):
            head, text = text[: cut - position], text[cut - position :]
            if head:
                parts[-1].append(run._replace(text=head))
            parts.append([])
            position = cut
            cut = next(cuts)
        if text:
            parts[-1].append(run._replace(text=text))
        position += len(text)
    return [tuple(part) for part in parts]


def without_leaders(piece: Piece) -> Piece:
    """The piece with a row of dots as one sign, which is what a voice should read."""
    return piece._replace(text=LEADERS.sub(" … ", piece.text))
