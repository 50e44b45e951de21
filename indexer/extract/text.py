"""Plain text: paragraphs parted by empty lines, or lines."""

from indexer.extract import charset
from indexer.extract.draft import Draft
from indexer.extract.sections import Block, split


def read(content: bytes) -> Draft:
    """Read plain text in any of the encodings of ``charset``; ``corrotto`` if it is none."""
    text = charset.decode(content).replace("\r\n", "\n").replace("\r", "\n")
    pages, _ = split(Block(line) for line in text.split("\n"))
    return Draft(pages=pages)
