"""Paragraphs and tables of a marked-up document gathered while it streams past."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from indexer.extract.sections import Block


@dataclass
class _Row:
    cells: list[str] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)  # of the cell being read


class Flow:
    """Turns a stream of "paragraph opens, text, paragraph closes" into blocks.

    A table gives one block a row, its cells parted by ``" | "``; a table within a cell is text
    of that cell. Paragraphs may lie within paragraphs (text boxes): the inner one comes first.
    Declared spans and repetitions are not its concern: each cell is written once.
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

    def close_cell(self) -> None:
        if self._rows and self._rows[-1].lines:
            row = self._rows[-1]
            row.cells.append(" ".join(row.lines))
            row.lines = []

    def close_row(self) -> None:
        if self._rows:
            self.close_cell()
            row = self._rows.pop()
            if row.cells:
                self._put(" | ".join(row.cells), 0)

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
