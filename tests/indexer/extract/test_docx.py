"""Everything that a reader of a Word document sees is in the text, and nothing else."""

import pytest

from indexer.extract.base import Extract, FailureKind, Heading, Unreadable
from indexer.extract.limits import Limits
from indexer.extract.registry import read_content
from tests.indexer.extract.made import WORD, docx, paragraph, relationships, word_part

CORE = (
    '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/'
    'core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/"'
    ' xmlns:dcterms="http://purl.org/dc/terms/"><dc:title>{title}</dc:title>'
    "<dc:creator>{author}</dc:creator><dcterms:created>2024-03-05T10:00:00Z</dcterms:created>"
    "</cp:coreProperties>"
)


def text_of(extract: Extract) -> str:
    return "\n".join(page.text for page in extract.pages)


def test_tables_boxes_controls_links_and_insertions_are_read_once() -> None:
    cell = f"<w:tc>{paragraph('cella')}</w:tc>"
    inner = f"<w:tbl><w:tr><w:tc>{paragraph('interna')}</w:tc></w:tr></w:tbl>"
    run = "<w:r><w:t>{}</w:t></w:r>"
    box = f"<w:txbxContent>{paragraph('casella')}</w:txbxContent>"
    alternate = "http://schemas.openxmlformats.org/markup-compatibility/2006"
    body = (
        paragraph("corpo")
        + f"<w:tbl><w:tr>{cell}<w:tc>{inner}{paragraph('dopo')}</w:tc></w:tr></w:tbl>"
        + f"<w:p><w:ins>{run.format('inserito')}</w:ins><w:hyperlink>{run.format('collegato')}"
        + "</w:hyperlink></w:p>"
        + f"<w:sdt><w:sdtContent>{paragraph('controllo')}</w:sdtContent></w:sdt>"
        + f'<w:p><w:r><mc:AlternateContent xmlns:mc="{alternate}"><mc:Choice>{box}</mc:Choice>'
        + f"<mc:Fallback>{box}</mc:Fallback></mc:AlternateContent></w:r></w:p>"
    )
    extract = read_content(docx(body))
    words = ["corpo", "cella", "interna", "dopo", "inserito", "collegato", "controllo", "casella"]
    assert [text_of(extract).count(word) for word in words] == [1] * len(words)
    assert "cella | interna dopo" in text_of(extract)


def test_deleted_moved_and_commented_words_are_not_read() -> None:
    body = (
        "<w:p><w:del><w:r><w:delText>cancellato</w:delText></w:r></w:del>"
        "<w:moveFrom><w:r><w:t>spostato</w:t></w:r></w:moveFrom>"
        "<w:moveTo><w:r><w:t>spostato qui</w:t></w:r></w:moveTo>"
        '<w:r><w:instrText> HYPERLINK "http://esempio.it" </w:instrText></w:r></w:p>'
    )
    comments = {"word/comments.xml": word_part("comments", paragraph("commento"))}
    relations = relationships(("comments", "comments.xml"))
    assert text_of(read_content(docx(body, comments, relations))) == "spostato qui"


def test_notes_and_running_lines_come_once_after_the_body() -> None:
    parts = {
        "word/footnotes.xml": word_part(
            "footnotes", f"<w:footnote>{paragraph('nota')}</w:footnote>"
        ),
        "word/header1.xml": word_part("hdr", paragraph("testata")),
    }
    relations = relationships(("header", "header1.xml"), ("footnotes", "footnotes.xml"))
    assert text_of(read_content(docx(paragraph("corpo"), parts, relations))) == (
        "corpo\nnota\ntestata"
    )


def test_words_broken_by_layout_are_whole() -> None:
    run = (
        "<w:p><w:r><w:t>sempli</w:t><w:softHyphen/><w:t>ficazione</w:t><w:br/><w:t>a</w:t><w:tab/>"
        "<w:t>capo</w:t><w:noBreakHyphen/><w:t>fila</w:t></w:r></w:p>"
    )
    assert text_of(read_content(docx(run))) == "semplificazione\na capo-fila"


def test_headings_make_outline_and_sections() -> None:
    long = "parola " * 200
    body = "".join(
        paragraph(f"Capo {number}", '<w:pStyle w:val="Heading1"/>') + paragraph(long)
        for number in (1, 2, 3)
    )
    extract = read_content(docx(body))
    assert extract.unit == "sezione"
    assert extract.outline == tuple(Heading(1, f"Capo {number}", number) for number in (1, 2, 3))
    assert [page.text.split("\n")[0] for page in extract.pages] == ["Capo 1", "Capo 2", "Capo 3"]


def test_properties_give_title_author_and_date() -> None:
    core = CORE.format(title="Piano strategico metropolitano", author="Ada Neri;PC-01")
    parts = {
        "docProps/core.xml": core,
        "_rels/.rels": relationships(
            ("officeDocument", "word/document.xml"),
            ("core-properties", "docProps/core.xml"),
        ),
    }
    extract = read_content(docx(paragraph("Testo"), parts))
    assert extract.title == "Piano strategico metropolitano"
    assert extract.authors == ("Ada Neri",)
    assert str(extract.issued) == "2024-03-05"


def test_the_strict_variant_of_the_standard_is_read() -> None:
    part = word_part("document", f"<w:body>{paragraph('Testo rigoroso')}</w:body>")
    strict = part.replace(WORD, "http://purl.oclc.org/ooxml/wordprocessingml/main")
    assert text_of(read_content(docx("", {"word/document.xml": strict}))) == "Testo rigoroso"


def test_a_declared_span_is_never_expanded() -> None:
    wide = f'<w:tc><w:tcPr><w:gridSpan w:val="1000000000"/></w:tcPr>{paragraph("largo")}</w:tc>'
    assert text_of(read_content(docx(f"<w:tbl><w:tr>{wide}</w:tr></w:tbl>"))) == "largo"


def test_deep_nesting_is_no_trouble() -> None:
    tables = "<w:tbl><w:tr><w:tc>" * 3000, "</w:tc></w:tr></w:tbl>" * 3000
    assert text_of(read_content(docx(tables[0] + paragraph("in fondo") + tables[1]))) == "in fondo"


@pytest.mark.parametrize("body", ["<w:p><w:r><w:t>ciao\x0b</w:t></w:r></w:p>", "<w:p><w:r>"])
def test_broken_xml_is_damage(body: str) -> None:
    with pytest.raises(Unreadable) as failure:
        read_content(docx(body))
    assert failure.value.kind is FailureKind.CORRUPT


def test_a_body_beyond_its_bound_is_refused() -> None:
    body = "".join(paragraph(f"paragrafo {number}") for number in range(2000))
    with pytest.raises(Unreadable) as failure:
        read_content(docx(body), limits=Limits(part_bytes=50_000))
    assert failure.value.kind is FailureKind.TOO_MUCH_EXPANSION


def test_a_damaged_note_costs_a_warning_and_not_the_document() -> None:
    parts = {"word/footnotes.xml": "<w:footnotes>"}
    relations = relationships(("footnotes", "footnotes.xml"))
    extract = read_content(docx(paragraph("corpo"), parts, relations))
    assert text_of(extract) == "corpo"
    assert "danneggiata" in extract.warnings[0]
