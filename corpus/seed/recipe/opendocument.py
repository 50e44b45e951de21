"""ODT with heading levels, header rows, language and properties, written as plain OpenDocument.

The format is small enough to write directly; the ready templates of libraries carry another
language and the traces of another program.
"""

from pathlib import Path
from xml.sax.saxutils import escape, quoteattr
from zipfile import ZipFile

from markdown_it.tree import SyntaxTreeNode

from corpus.seed.recipe.archive import settle
from corpus.seed.recipe.material import issue_day
from corpus.seed.schema import DocumentLine

MEDIA_TYPE = "application/vnd.oasis.opendocument.text"
STYLES = (Path(__file__).resolve().parent / "styles.xml").read_text(encoding="utf-8")
XML = '<?xml version="1.0" encoding="UTF-8"?>\n'
_URN = "urn:oasis:names:tc:opendocument:xmlns:"
SPACES = (
    f'xmlns:office="{_URN}office:1.0" xmlns:text="{_URN}text:1.0" xmlns:table="{_URN}table:1.0" '
    f'xmlns:style="{_URN}style:1.0" xmlns:fo="{_URN}xsl-fo-compatible:1.0" '
    f'xmlns:meta="{_URN}meta:1.0" xmlns:xlink="http://www.w3.org/1999/xlink" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/" office:version="1.3"'
)
MANIFEST = f"""{XML}<manifest:manifest xmlns:manifest="{_URN}manifest:1.0" manifest:version="1.3">
<manifest:file-entry manifest:full-path="/" manifest:version="1.3"
 manifest:media-type="{MEDIA_TYPE}"/>
<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>
<manifest:file-entry manifest:full-path="styles.xml" manifest:media-type="text/xml"/>
<manifest:file-entry manifest:full-path="meta.xml" manifest:media-type="text/xml"/>
</manifest:manifest>
"""
AUTOMATIC = """<office:automatic-styles>
<style:style style:name="Break" style:family="paragraph" style:parent-style-name="Standard">
<style:paragraph-properties fo:break-before="page"/></style:style>
<style:style style:name="Cell" style:family="table-cell">
<style:table-cell-properties fo:padding="0.12cm" fo:border="0.5pt solid #b9c6d3"/></style:style>
<style:style style:name="HeadCell" style:family="table-cell">
<style:table-cell-properties fo:padding="0.12cm" fo:border="0.5pt solid #b9c6d3"
 fo:background-color="#e8f0f8"/></style:style>
</office:automatic-styles>"""
SPANS = {"strong": "Strong_20_Emphasis", "em": "Emphasis", "code_inline": "Source_20_Text"}


def write(document: DocumentLine, text: SyntaxTreeNode, path: Path) -> None:
    """Write ``text`` to ``path``."""
    day = issue_day(document)
    body = "\n".join(
        [
            f'<text:p text:style-name="Title">{escape(document.title)}</text:p>',
            f'<text:p text:style-name="Subtitle">{escape(document.summary)}</text:p>',
            *(block(node) for node in text.children),
        ]
    )
    content = (
        f"{XML}<office:document-content {SPACES}>{AUTOMATIC}"
        f"<office:body><office:text>\n{body}\n</office:text></office:body></office:document-content>"
    )
    with ZipFile(path, "w") as archive:
        archive.writestr("mimetype", MEDIA_TYPE)
        archive.writestr("content.xml", content)
        archive.writestr("styles.xml", STYLES)
        archive.writestr("meta.xml", properties(document))
        archive.writestr("META-INF/manifest.xml", MANIFEST)
    settle(path, day)


def properties(document: DocumentLine) -> str:
    """Title, author, language and date among the properties of the file."""
    authors = escape(", ".join(document.authors))
    return (
        f"{XML}<office:document-meta {SPACES}><office:meta>"
        f"<dc:title>{escape(document.title)}</dc:title>"
        f"<dc:description>{escape(document.summary)}</dc:description>"
        f"<meta:initial-creator>{authors}</meta:initial-creator><dc:creator>{authors}</dc:creator>"
        f"<meta:creation-date>{document.issued}T00:00:00</meta:creation-date>"
        f"<dc:date>{document.issued}T00:00:00</dc:date><dc:language>it-IT</dc:language>"
        "</office:meta></office:document-meta>"
    )


def block(node: SyntaxTreeNode, style: str = "Text_20_body") -> str:
    """One block of the tree as OpenDocument text."""
    match node.type:
        case "heading":
            level = node.tag[1]
            return (
                f'<text:h text:style-name="Heading_20_{level}" text:outline-level="{level}">'
                f"{inlines(node)}</text:h>"
            )
        case "paragraph":
            return f'<text:p text:style-name="{style}">{inlines(node)}</text:p>'
        case "bullet_list" | "ordered_list":
            kind = "Bulleted" if node.type == "bullet_list" else "Numbered"
            entries = ("".join(block(part) for part in entry.children) for entry in node.children)
            listed = "".join(f"<text:list-item>{entry}</text:list-item>" for entry in entries)
            return f'<text:list text:style-name="{kind}">{listed}</text:list>'
        case "blockquote":
            return "".join(block(part, "Quotations") for part in node.children)
        case "table":
            return table(node)
        case "hr":
            return '<text:p text:style-name="Break"/>'
    raise ValueError(f"no OpenDocument form for {node.type}")


def table(node: SyntaxTreeNode) -> str:
    """A table whose first row is marked as the header and repeats on every page."""
    header, *rows = [row for part in node.children for row in part.children]
    columns = f'<table:table-column table:number-columns-repeated="{len(header.children)}"/>'
    head = f"<table:table-header-rows>{line(header, 'Head', 'Heading')}</table:table-header-rows>"
    body = "".join(line(row, "", "Contents") for row in rows)
    return f'<table:table>{columns}{head}{body}</table:table><text:p text:style-name="Standard"/>'


def line(row: SyntaxTreeNode, box: str, style: str) -> str:
    """One row of a table."""
    cells = (
        f'<table:table-cell table:style-name="{box}Cell" office:value-type="string">'
        f'<text:p text:style-name="Table_20_{style}">{inlines(cell)}</text:p></table:table-cell>'
        for cell in row.children
    )
    return f"<table:table-row>{''.join(cells)}</table:table-row>"


def inlines(node: SyntaxTreeNode) -> str:
    """The running text inside a block."""
    return "".join(inline(child) for part in node.children for child in part.children)


def inline(node: SyntaxTreeNode) -> str:
    """One piece of running text."""
    match node.type:
        case "text":
            return escape(node.content)
        case "softbreak":
            return " "
        case "hardbreak":
            return "<text:line-break/>"
        case "code_inline":
            inside = escape(node.content)
        case _:
            inside = "".join(inline(child) for child in node.children)
    if node.type in SPANS:
        return f'<text:span text:style-name="{SPANS[node.type]}">{inside}</text:span>'
    if node.type == "link":
        address = quoteattr(str(node.attrs["href"]))
        return (
            f'<text:a xlink:type="simple" xlink:href={address} '
            f'text:style-name="Internet_20_link">{inside}</text:a>'
        )
    raise ValueError(f"no OpenDocument form for {node.type}")
