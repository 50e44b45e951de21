"""DOCX with real heading styles, header rows, language and properties (python-docx)."""

from datetime import UTC, datetime, time
from pathlib import Path

from docx import Document
from docx.document import Document as WordDocument
from docx.enum.text import WD_BREAK
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor
from docx.table import Table
from docx.text.paragraph import Paragraph
from docx.text.run import Run
from markdown_it.tree import SyntaxTreeNode

from corpus.seed.recipe.archive import settle
from corpus.seed.recipe.material import issue_day
from corpus.seed.schema import DocumentLine

INK = RGBColor(0x17, 0x32, 0x4D)
BLUE = RGBColor(0x00, 0x55, 0xAA)
LISTS = {"bullet_list": "List Bullet", "ordered_list": "List Number"}


def write(document: DocumentLine, text: SyntaxTreeNode, path: Path) -> None:
    """Write ``text`` to ``path``."""
    day = issue_day(document)
    word = Document()
    dress(word)
    describe(word, document)
    word.add_paragraph(document.title, style="Title")
    word.add_paragraph(document.summary, style="Subtitle")
    for node in text.children:
        block(word, node)
    word.save(str(path))
    settle(path, day)


def dress(word: WordDocument) -> None:
    """Page, fonts and colours; the language stands in the default style of the whole text."""
    section = word.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.4)
    section.top_margin = section.bottom_margin = Cm(2.3)
    normal = word.styles["Normal"]
    normal.font.name, normal.font.size = "Arial", Pt(11)
    normal.paragraph_format.space_after = Pt(8)
    normal.paragraph_format.line_spacing = 1.2
    for language in word.styles.element.iter(qn("w:lang")):
        language.set(qn("w:val"), "it-IT")
    sizes = {"Title": 26, "Subtitle": 13, "Heading 1": 18, "Heading 2": 14, "Heading 3": 12}
    for name, size in sizes.items():
        style = word.styles[name]
        style.font.name, style.font.size, style.font.color.rgb = "Arial", Pt(size), INK
        style.font.italic = False
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for theme in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
            fonts.attrib.pop(qn(theme), None)


def describe(word: WordDocument, document: DocumentLine) -> None:
    """Title, author, language and subject among the properties of the file."""
    day = issue_day(document)
    properties = word.core_properties
    properties.title, properties.subject = document.title, document.summary[:250]
    properties.author = properties.last_modified_by = ", ".join(document.authors)
    properties.language, properties.comments = "it-IT", "Licenza CC-BY-4.0"
    properties.created = properties.modified = datetime.combine(day, time(), UTC)


def block(word: WordDocument, node: SyntaxTreeNode, style: str | None = None) -> None:
    """Add one block of the tree."""
    match node.type:
        case "heading":
            inlines(word.add_heading(level=int(node.tag[1])), node)
        case "paragraph":
            inlines(word.add_paragraph(style=style), node)
        case "bullet_list" | "ordered_list":
            for entry in node.children:
                for part in entry.children:
                    block(word, part, LISTS[node.type])
        case "blockquote":
            for part in node.children:
                block(word, part, "Intense Quote")
        case "table":
            table(word, node)
        case "hr":
            word.add_paragraph().add_run().add_break(WD_BREAK.PAGE)
        case other:
            raise ValueError(f"no Word form for {other}")


def table(word: WordDocument, node: SyntaxTreeNode) -> None:
    """Add a table whose first row is marked as the header and repeats on every page."""
    rows = [row for part in node.children for row in part.children]
    grid: Table = word.add_table(len(rows), len(rows[0].children), style="Table Grid")
    for line, row in zip(grid.rows, rows, strict=True):
        for cell, content in zip(line.cells, row.children, strict=True):
            inlines(cell.paragraphs[0], content, bold=content.tag == "th")
            cell.paragraphs[0].paragraph_format.space_after = Pt(2)
    header = grid.rows[0]._tr.get_or_add_trPr()
    header.append(OxmlElement("w:tblHeader"))
    for row_format in (row._tr.get_or_add_trPr() for row in grid.rows):
        row_format.append(OxmlElement("w:cantSplit"))
    word.add_paragraph()


def inlines(paragraph: Paragraph, node: SyntaxTreeNode, *, bold: bool = False) -> None:
    """Add the running text of a block."""
    for part in node.children:
        for child in part.children:
            inline(paragraph, child, bold=bold)


def inline(
    paragraph: Paragraph, node: SyntaxTreeNode, *, bold: bool = False, italic: bool = False
) -> None:
    """Add one piece of running text."""
    match node.type:
        case "text" | "code_inline":
            run = paragraph.add_run(node.content)
            run.bold, run.italic = bold or None, italic or None
            if node.type == "code_inline":
                run.font.name = "Courier New"
        case "softbreak":
            paragraph.add_run(" ")
        case "hardbreak":
            paragraph.add_run().add_break()
        case "strong" | "em":
            for child in node.children:
                inline(
                    paragraph,
                    child,
                    bold=bold or node.type == "strong",
                    italic=italic or node.type == "em",
                )
        case "link":
            link(paragraph, str(node.attrs["href"]), "".join(c.content for c in node.children))
        case other:
            raise ValueError(f"no Word form for {other}")


def link(paragraph: Paragraph, address: str, words: str) -> None:
    """Add a hyperlink; python-docx has no call for it."""
    relation = paragraph.part.relate_to(address, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
    element = OxmlElement("w:hyperlink")
    element.set(qn("r:id"), relation)
    run = Run(OxmlElement("w:r"), paragraph)
    run.text, run.font.underline, run.font.color.rgb = words, True, BLUE
    element.append(run._r)
    paragraph._p.append(element)
