"""PPTX of the training unit: a title on every slide, notes, language, placeholders in order."""

from datetime import UTC, datetime, time
from pathlib import Path

from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.oxml.ns import qn
from pptx.presentation import Presentation as SlideSet
from pptx.text.text import TextFrame
from pptx.util import Inches, Pt

from corpus.seed.recipe.archive import settle
from corpus.seed.recipe.material import issue_day
from corpus.seed.recipe.unit import read_unit
from corpus.seed.schema import DocumentLine

INK = RGBColor(0x17, 0x32, 0x4D)
TITLE, CONTENT = 0, 1  # layouts of the default template


def write(document: DocumentLine, path: Path) -> None:
    """Write the slides to ``path``."""
    day = issue_day(document)
    deck = Presentation()
    widen(deck)
    cover = deck.slides.add_slide(deck.slide_layouts[TITLE])
    fill(cover.shapes.title.text_frame, [document.title], 36)
    fill(cover.placeholders[1].text_frame, [", ".join(document.authors), "Licenza CC-BY-4.0"], 18)
    cover.notes_slide.notes_text_frame.text = document.summary
    for slide in read_unit().slides:
        page = deck.slides.add_slide(deck.slide_layouts[CONTENT])
        fill(page.shapes.title.text_frame, [slide.title], 30)
        fill(page.placeholders[1].text_frame, list(slide.points), 22)
        page.notes_slide.notes_text_frame.text = "\n".join(slide.spoken)
    speak_italian(deck)
    properties = deck.core_properties
    properties.title, properties.subject = document.title, document.summary[:250]
    properties.author = properties.last_modified_by = ", ".join(document.authors)
    properties.language = "it-IT"
    properties.created = properties.modified = datetime.combine(day, time(), UTC)
    deck.save(str(path))
    settle(path, day)


def widen(deck: SlideSet) -> None:
    """Make the 4:3 template 16:9, its placeholders too."""
    wide = Inches(13.333)
    ratio = wide / deck.slide_width
    deck.slide_width = wide
    master = deck.slide_master
    for holder in (master, *master.slide_layouts):
        for shape in holder.placeholders:
            if shape.element.spPr.xfrm is not None:
                shape.left, shape.width = int(shape.left * ratio), int(shape.width * ratio)


def fill(frame: TextFrame, lines: list[str], size: int) -> None:
    """Put ``lines`` into a placeholder, one paragraph each."""
    frame.text = lines[0]
    for line in lines[1:]:
        frame.add_paragraph().text = line
    for paragraph in frame.paragraphs:
        paragraph.space_after = Pt(8)
        for run in paragraph.runs:
            run.font.size, run.font.color.rgb = Pt(size), INK


def speak_italian(deck: SlideSet) -> None:
    """Mark every run as Italian, so that a screen reader takes the right voice."""
    for slide in deck.slides:
        for part in (slide.element, slide.notes_slide.element):
            for run in part.iter(qn("a:r")):
                run.get_or_add_rPr().set("lang", "it-IT")
