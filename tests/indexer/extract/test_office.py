"""OpenDocument, presentations and sheets."""

import pytest

from indexer.extract.base import FailureKind, Heading, Unreadable
from indexer.extract.registry import read_content
from tests.indexer.extract.made import open_document, open_part, pptx, relationships, xlsx

SHAPE = (
    '<p:cSld><p:spTree><p:sp><p:nvSpPr><p:nvPr><p:ph type="{kind}"/></p:nvPr></p:nvSpPr>'
    "<p:txBody><a:p><a:r><a:t>{text}</a:t></a:r></a:p></p:txBody></p:sp></p:spTree></p:cSld>"
)


def test_a_text_document_gives_lists_tables_notes_and_running_lines() -> None:
    content = (
        '<text:h text:outline-level="1">Titolo</text:h>'
        "<text:p>uno<text:s text:c='900000000'/>due<text:tab/>tre<text:note><text:note-citation>1"
        "</text:note-citation><text:note-body><text:p>nota</text:p></text:note-body></text:note>"
        "</text:p><text:list><text:list-item><text:p>voce</text:p></text:list-item></text:list>"
        "<table:table><table:table-row table:number-rows-repeated='1000000'><table:table-cell"
        " table:number-columns-repeated='100000'><text:p>cella</text:p></table:table-cell>"
        "<table:table-cell><text:p>altra</text:p></table:table-cell></table:table-row>"
        "</table:table><office:annotation><text:p>commento</text:p></office:annotation>"
        "<text:tracked-changes><text:p>cancellato</text:p></text:tracked-changes>"
    )
    running = (
        "<office:automatic-styles/><office:master-styles><style:master-page><style:footer>"
        "<text:p>piè di pagina</text:p></style:footer></style:master-page></office:master-styles>"
    )
    parts = {"styles.xml": open_part("document-styles", running)}
    extract = read_content(open_document("text", content, parts))
    assert extract.pages[0].text.split("\n") == [
        "Titolo",
        "nota",
        "uno due tre",
        "voce",
        "cella | altra",
        "piè di pagina",
    ]
    assert extract.outline == (Heading(1, "Titolo", 1),)


def test_slides_of_an_open_document_are_pages() -> None:
    slide = (
        '<draw:page draw:name="p{0}"><draw:frame presentation:class="title"><draw:text-box><text:p>'
        "Titolo {0}</text:p></draw:text-box></draw:frame><draw:frame><draw:text-box><text:p>testo"
        "</text:p></draw:text-box></draw:frame></draw:page>"
    )
    extract = read_content(open_document("presentation", slide.format(1) + slide.format(2)))
    assert extract.unit == "diapositiva"
    assert [page.text for page in extract.pages] == ["Titolo 1\ntesto", "Titolo 2\ntesto"]
    assert extract.outline == (Heading(1, "Titolo 1", 1), Heading(1, "Titolo 2", 2))


def test_sheets_of_an_open_document_carry_their_names() -> None:
    sheet = (
        '<table:table table:name="{0}"><table:table-row><table:table-cell><text:p>città</text:p>'
        "</table:table-cell><table:table-cell><text:p>12,5</text:p></table:table-cell>"
        "</table:table-row></table:table>"
    )
    extract = read_content(open_document("spreadsheet", sheet.format("A") + sheet.format("B")))
    assert extract.unit == "foglio"
    assert [(page.label, page.text) for page in extract.pages] == [
        ("A", "città | 12,5"),
        ("B", "città | 12,5"),
    ]


def test_an_entity_in_an_open_document_is_forbidden() -> None:
    doctype = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
    with pytest.raises(Unreadable) as failure:
        read_content(open_document("text", "<text:p>&e;</text:p>", doctype=doctype))
    assert failure.value.kind is FailureKind.XML_FORBIDDEN


def test_slides_keep_the_order_of_the_presentation_and_their_notes() -> None:
    slides = [SHAPE.format(kind="title", text=text) for text in ("Prima", "Seconda")]
    names = (
        'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
        ' xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"'
    )
    parts = {
        "ppt/slides/_rels/slide2.xml.rels": relationships(
            ("notesSlide", "../notesSlides/notesSlide1.xml")
        ),
        "ppt/notesSlides/notesSlide1.xml": f"<p:notes {names}>"
        + SHAPE.format(kind="body", text="da dire")
        + "</p:notes>",
    }
    extract = read_content(pptx(slides, parts))
    assert extract.unit == "diapositiva"
    assert [page.text for page in extract.pages] == ["Prima", "Seconda\nda dire"]
    assert [heading.text for heading in extract.outline] == ["Prima", "Seconda"]


def test_a_damaged_slide_is_named_and_the_others_are_read() -> None:
    slides = [SHAPE.format(kind="title", text="Prima"), "<a:p><a:r>"]
    extract = read_content(pptx(slides))
    assert [page.text for page in extract.pages] == ["Prima", ""]
    assert extract.warnings == ("Diapositive danneggiate: 2.",)


def test_a_workbook_gives_rows_and_numbers_in_italian() -> None:
    rows = (
        '<row r="1"><c r="A1" t="inlineStr"><is><t>Comuni</t></is></c><c r="B1"><v>1250.5</v></c>'
        '<c r="C1"><v>14</v></c></row><row r="3"><c r="A3" t="b"><v>1</v></c></row>'
    )
    extract = read_content(xlsx(rows))
    assert [(page.label, page.text) for page in extract.pages] == [
        ("Dati", "Comuni | 1250,5 | 14\nVERO")
    ]


def test_empty_cells_of_a_workbook_keep_the_others_under_their_heads() -> None:
    def row(number: int, **texts: str) -> str:
        cells = "".join(
            f'<c r="{column}{number}" t="inlineStr"><is><t>{text}</t></is></c>'
            for column, text in texts.items()
        )
        return f'<row r="{number}">{cells}</row>'

    rows = row(1, B="Città", C="Anno", E="Nota") + row(2, B="Bari", E="da rifare")
    extract = read_content(xlsx(rows + row(3, C="2021") + row(5, B="Roma", C="2022")))
    assert extract.pages[0].text.split("\n") == [
        "Città | Anno | Nota",
        "Bari | | da rifare",
        "2021",
        "Roma | 2022 |",
    ]


def test_empty_and_repeated_cells_of_an_open_document_keep_their_columns() -> None:
    def cell(text: str = "", repeated: int = 1) -> str:
        inside = f"<text:p>{text}</text:p>" if text else ""
        times = f" table:number-columns-repeated='{repeated}'" if repeated > 1 else ""
        return f"<table:table-cell{times}>{inside}</table:table-cell>"

    rows = (
        [cell("a"), cell("b"), cell("c"), cell("d"), cell(repeated=16380)],
        [cell("1"), cell(repeated=2), cell("2"), cell(repeated=16380)],
        [cell("x", repeated=2), cell("y"), cell("z")],
        [cell(repeated=16384)],
    )
    sheet = "".join(f"<table:table-row>{''.join(row)}</table:table-row>" for row in rows)
    extract = read_content(
        open_document("spreadsheet", f"<table:table table:name='A'>{sheet}</table:table>")
    )
    assert extract.pages[0].text.split("\n") == ["a | b | c | d |", "1 | | | 2 |", "x | x | y | z"]


def test_two_cells_in_far_corners_do_not_cost_a_full_sheet() -> None:
    rows = (
        '<row r="1"><c r="A1" t="inlineStr"><is><t>prima</t></is></c></row>'
        '<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>ultima</t></is></c></row>'
    )
    with pytest.raises(Unreadable) as failure:
        read_content(xlsx(rows))
    assert failure.value.kind is FailureKind.TOO_MUCH_MEMORY


def test_empty_formatted_cells_in_far_corners_are_nothing() -> None:
    rows = (
        '<row r="1"><c r="A1" t="inlineStr"><is><t>prima</t></is></c></row>'
        '<row r="1048576"><c r="XFD1048576" s="1"/></row>'
    )
    assert read_content(xlsx(rows)).pages[0].text == "prima"
