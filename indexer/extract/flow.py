"""Paragraphs and tables of a marked-up document gathered while it streams past."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from indexer.extract.sections import Block

MOST_TIMES = 64  # that a cell is repeated: beyond that it only fills a sheet to its edge


@dataclass
class _Row:
    cells: list[str] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)  # of the cell being read
    times: int = 0  # that the cell being read is there; 0 outside of cells


class Flow:
    """Turns a stream of "paragraph opens, text, paragraph closes" into blocks.

    A table gives one block a row, its cells parted by ``" | "``, the empty ones too, so that each
    stays under its head; a row with a single text, as tables that only lay out have, is that text,
    and a table within a cell is text of that cell. Declared spans are not its concern. Paragraphs
    may lie within paragraphs (text boxes): the inner one comes first.
    """

    def __init__(self) -> None:
        self._blocks: list[Block] = []
        self._paragraphs: list[list[str]] = []
        self._levels: list[int] = []
        self._rows: list[_Row] = []
        self.characters = 0

    def open_paragraph(self, level: int = 0) -> None:
        self._paragraphs.append([])
        self._levels.append(level)

    def set_level(self, level: int) -> None:
        """Make the open paragraph a heading."""
        if self._levels:
            self._levels[-1] = level

    def text(self, text: str) -> None:
        """Text of the open paragraph, or a paragraph of its own outside of any."""
        self.characters += len(text)
        if self._paragraphs:
            self._paragraphs[-1].append(text)
        elif text.strip():
            self._put(text, 0)

    def close_paragraph(self) -> None:
        if self._paragraphs:
            text = "".join(self._paragraphs.pop())
            level = self._levels.pop()
            if text.strip():
                self._put(text, level)

    def open_row(self) -> None:
        self._rows.append(_Row())

    def open_cell(self, times: int = 1) -> None:
        """A cell begins, and the one before it ends. ``times``: that it is there, side by side."""
        if self._rows:
            self.close_cell()
            self._rows[-1].times = times if 1 <= times <= MOST_TIMES else 1

    def close_cell(self) -> None:
        row = self._rows[-1] if self._rows else None
        if row is not None and (row.times or row.lines):
            text, times = " ".join(row.lines), max(1, row.times)
            row.cells += [text] * times
            row.lines, row.times = [], 0
            self.characters += len(text) * (times - 1)

    def close_row(self) -> None:
        if self._rows:
            self.close_cell()
            cells = self._rows.pop().cells
            told = list(filter(None, cells))
            if told:
                self._put(" | ".join(told if len(told) == 1 or self._rows else cells), 0)

    def blocks(self) -> Iterator[Block]:
        """Hand over what is complete so far, and forget it."""
        done, self._blocks = self._blocks, []
        yield from done

    def finish(self) -> Iterator[Block]:
        """Close whatever the document left open and hand over the rest."""
        while self._paragraphs:
            self.close_paragraph()
        while self._rows:
            self.close_row()
        yield from self.blocks()

    def _put(self, text: str, level: int) -> None:
        if self._rows:
            self._rows[-1].lines.append(text.strip())
        else:
            self._blocks.append(Block(text, level))
