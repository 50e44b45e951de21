"""OpenDocument text, presentations and sheets: one streamed walk over ``content.xml``.

Declared repetitions (spaces, rows, columns) are written once. Deleted text of tracked changes
and comments are left out; running lines of ``styles.xml`` are read once, after the body.
"""

from dataclasses import replace

from corpus.vocabulary import FileFormat
from indexer.extract.archive import Archive
from indexer.extract.base import Accessibility, FailureKind, Heading, Unreadable
from indexer.extract.draft import Draft
from indexer.extract.flow import Flow
from indexer.extract.limits import Limits
from indexer.extract.markup import Handler
from indexer.extract.properties import read_properties
from indexer.extract.sections import split

_OASIS = "urn:oasis:names:tc:opendocument:xmlns:"
_TEXT, _TABLE, _DRAW = f"{_OASIS}text:1.0 ", f"{_OASIS}table:1.0 ", f"{_OASIS}drawing:1.0 "
_SVG, _OFFICE = f"{_OASIS}svg-compatible:1.0 ", f"{_OASIS}office:1.0 "
_STYLE = f"{_OASIS}style:1.0 "
_CONTENT, _STYLES, _META = "content.xml", "styles.xml", "meta.xml"
_CLASS = f"{_OASIS}presentation:1.0 class"
_UNREAD = {
    f"{_TEXT}tracked-changes",
    f"{_TEXT}note-citation",
    f"{_TABLE}tracked-changes",
    f"{_OFFICE}annotation",
    f"{_OFFICE}automatic-styles",
}
_SPACES = {f"{_TEXT}s": " ", f"{_TEXT}tab": " ", f"{_TEXT}line-break": "\n"}
_PARAGRAPHS = {f"{_TEXT}p", f"{_TEXT}h"}
_ROW = f"{_TABLE}table-row"
_CELLS = {f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"}
_DESCRIPTIONS = {f"{_SVG}title", f"{_SVG}desc"}
_RUNNING = {
    f"{_STYLE}{line}{pages}" for line in ("header", "footer") for pages in ("", "-left", "-first")
}


def read(content: bytes, file_format: FileFormat, limits: Limits) -> Draft:
    """Read an OpenDocument file. Raises what ``Archive`` refuses, and ``corrotto``."""
    with Archive(content, limits) as archive:
        properties = read_properties(archive, _META)
        draft = _READERS[file_format](archive)
    draft.titles.insert(0, properties.title)
    draft.accessibility = replace(
        draft.accessibility,
        language=properties.language or None,
        title=bool(properties.title.strip()),
    )
    draft.authors = properties.authors
    draft.issued = properties.issued
    return draft


def _read_text(archive: Archive) -> Draft:
    body = _Body()
    archive.walk(_CONTENT, body)
    if _STYLES in archive:
        running = _Running(body)
        try:
            archive.walk(_STYLES, running)
        except Unreadable as error:
            if error.kind is not FailureKind.CORRUPT:
                raise
    pages, outline = split(body.flow.finish())
    facts = replace(_accessibility(body, bool(outline)), headings=bool(outline))
    return Draft(pages, outline=outline, accessibility=facts)


def _read_slides(archive: Archive) -> Draft:
    body = _Parts(f"{_DRAW}page")
    archive.walk(_CONTENT, body)
    facts = _accessibility(body, bool(body.outline))
    return Draft(body.texts, "diapositiva", outline=tuple(body.outline), accessibility=facts)


def _read_sheets(archive: Archive) -> Draft:
    body = _Parts(f"{_TABLE}table")
    archive.walk(_CONTENT, body)
    facts = _accessibility(body, None)
    return Draft(body.texts, "foglio", labels=body.names, accessibility=facts, title_in_text=False)


_READERS = {
    FileFormat.ODT: _read_text,
    FileFormat.ODP: _read_slides,
    FileFormat.ODS: _read_sheets,
}


class _Body(Handler):
    """Events of an OpenDocument part turned into blocks."""

    def __init__(self) -> None:
        self.flow = Flow()
        self.pictures = self.described = 0
        self._skipped = 0  # depth within an element whose text does not count
        self._paragraphs = 0
        self._described = False
        self._title = False  # within the title frame of a slide

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if self._skipped or name in _UNREAD:
            self._skipped += 1
        elif name in _PARAGRAPHS:
            self._paragraphs += 1
            self.flow.open_paragraph(1 if self._title else _level(name, attributes))
        elif name in _SPACES:
            self.text(_SPACES[name])
        elif name == _ROW:
            self.flow.open_row()
        elif name in _CELLS:
            self.flow.open_cell(_repeated(attributes))
        elif name == f"{_DRAW}frame":
            self._title = attributes.get(_CLASS) == "title"
            self._described = False
        elif name == f"{_DRAW}image":
            self.pictures += 1

    def end(self, name: str) -> None:
        if self._skipped:
            self._skipped -= 1
        elif name in _PARAGRAPHS:
            self._paragraphs -= 1
            self.flow.close_paragraph()
        elif name in _CELLS:
            self.flow.close_cell()
        elif name == _ROW:
            self.flow.close_row()
        elif name in _DESCRIPTIONS and not self._described:
            self._described = True
            self.described += 1
        elif name == f"{_DRAW}frame":
            self._title = False

    def text(self, text: str) -> None:
        if self._paragraphs and not self._skipped:
            self.flow.text(text)


class _Parts(_Body):
    """One text for each slide or sheet; ``part`` is the element that holds one."""

    def __init__(self, part: str) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.names: list[str] = []
        self.outline: list[Heading] = []
        self._part = part
        self._depth = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == self._part:
            self._depth += 1
            if self._depth == 1:
                self.names.append(attributes.get(self._part.split(" ")[0] + " name", ""))
        super().start(name, attributes)

    def end(self, name: str) -> None:
        super().end(name)
        if name == self._part:
            self._depth -= 1
            if not self._depth:
                self._end_part()

    def _end_part(self) -> None:
        blocks = list(self.flow.finish())
        self.texts.append("\n".join(block.text for block in blocks))
        self.outline += [Heading(1, b.text, len(self.texts)) for b in blocks if b.level]


class _Running(Handler):
    """Passes on what lies within the running lines of the page styles."""

    def __init__(self, body: _Body) -> None:
        self._body = body
        self._depth = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if self._depth or name in _RUNNING:
            self._depth += 1
            self._body.start(name, attributes)

    def end(self, name: str) -> None:
        if self._depth:
            self._depth -= 1
            self._body.end(name)

    def text(self, text: str) -> None:
        if self._depth:
            self._body.text(text)


def _level(name: str, attributes: dict[str, str]) -> int:
    if name == f"{_TEXT}p":
        return 0
    level = attributes.get(f"{_TEXT}outline-level", "1")
    return int(level) if level in set("123456789") else 1


def _repeated(attributes: dict[str, str]) -> int:
    """How often the same cell follows itself."""
    times = attributes.get(f"{_TABLE}number-columns-repeated", "1")
    return int(times) if times.isascii() and times.isdigit() and len(times) < 9 else 1


def _accessibility(body: _Body, bookmarks: bool | None) -> Accessibility:
    described = body.described >= body.pictures if body.pictures else None
    return Accessibility(bookmarks=bookmarks, alternative_texts=described)
