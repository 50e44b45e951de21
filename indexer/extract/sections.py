"""Sections for formats without pages: a few hundred words each, cut at headings if possible.

DOCX, ODT, HTML, Markdown and text have no pages of their own: the page breaks that Word
remembers depend on the printer of whoever saved last, and most other programs write none. So
passages and the reading view count sections, which are the same for everyone.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from indexer.extract.base import Heading

WORDS = 500  # a section ends at the first paragraph beyond
FEWEST_WORDS = 150  # shorter ones are not ended by a heading
CHARACTERS = 20_000  # no section is longer, whatever its "words" are


@dataclass(frozen=True)
class Block:
    """A paragraph, or a row of a table; ``level`` from 1 makes it a heading."""

    text: str
    level: int = 0


def split(blocks: Iterable[Block]) -> tuple[list[str], tuple[Heading, ...]]:
    """Texts of the sections and outline with section numbers. Loses and repeats nothing."""
    sections: list[str] = []
    headings: list[Heading] = []
    current: list[str] = []
    words = characters = 0
    for block in _short(blocks):
        count = block.text.count(" ") + 1
        full = words + count > WORDS or characters + len(block.text) > CHARACTERS
        if current and (full or (block.level and words >= FEWEST_WORDS)):
            sections.append("\n".join(current))
            current, words, characters = [], 0, 0
        if block.level:
            headings.append(Heading(block.level, block.text[:300], len(sections) + 1))
        current.append(block.text)
        words += count
        characters += len(block.text) + 1
    if current:
        sections.append("\n".join(current))
    return sections, tuple(headings)


def _short(blocks: Iterable[Block]) -> Iterator[Block]:
    """The same blocks with overlong ones cut, at a space where there is one."""
    for block in blocks:
        text, level = block.text, block.level
        while len(text) > CHARACTERS:
            cut = text.rfind(" ", CHARACTERS // 2, CHARACTERS)
            cut = cut if cut > 0 else CHARACTERS
            yield Block(text[:cut], level)
            text, level = text[cut:].lstrip(" "), 0
        if text.strip():
            yield Block(text, level)
