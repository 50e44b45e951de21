"""Word documents: python-docx opens the package and knows its styles, a walk reads the text.

The walk streams every part that holds text, so tables, insertions, text boxes, content controls
and notes are all there and a long body never stands in memory. Deleted and moved-away text,
comments and field codes are left out. ``gridSpan`` is not looked at: nothing is repeated.
"""

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from indexer.extract.archive import Archive
from indexer.extract.base import Accessibility, FailureKind, Unreadable
from indexer.extract.draft import Draft
from indexer.extract.flow import Flow
from indexer.extract.limits import MEBIBYTE, Limits
from indexer.extract.markup import Handler
from indexer.extract.properties import Properties, read_properties
from indexer.extract.reasons import unreadable
from indexer.extract.relations import Relation, main_part, relations
from indexer.extract.sections import Block, split

if TYPE_CHECKING:
    from docx.document import Document
    from docx.styles.style import BaseStyle

_WORD = (
    "http://schemas.openxmlformats.org/wordprocessingml/2006/main ",
    "http://purl.oclc.org/ooxml/wordprocessingml/main ",  # the "strict" variant of the standard
)
_MATH = "http://schemas.openxmlformats.org/officeDocument/2006/math t"
_DRAWING = (
    "http://schemas.openxmlformats.org/drawingml/2006/main ",
    "http://purl.oclc.org/ooxml/drawingml/main ",
)
_FALLBACK = "http://schemas.openxmlformats.org/markup-compatibility/2006 Fallback"
_PICTURE = "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing docPr"
_ONCE = ("footnotes", "endnotes", "diagramData", "header", "footer")  # parts read after the body
_OPENED_WHOLE = 8 * MEBIBYTE  # beyond, python-docx would build too large a tree
_HEADING_NAME = re.compile(r"(?:heading|titolo|überschrift|titre)\s*(\d)", re.I)
_TITLE_NAMES = {"title", "titolo"}
_PARAGRAPH_STYLE = 1  # WD_STYLE_TYPE.PARAGRAPH
_DEEPEST_STYLE = 10
_BREAKS = {"tab": " ", "br": "\n", "cr": "\n", "noBreakHyphen": "-", "softHyphen": ""}
_OUTLINE_LEVELS = set("012345678")  # 9 is body text
_UNREAD = {"del", "moveFrom", "rPrChange", "pPrChange", "annotationRef"}


@dataclass
class _Styles:
    """Heading levels by style id; level 0 marks the style of the document's title."""

    levels: dict[str, int] = field(default_factory=dict)
    language: str | None = None

    def level(self, style: str) -> int | None:
        if style in self.levels:
            return self.levels[style]
        found = _HEADING_NAME.fullmatch(style)
        return int(found[1]) if found else None


def read(content: bytes, limits: Limits) -> Draft:
    """Read a Word document. Raises what ``Archive`` refuses, and ``corrotto``."""
    with Archive(content, limits) as archive:
        part = main_part(archive)
        if part is None:
            raise unreadable(FailureKind.CORRUPT)
        properties = _properties(archive)
        styles = _open(content, archive)
        body = _Body(styles)
        archive.walk(part, body)
        warnings = _read_once(archive, relations(archive, part), body)
    pages, outline = split(body.blocks())
    return Draft(
        pages=pages,
        titles=[properties.title],
        headlines=body.titles,
        authors=properties.authors,
        issued=properties.issued,
        outline=outline,
        accessibility=Accessibility(
            language=properties.language or styles.language,
            title=bool(properties.title.strip()),
            bookmarks=bool(outline),
            headings=bool(outline),
            alternative_texts=body.described == body.pictures if body.pictures else None,
        ),
        warnings=warnings,
    )


def _read_once(archive: Archive, related: list[Relation], body: "_Body") -> list[str]:
    """Notes, running lines and diagrams after the body; a damaged one costs a warning."""
    damaged = False
    for kind in _ONCE:
        for relation in related:
            if relation.kind == kind:
                try:
                    archive.walk(relation.target, body)
                except Unreadable as error:
                    if error.kind is not FailureKind.CORRUPT:
                        raise
                    damaged = True
    return ["Una parte del documento (note o intestazioni) è danneggiata."] if damaged else []


def _properties(archive: Archive) -> Properties:
    """Read here: python-docx invents a title and a date where the file has none."""
    part = next((r.target for r in relations(archive) if r.kind == "core-properties"), "")
    return read_properties(archive, part)


def _open(content: bytes, archive: Archive) -> _Styles:
    """Styles by python-docx; none where the file is too large for it or too odd."""
    if archive.xml_bytes > _OPENED_WHOLE or archive.expanded_bytes > 8 * _OPENED_WHOLE:
        return _Styles()
    import docx

    try:
        return _styles(docx.Document(io.BytesIO(content)))
    except Exception:  # it raises nearly anything: the walk decides whether the file can be read
        return _Styles()


def _styles(document: "Document") -> _Styles:
    styles = _Styles()
    for style in document.styles:
        if style.type == _PARAGRAPH_STYLE:
            names = _names(style)
            levels = (_HEADING_NAME.fullmatch(name) for name in names)
            if found := next(filter(None, levels), None):
                styles.levels[style.style_id] = int(found[1])
            elif names and names[0].lower() in _TITLE_NAMES:
                styles.levels[style.style_id] = 0
    declared = document.styles.element.xpath("w:docDefaults//w:lang/@w:val")
    styles.language = str(declared[0]) if declared else None
    return styles


def _names(style: "BaseStyle | None") -> list[str]:
    """Name of a style and of the ones that it is based on."""
    names: list[str] = []
    while style is not None and len(names) < _DEEPEST_STYLE:
        names.append((style.name or "").strip())
        style = getattr(style, "base_style", None)
    return names


class _Body(Handler):
    """Events of a WordprocessingML part turned into blocks."""

    def __init__(self, styles: _Styles) -> None:
        self.titles: list[str] = []
        self.pictures = self.described = 0
        self._styles = styles
        self._flow = Flow()
        self._skipped = 0  # depth within an element whose text does not count
        self._in_text = False
        self._title: list[str] | None = None

    def blocks(self) -> Iterator[Block]:
        yield from self._flow.finish()

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if self._skipped:
            self._skipped += 1
        elif name == _FALLBACK:
            self._skipped = 1
        elif name == _MATH:
            self._in_text = True
        elif name == _PICTURE:
            self.pictures += 1
            self.described += bool(attributes.get("descr", "").strip())
        elif name.startswith(_WORD):
            self._start_word(name.rsplit(" ", 1)[1], attributes)
        elif name.startswith(_DRAWING):
            self._start_drawing(name.rsplit(" ", 1)[1])

    def end(self, name: str) -> None:
        if self._skipped:
            self._skipped -= 1
        elif name == _MATH:
            self._in_text = False
        elif name.startswith((*_WORD, *_DRAWING)):
            self._end(name.rsplit(" ", 1)[1])

    def text(self, text: str) -> None:
        if self._in_text and not self._skipped:
            self._flow.text(text)
            if self._title is not None:
                self._title.append(text)

    def _start_word(self, name: str, attributes: dict[str, str]) -> None:
        if name == "t":
            self._in_text = True
        elif name in _BREAKS:
            self._flow.text(_BREAKS[name])
        elif name == "p":
            self._flow.open_paragraph()
        elif name == "tr":
            self._flow.open_row()
        elif name == "tc":
            self._flow.open_cell()
        elif name == "pStyle":
            self._styled(_value(attributes))
        elif name == "outlineLvl":
            level = _value(attributes)
            if level in _OUTLINE_LEVELS:
                self._flow.set_level(int(level) + 1)
        elif name in _UNREAD:
            self._skipped = 1

    def _start_drawing(self, name: str) -> None:
        if name == "t":
            self._in_text = True
        elif name == "p":
            self._flow.open_paragraph()
        elif name == "br":
            self._flow.text("\n")

    def _end(self, name: str) -> None:
        if name == "t":
            self._in_text = False
        elif name == "p":
            self._flow.close_paragraph()
            if self._title is not None:
                self.titles.append("".join(self._title))
                self._title = None
        elif name == "tc":
            self._flow.close_cell()
        elif name == "tr":
            self._flow.close_row()

    def _styled(self, style: str) -> None:
        level = self._styles.level(style)
        if level:
            self._flow.set_level(level)
        elif level == 0 and not self.titles:
            self._title = []


def _value(attributes: dict[str, str]) -> str:
    return next((value for key, value in attributes.items() if key.endswith(" val")), "")
