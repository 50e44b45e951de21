"""A passage names its place as the reading view does: by what the reader of the format counts."""

import pytest

from corpus.vocabulary import FileFormat
from indexer.extract.registry import read_content
from portal import labels
from tests.indexer.extract import made

SUBTITLE = "00:00:01.000 --> 00:00:04.000\nUn testo parlato."
PAGE = '<draw:page draw:name="a"><text:p>Un testo</text:p></draw:page>'
SHEET = (
    '<table:table table:name="a"><table:table-row><table:table-cell>'
    "<text:p>Un testo</text:p></table:table-cell></table:table-row></table:table>"
)
FILES = {
    FileFormat.PDF: ("a.pdf", made.pdf("Un testo")),
    FileFormat.DOCX: ("a.docx", made.docx(made.paragraph("Un testo"))),
    FileFormat.ODT: ("a.odt", made.open_document("text", "<text:p>Un testo</text:p>")),
    FileFormat.PPTX: ("a.pptx", made.pptx(["<a:p><a:r><a:t>Un testo</a:t></a:r></a:p>"])),
    FileFormat.ODP: ("a.odp", made.open_document("presentation", PAGE)),
    FileFormat.XLSX: ("a.xlsx", made.xlsx('<row r="1"><c r="A1"><v>12</v></c></row>')),
    FileFormat.ODS: ("a.ods", made.open_document("spreadsheet", SHEET)),
    FileFormat.HTML: ("a.html", b"<!DOCTYPE html><html><body><p>Un testo</p></body></html>"),
    FileFormat.MARKDOWN: ("a.md", b"# Titolo\n\nUn testo"),
    FileFormat.TEXT: ("a.txt", b"Un testo"),
    FileFormat.VTT: ("a.vtt", f"WEBVTT\n\n{SUBTITLE}\n".encode()),
    FileFormat.SRT: ("a.srt", f"1\n{SUBTITLE.replace('.000', ',000')}\n".encode()),
}


@pytest.mark.parametrize("format", FileFormat)
def test_each_format_is_counted_as_its_reader_counts_it(format: FileFormat) -> None:
    name, content = FILES[format]
    extract = read_content(content, name)
    assert extract.format is format
    assert labels.UNITS.get(format, "sezione") == extract.unit
    assert extract.unit in labels.PLACES
    assert extract.unit in labels.EXTENTS
