"""Markdown: the words without the signs."""

from typing import TYPE_CHECKING

from indexer.extract import charset
from indexer.extract.allowance import Allowance, OutOfTime
from indexer.extract.draft import Draft
from indexer.extract.html import visible_text
from indexer.extract.sections import Block, split

if TYPE_CHECKING:
    from markdown_it.token import Token

_SECONDS = 4.0
_TEXTS = {"text", "code_inline", "text_special"}
_BREAKS = {"softbreak", "hardbreak"}
_CODE = {"fence", "code_block"}


def read(content: bytes, allowance: Allowance) -> Draft:
    """Read Markdown; what takes the parser too long is read as plain text instead.

    Raw HTML gives its visible words. Raises ``corrotto`` when the bytes are no text.
    """
    text = charset.decode(content).replace("\r\n", "\n").replace("\r", "\n")
    try:
        with allowance.at_most(min(_SECONDS, allowance.left / 2)):
            blocks = _blocks(text)
    except (OutOfTime, RecursionError):
        blocks = [Block(line) for line in text.split("\n")]
    pages, outline = split(blocks)
    return Draft(pages=pages, outline=outline)


def _blocks(text: str) -> list[Block]:
    from markdown_it import MarkdownIt

    blocks: list[Block] = []
    row: list[str] | None = None
    level = 0
    for token in MarkdownIt("commonmark").enable("table").parse(_without_front_matter(text)):
        if token.type == "heading_open":
            level = int(token.tag[1])
        elif token.type == "tr_open":
            row = []
        elif token.type == "tr_close" and row is not None:
            told = list(filter(None, row))
            blocks.append(Block(" | ".join(told if len(told) == 1 else row) if told else ""))
            row = None
        elif token.type == "inline" and row is not None:
            row.append(_inline(token.children or []))
        elif token.type == "inline":
            blocks.append(Block(_inline(token.children or []), level))
            level = 0
        elif token.type in _CODE:
            blocks.append(Block(token.content))
        elif token.type == "html_block":
            blocks.append(Block(visible_text(token.content)))
    return blocks


def _inline(tokens: "list[Token]") -> str:
    pieces = []
    for token in tokens:
        if token.type in _TEXTS or token.type == "image":
            pieces.append(token.content)
        elif token.type in _BREAKS:
            pieces.append("\n")
    return "".join(pieces)


def _without_front_matter(text: str) -> str:
    """Without the YAML block that site generators put first."""
    if not text.startswith("---\n"):
        return text
    end = text.find("\n---\n", 3)
    return text if end < 0 or end > 5_000 else text[end + 5 :]
