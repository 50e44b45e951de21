"""PowerPoint presentations: the text of each slide, with its tables, diagrams and notes."""

from indexer.extract.archive import Archive
from indexer.extract.base import Accessibility, FailureKind, Heading, Unreadable
from indexer.extract.draft import Draft
from indexer.extract.flow import Flow
from indexer.extract.limits import Limits
from indexer.extract.markup import Handler
from indexer.extract.properties import read_properties
from indexer.extract.reasons import unreadable
from indexer.extract.relations import main_part, relations

_DRAWING = (
    "http://schemas.openxmlformats.org/drawingml/2006/main ",
    "http://purl.oclc.org/ooxml/drawingml/main ",  # the "strict" variant of the standard
)
_FALLBACK = "http://schemas.openxmlformats.org/markup-compatibility/2006 Fallback"
_BESIDE = ("diagramData", "notesSlide")  # parts of a slide that hold text of their own
_TITLES = ("title", "ctrTitle")
_MOST_SLIDES = 3_000


def read(content: bytes, limits: Limits) -> Draft:
    """Read a presentation in the order of its slides. Raises what ``Archive`` refuses,
    ``corrotto``, and ``limite_pagine`` beyond 3,000 slides."""
    with Archive(content, limits) as archive:
        core = next((r.target for r in relations(archive) if r.kind == "core-properties"), "")
        properties = read_properties(archive, core)
        slides = _slides(archive)
        if len(slides) > _MOST_SLIDES:
            raise unreadable(FailureKind.TOO_MANY_PAGES)
        read_slides = [_read_slide(archive, part) for part in slides]
    pictures = sum(slide.pictures for slide in read_slides)
    described = sum(slide.described for slide in read_slides)
    missing = [n for n, slide in enumerate(read_slides, start=1) if slide.damaged]
    headings = [
        Heading(1, slide.title, number)
        for number, slide in enumerate(read_slides, start=1)
        if slide.title
    ]
    return Draft(
        pages=[slide.text_of_slide for slide in read_slides],
        unit="diapositiva",
        titles=[properties.title],
        authors=properties.authors,
        issued=properties.issued,
        outline=tuple(headings),
        accessibility=Accessibility(
            language=properties.language or None,
            title=bool(properties.title.strip()),
            bookmarks=len(headings) == len(read_slides),
            alternative_texts=described == pictures if pictures else None,
        ),
        warnings=[f"Diapositive danneggiate: {', '.join(map(str, missing))}."] if missing else [],
    )


class _Order(Handler):
    """Relationship ids of the slides, in the order of the presentation."""

    def __init__(self) -> None:
        self.ids: list[str] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name.endswith(" sldId"):
            self.ids += [v for key, v in attributes.items() if key.endswith("relationships id")]


def _slides(archive: Archive) -> list[str]:
    part = main_part(archive)
    if part is None:
        raise unreadable(FailureKind.CORRUPT)
    order = _Order()
    archive.walk(part, order)
    targets = {relation.id: relation.target for relation in relations(archive, part)}
    return [targets[id] for id in order.ids if id in targets]


def _read_slide(archive: Archive, part: str) -> "_Slide":
    slide = _Slide()
    beside = [r.target for r in relations(archive, part) if r.kind in _BESIDE]
    for source in (part, *sorted(beside)):
        try:
            archive.walk(source, slide)
        except Unreadable as error:
            if error.kind is not FailureKind.CORRUPT:
                raise
            slide.damaged = True
        slide.end_part()
    return slide


class _Slide(Handler):
    """Paragraphs of one slide; its title is what stands in the title placeholder."""

    def __init__(self) -> None:
        self.title = ""
        self.pictures = self.described = 0
        self.damaged = False
        self._lines: list[str] = []
        self._flow = Flow()
        self._skipped = 0
        self._in_text = False
        self._in_title = False

    @property
    def text_of_slide(self) -> str:
        return "\n".join(self._lines)

    def end_part(self) -> None:
        for block in self._flow.finish():
            self._lines.append(block.text)
            if block.level and not self.title:
                self.title = block.text
        self._skipped = 0
        self._in_text = self._in_title = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if self._skipped or name == _FALLBACK:
            self._skipped += 1
            return
        local = name.rsplit(" ", 1)[-1]
        if name.startswith(_DRAWING):
            self._start_drawing(local)
        elif local == "ph":
            self._in_title = attributes.get("type") in _TITLES
        elif local == "sp":
            self._in_title = False
        elif local == "pic":
            self.pictures += 1
        elif local == "cNvPr":
            self.described += bool(attributes.get("descr", "").strip())

    def _start_drawing(self, local: str) -> None:
        if local == "t":
            self._in_text = True
        elif local == "p":
            self._flow.open_paragraph(1 if self._in_title else 0)
        elif local == "br":
            self._flow.text("\n")
        elif local == "tr":
            self._flow.open_row()
        elif local == "tc":
            self._flow.open_cell()

    def end(self, name: str) -> None:
        if self._skipped:
            self._skipped -= 1
        elif name.startswith(_DRAWING):
            local = name.rsplit(" ", 1)[-1]
            if local == "t":
                self._in_text = False
            elif local == "p":
                self._flow.close_paragraph()
            elif local == "tc":
                self._flow.close_cell()
            elif local == "tr":
                self._flow.close_row()

    def text(self, text: str) -> None:
        if self._in_text and not self._skipped:
            self._flow.text(text)
