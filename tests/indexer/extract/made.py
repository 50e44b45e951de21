"""Small files made in the test that needs them: PDF by hand, office files as ZIP archives."""

import io
import zipfile
import zlib
from pathlib import Path

from indexer.extract.pdf_drawing import draw

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
_OFFICE = "urn:oasis:names:tc:opendocument:xmlns:"
FONT = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"


def file(folder: Path, name: str, content: bytes | str) -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def archive(parts: dict[str, bytes | str]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in parts.items():
            packed.writestr(name, content)
    return made.getvalue()


# --- PDF


def pdf(
    *pages: str | list[str], objects: dict[int, bytes] | None = None, **catalogue: str
) -> bytes:
    """A PDF with one page for each text, or list of lines; ``objects`` adds or replaces some.

    Numbers: 1 catalogue, 2 page tree, 3 font, 10 + 2n page, 11 + 2n its contents.
    """
    entries = " ".join(f"/{key} {value}" for key, value in catalogue.items() if key != "Info")
    kids = " ".join(f"{10 + 2 * at} 0 R" for at in range(len(pages)))
    made = {
        1: f"<< /Type /Catalog /Pages 2 0 R {entries} >>".encode(),
        2: f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode(),
        3: FONT,
    }
    for at, page in enumerate(pages):
        lines = [page] if isinstance(page, str) else page
        made[10 + 2 * at] = (
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842]"
            f" /Resources << /Font << /F1 3 0 R >> >> /Contents {11 + 2 * at} 0 R >>"
        ).encode()
        made[11 + 2 * at] = stream(_drawn(lines))
    made.update(objects or {})
    info = f"/Info {catalogue['Info']}" if "Info" in catalogue else ""
    return _assembled(made, info)


def scan(*pages: list[str], turned: int = 0, stamp: str = "") -> bytes:
    """A PDF whose pages are pictures of these lines, ``turned`` by so many degrees.

    Their only text is the ``stamp``, which the picture does not show.
    """
    objects = {}
    for at, lines in enumerate(pages):
        width, height, shades = draw(pdf(lines), 1).split(b" ", 3)[1:]
        pixels = shades.partition(b"\n")[2]
        objects[10 + 2 * at] = (
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Rotate {turned}"
            f" /Resources << /XObject << /I {300 + at} 0 R >> /Font << /F1 3 0 R >> >>"
            f" /Contents {11 + 2 * at} 0 R >>"
        ).encode()
        objects[11 + 2 * at] = stream(
            b"q 595 0 0 842 0 0 cm /I Do Q " + _drawn([stamp] if stamp else [])
        )
        objects[300 + at] = stream(
            pixels,
            f"/Type /XObject /Subtype /Image /Width {int(width)} /Height {int(height)}"
            " /BitsPerComponent 8 /ColorSpace /DeviceGray",
            packed=True,
        )
    return pdf(*[""] * len(pages), objects=objects)


def stream(content: bytes, entries: str = "", *, packed: bool = False) -> bytes:
    if packed:
        content, entries = zlib.compress(content, 9), f"{entries} /Filter /FlateDecode"
    return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (
        len(content),
        entries.encode(),
        content,
    )


def _drawn(lines: list[str]) -> bytes:
    shown = (
        line.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)").encode("cp1252")
        for line in lines
    )
    return b"BT /F1 12 Tf 60 780 Td 14 TL " + b" ".join(b"(%s) Tj T*" % s for s in shown) + b" ET"


def _assembled(objects: dict[int, bytes], info: str) -> bytes:
    made = io.BytesIO()
    made.write(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
    places = {}
    for number, content in sorted(objects.items()):
        places[number] = made.tell()
        made.write(b"%d 0 obj\n%s\nendobj\n" % (number, content))
    start, size = made.tell(), max(objects) + 1
    made.write(b"xref\n0 %d\n0000000000 65535 f \n" % size)
    for number in range(1, size):
        entry = (
            b"%010d 00000 n \n" % places[number] if number in places else b"0000000000 65535 f \n"
        )
        made.write(entry)
    made.write(b"trailer\n<< /Size %d /Root 1 0 R %s >>\n" % (size, info.encode()))
    made.write(b"startxref\n%d\n%%%%EOF\n" % start)
    return made.getvalue()


# --- Office Open XML


def docx(body: str, parts: dict[str, bytes | str] | None = None, relations: str = "") -> bytes:
    """A Word document with ``body`` as the content of ``w:body``."""
    made: dict[str, bytes | str] = {
        "[Content_Types].xml": content_types(
            "/word/document.xml", "wordprocessingml.document.main+xml"
        ),
        "_rels/.rels": relationships(("officeDocument", "word/document.xml")),
        "word/document.xml": word_part("document", f"<w:body>{body}</w:body>"),
    }
    if relations:
        made["word/_rels/document.xml.rels"] = relations
    return archive(made | (parts or {}))


def word_part(root: str, content: str, doctype: str = "") -> str:
    names = f'xmlns:w="{WORD}" xmlns:r="{RELATIONS}" xmlns:a="{DRAWING}"'
    return f"{_HEAD}{doctype}<w:{root} {names}>{content}</w:{root}>"


def paragraph(text: str, properties: str = "") -> str:
    run = f'<w:r><w:t xml:space="preserve">{text}</w:t></w:r>'
    return f"<w:p>{properties and f'<w:pPr>{properties}</w:pPr>'}{run}</w:p>"


def content_types(part: str, ending: str) -> str:
    kind = f"application/vnd.openxmlformats-officedocument.{ending}"
    return (
        f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels"'
        ' ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="{part}" ContentType="{kind}"/></Types>'
    )


def relationships(*targets: tuple[str, str]) -> str:
    """Relations by kind and target, numbered rId1, rId2, …"""
    entries = "".join(
        f'<Relationship Id="rId{at}" Type="{RELATIONS}/{kind}" Target="{target}"/>'
        for at, (kind, target) in enumerate(targets, start=1)
    )
    return f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">{entries}</Relationships>'


def pptx(slides: list[str], parts: dict[str, bytes | str] | None = None) -> bytes:
    """A presentation; each slide is the content of its shape tree."""
    name = "http://schemas.openxmlformats.org/presentationml/2006/main"
    names = f'xmlns:p="{name}" xmlns:a="{DRAWING}" xmlns:r="{RELATIONS}"'
    order = "".join(
        f'<p:sldId id="{255 + at}" r:id="rId{at}"/>' for at in range(1, len(slides) + 1)
    )
    made: dict[str, bytes | str] = {
        "[Content_Types].xml": content_types(
            "/ppt/presentation.xml", "presentationml.presentation.main+xml"
        ),
        "_rels/.rels": relationships(("officeDocument", "ppt/presentation.xml")),
        "ppt/presentation.xml": f"<p:presentation {names}><p:sldIdLst>{order}</p:sldIdLst>"
        "</p:presentation>",
        "ppt/_rels/presentation.xml.rels": relationships(
            *(("slide", f"slides/slide{at}.xml") for at in range(1, len(slides) + 1))
        ),
    }
    for at, content in enumerate(slides, start=1):
        made[f"ppt/slides/slide{at}.xml"] = f"<p:sld {names}>{content}</p:sld>"
    return archive(made | (parts or {}))


def xlsx(rows: str) -> bytes:
    """A workbook with one sheet, "Dati"; ``rows`` is the content of ``sheetData``."""
    name = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return archive(
        {
            "[Content_Types].xml": content_types(
                "/xl/workbook.xml", "spreadsheetml.sheet.main+xml"
            ),
            "_rels/.rels": relationships(("officeDocument", "xl/workbook.xml")),
            "xl/workbook.xml": f'<workbook xmlns="{name}" xmlns:r="{RELATIONS}"><sheets>'
            '<sheet name="Dati" sheetId="1" r:id="rId1"/></sheets></workbook>',
            "xl/_rels/workbook.xml.rels": relationships(("worksheet", "worksheets/sheet1.xml")),
            "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{name}"><sheetData>{rows}</sheetData>'
            "</worksheet>",
        }
    )


# --- OpenDocument


def open_document(
    kind: str, content: str, parts: dict[str, bytes | str] | None = None, doctype: str = ""
) -> bytes:
    """``kind`` is text, presentation or spreadsheet; ``content`` goes into ``office:<kind>``."""
    made: dict[str, bytes | str] = {
        "mimetype": f"application/vnd.oasis.opendocument.{kind}",
        "content.xml": open_part(
            "document-content",
            f"<office:body><office:{kind}>{content}</office:{kind}></office:body>",
            doctype,
        ),
    }
    return archive(made | (parts or {}))


def open_part(root: str, content: str, doctype: str = "") -> str:
    prefixes = {"office": "office", "text": "text", "table": "table", "draw": "drawing"}
    prefixes |= {"style": "style", "presentation": "presentation", "meta": "meta"}
    names = " ".join(f'xmlns:{key}="{_OFFICE}{name}:1.0"' for key, name in prefixes.items())
    names += f' xmlns:svg="{_OFFICE}svg-compatible:1.0" xmlns:dc="http://purl.org/dc/elements/1.1/"'
    return f"{_HEAD}{doctype}<office:{root} {names}>{content}</office:{root}>"
