"""Our own documents: real files of their format, accessible, and in step with the sheets."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from xml.etree import ElementTree
from zipfile import ZipFile

import html5lib
import pytest
import webvtt
from docx import Document
from pptx import Presentation
from pypdf import PdfReader
from python_calamine import CalamineWorkbook

from corpus.ids import derived_id
from corpus.seed import HERE
from corpus.seed.collection import read_collection
from corpus.seed.schema import DocumentLine, GapLine, SolutionLine
from corpus.seed.sheets import read_sheet
from corpus.seed.words import Vocabulary
from corpus.vocabulary import MEDIA_TYPES, FileFormat

COLLECTION = read_collection()
OWN = {document.key: document for document in COLLECTION.documents if document.file}
PAGES = {  # the least that each PDF promises
    "profilo-citta-metropolitane": 17,
    "rassegna-semplificazione": 10,
    "rassegna-pianificazione": 15,
    "rassegna-gestione-associata": 13,
    "guida-programma": 10,
}
ODF = "{urn:oasis:names:tc:opendocument:xmlns:%s:1.0}"
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def path(document: DocumentLine) -> Path:
    return HERE / "files" / str(document.file)


def of(file_format: FileFormat) -> list[DocumentLine]:
    return [document for document in OWN.values() if document.format is file_format]


def each(file_format: FileFormat) -> pytest.MarkDecorator:
    documents = of(file_format)
    assert documents, f"no document of our own is {file_format}"
    return pytest.mark.parametrize("document", documents, ids=lambda document: document.key)


@cache
def texts(key: str) -> tuple[str, ...]:
    """The text of each page of a PDF, read once for all tests."""
    return tuple(page.extract_text() for page in PdfReader(path(OWN[key])).pages)


def letters(text: str) -> str:
    """The text without what a page changes: blanks, shapes of quotes and hyphens."""
    return re.sub(r"[\s'’‘\"“”«»|/-]+", "", text).casefold()


def test_there_are_ten_or_more_in_seven_formats_and_light() -> None:
    assert len(OWN) >= 10
    assert {document.format for document in OWN.values()} >= {
        FileFormat.PDF,
        FileFormat.DOCX,
        FileFormat.ODT,
        FileFormat.PPTX,
        FileFormat.XLSX,
        FileFormat.HTML,
        FileFormat.VTT,
    }
    assert sum(path(document).stat().st_size for document in OWN.values()) < 3_000_000


def test_the_folder_holds_nothing_without_a_record() -> None:
    assert {file.name for file in (HERE / "files").iterdir()} == {
        document.file for document in OWN.values()
    }


def test_three_or_more_have_more_than_ten_pages() -> None:
    long = [
        document for document in of(FileFormat.PDF) if len(PdfReader(path(document)).pages) > 10
    ]
    assert len(long) >= 3


@each(FileFormat.PDF)
def test_a_pdf_is_tagged_with_language_title_and_bookmarks(document: DocumentLine) -> None:
    reader = PdfReader(path(document))
    root = reader.root_object
    assert bool(root["/MarkInfo"]["/Marked"])
    assert "/StructTreeRoot" in root
    assert str(root["/Lang"]).startswith("it")
    assert bool(root["/ViewerPreferences"]["/DisplayDocTitle"])
    assert reader.metadata is not None
    assert reader.metadata.title == document.title
    assert len(reader.outline) >= 5
    assert len(reader.pages) >= PAGES[document.key]


@each(FileFormat.PDF)
def test_every_page_of_a_pdf_has_text(document: DocumentLine) -> None:
    assert all(len(page) > 60 for page in texts(document.key))


@each(FileFormat.DOCX)
def test_a_word_file_has_properties_headings_and_header_rows(document: DocumentLine) -> None:
    word = Document(str(path(document)))
    assert word.core_properties.title == document.title
    assert word.core_properties.language == "it-IT"
    assert sum(p.style.name.startswith("Heading") for p in word.paragraphs if p.style) >= 5
    for table in word.tables:
        assert table.rows[0]._tr.find(f"{W}trPr/{W}tblHeader") is not None
    languages = {node.get(f"{W}val") for node in word.styles.element.iter(f"{W}lang")}
    assert languages == {"it-IT"}


@each(FileFormat.ODT)
def test_an_opendocument_text_has_its_media_type_language_and_headings(
    document: DocumentLine,
) -> None:
    with ZipFile(path(document)) as archive:
        first = archive.infolist()[0]
        assert first.filename == "mimetype"
        assert first.compress_type == 0
        assert archive.read("mimetype").decode() == MEDIA_TYPES[FileFormat.ODT]
        meta, styles, content = (
            ElementTree.fromstring(archive.read(name))  # noqa: S314  (a file of our own)
            for name in ("meta.xml", "styles.xml", "content.xml")
        )
    assert document.title in [
        node.text for node in meta.iter("{http://purl.org/dc/elements/1.1/}title")
    ]
    language = f"{ODF % 'xsl-fo-compatible'}language"
    assert {node.get(language) for node in styles.iter() if node.get(language)} == {"it"}
    assert len(list(content.iter(f"{ODF % 'text'}h"))) >= 5
    for table in content.iter(f"{ODF % 'table'}table"):
        assert table.find(f"{ODF % 'table'}table-header-rows") is not None


@each(FileFormat.PPTX)
def test_every_slide_has_a_title_and_the_words_to_say(document: DocumentLine) -> None:
    slides = Presentation(str(path(document)))
    assert slides.core_properties.title == document.title
    for slide in slides.slides:
        assert slide.shapes.title is not None
        assert slide.shapes.title.text_frame.text
        assert slide.has_notes_slide
        assert slide.notes_slide.notes_text_frame.text
    titles = [slide.shapes.title.text_frame.text for slide in slides.slides]
    assert len(set(titles)) == len(titles)


@each(FileFormat.HTML)
def test_a_page_is_whole_valid_and_asks_nothing_of_others(document: DocumentLine) -> None:
    source = path(document).read_text(encoding="utf-8")
    parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
    page = parser.parse(source)
    assert page.get("lang") == "it"
    assert page.findtext("head/title") == document.title
    assert len(list(page.iter("h1"))) == 1
    ids = {node.get("id") for node in page.iter() if node.get("id")}
    inside = [a.get("href") for a in page.iter("a") if a.get("href", "").startswith("#")]
    assert inside
    assert {str(address)[1:] for address in inside} <= ids
    assert not [
        node.tag for node in page.iter() if node.get("src") or node.tag in ("link", "script")
    ]
    assert all(cell.get("scope") == "col" for cell in page.iter("th"))


@each(FileFormat.VTT)
def test_the_cues_follow_one_another_and_are_the_words_of_the_slides(
    document: DocumentLine,
) -> None:
    cues = webvtt.read(str(path(document))).captions
    moments = [moment for cue in cues for moment in (cue.start_in_seconds, cue.end_in_seconds)]
    assert moments == sorted(moments)
    (slides,) = of(FileFormat.PPTX)
    notes = [
        slide.notes_slide.notes_text_frame.text
        for slide in list(Presentation(str(path(slides))).slides)[1:]
    ]
    assert " ".join(cue.text for cue in cues) == " ".join(" ".join(notes).splitlines())


def rows(sheet: str) -> Iterator[dict[str, object]]:
    (table,) = of(FileFormat.XLSX)
    header, *lines = CalamineWorkbook.from_path(path(table)).get_sheet_by_name(sheet).to_python()
    return (dict(zip(header, line, strict=True)) for line in lines)


def test_the_table_of_cells_says_what_the_sheets_say() -> None:
    by_title = {solution.title: solution for solution in COLLECTION.solutions}
    lines = list(rows("Caselle"))
    assert len(lines) == 42
    assert sum(line["Titolo"] in by_title for line in lines) == len(by_title)
    for line in lines:
        if solution := by_title.get(str(line["Titolo"])):
            assert line["Codice"] == derived_id(solution.key)
            assert line["Sintesi"] == solution.summary
            assert line["Esito"] == solution.outcome
            assert line["Avvertenze"] == (solution.note or "")
        else:
            assert line["Stato"] == "scheda da completare: nessuna fonte trovata"


def test_the_table_of_cities_gives_every_figure_with_its_source() -> None:
    lines = list(rows("Città"))
    assert len(lines) == sum(len(city.figures) for city in COLLECTION.cities)
    assert all(line["Fonte"] for line in lines)
    municipalities = [line["Valore"] for line in lines if line["Dato"] == "Comuni"]
    assert sum(int(float(str(value))) for value in municipalities) == 1268


@pytest.mark.parametrize("area", [area.slug for area in COLLECTION.areas])
def test_a_review_is_in_step_with_the_solutions_of_its_area(area: str) -> None:
    short = "pianificazione" if area == "pianificazione-strategica" else area
    text = pdf_letters(OWN[f"rassegna-{short}"])
    lines: tuple[SolutionLine | GapLine, ...] = (*COLLECTION.solutions, *COLLECTION.gaps)
    for line in lines:
        if line.area != area:
            continue
        said = (
            [line.hint or ""]
            if isinstance(line, GapLine)
            else [line.title, line.summary, line.outcome, line.note or ""]
        )
        for sentence in said:
            assert letters(sentence) in text, (line.city, sentence)


def test_the_profile_is_in_step_with_the_cities() -> None:
    text = pdf_letters(OWN["profilo-citta-metropolitane"])
    for city in COLLECTION.cities:
        assert letters(city.name) in text
        assert letters(city.note or "") in text, city.slug


def test_the_glossary_explains_every_acronym() -> None:
    word = Document(str(path(OWN["glossario-acronimi"])))
    told = {cell.text for table in word.tables for row in table.rows for cell in row.cells}
    for entry in read_sheet(HERE / "vocabulary.yaml", Vocabulary).acronyms:
        assert {entry.acronym, f"{entry.acronym}*"} & told, entry.acronym
        assert entry.meaning in told, entry.acronym


def pdf_letters(document: DocumentLine) -> str:
    # Footers stand between the pages: they are cut, so that a sentence may run across them.
    footer = re.compile(rf"{re.escape(document.title)}\s+\d+\s*$")
    return letters(" ".join(footer.sub("", page) for page in texts(document.key)))
