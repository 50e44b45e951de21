"""The type of a file is what it holds; a name that promises something else is refused."""

import pytest

from corpus.vocabulary import FileFormat
from indexer.extract.base import FailureKind, Unreadable
from indexer.extract.sniff import sniff
from tests.indexer.extract import made

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
PNG = b"\x89PNG\r\n\x1a\n" + bytes(200)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (made.pdf("Ciao"), FileFormat.PDF),
        (b"Received: by mail\r\n\r\n" + made.pdf("Ciao"), FileFormat.PDF),
        (made.docx(made.paragraph("Ciao")), FileFormat.DOCX),
        (made.pptx([""]), FileFormat.PPTX),
        (made.xlsx(""), FileFormat.XLSX),
        (made.open_document("text", ""), FileFormat.ODT),
        (made.open_document("presentation", ""), FileFormat.ODP),
        (made.open_document("spreadsheet", ""), FileFormat.ODS),
        (b"\n<!-- bozza --><!DOCTYPE html><p>Ciao", FileFormat.HTML),
        (
            '<?xml version="1.0"?><html xmlns="x"><p>Ciao</p></html>'.encode("utf-16"),
            FileFormat.HTML,
        ),
        (b"WEBVTT\n\n00:01.000 --> 00:02.000\nCiao\n", FileFormat.VTT),
        (b"00:01.000 --> 00:02.000\nCiao\n", FileFormat.VTT),
        (b"1\n00:00:01,000 --> 00:00:02,000\nCiao\n", FileFormat.SRT),
        (b"# Titolo\n\n[a](b) e **c**\n\n- uno\n- due\n", FileFormat.MARKDOWN),
        ("La città è qui.".encode(), FileFormat.TEXT),
        ("La città è qui.".encode("utf-16-le"), FileFormat.TEXT),
    ],
)
def test_content_decides(content: bytes, expected: FileFormat) -> None:
    assert sniff(content) is expected


@pytest.mark.parametrize(
    ("content", "name", "kind"),
    [
        (b"", "vuoto.pdf", FailureKind.EMPTY),
        (made.pdf("Ciao"), "relazione.docx", FailureKind.TYPE_MISMATCH),
        (b"<html><p>Ciao</p></html>", "relazione.pdf", FailureKind.TYPE_MISMATCH),
        (rb"{\rtf1 ciao}", "relazione.docx", FailureKind.TYPE_MISMATCH),
        (rb"{\rtf1 ciao}", "relazione.rtf", FailureKind.TYPE_REFUSED),
        (PNG, "relazione.pdf", FailureKind.TYPE_MISMATCH),
        (PNG, "foto.png", FailureKind.TYPE_REFUSED),
        (PNG, None, FailureKind.TYPE_REFUSED),
        (b"\x7fELF\x02\x01\x01" + bytes(400), "atto.docx", FailureKind.TYPE_MISMATCH),
        (bytes(range(256)) * 80, "nota.txt", FailureKind.TYPE_MISMATCH),
        (b'<svg xmlns="http://www.w3.org/2000/svg"/>', "logo.svg", FailureKind.TYPE_REFUSED),
        (b'<?xml version="1.0"?><dati/>', "dati.xml", FailureKind.TYPE_REFUSED),
        (made.archive({"leggimi.txt": "Ciao"}), "archivio.zip", FailureKind.TYPE_REFUSED),
        (made.archive({"leggimi.txt": "Ciao"}), "atto.docx", FailureKind.TYPE_MISMATCH),
        (OLE, "atto.doc", FailureKind.TYPE_REFUSED),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "atto.docx", FailureKind.ENCRYPTED),
        (made.docx(made.paragraph("Ciao")), "atto.docm", FailureKind.MACRO),
        (made.pdf("Ciao"), "fattura\u202efdp.exe", FailureKind.INVALID_NAME),
        (made.pdf("Ciao"), "a\x00.pdf", FailureKind.INVALID_NAME),
    ],
)
def test_what_is_not_accepted_has_its_kind(
    content: bytes, name: str | None, kind: FailureKind
) -> None:
    with pytest.raises(Unreadable) as failure:
        sniff(content, name)
    assert failure.value.kind is kind
    assert failure.value.message.endswith(".")


@pytest.mark.parametrize(
    ("stream", "new"),
    [("WordDocument", ".docx"), ("PowerPoint Document", ".pptx"), ("Workbook", ".xlsx")],
)
def test_an_old_office_file_is_refused_with_the_format_to_save_it_in(stream: str, new: str) -> None:
    with pytest.raises(Unreadable) as failure:
        sniff(OLE + stream.encode("utf-16-le"))
    assert failure.value.kind is FailureKind.TYPE_REFUSED
    assert f"salvalo come {new}" in failure.value.message


def test_the_name_chooses_only_between_kinds_of_plain_text() -> None:
    assert sniff(b"una riga", "note.md") is FileFormat.MARKDOWN
    assert sniff(b"una riga", "note.txt") is FileFormat.TEXT
    assert sniff(b"una riga", "C:\\cartella\\note.MD ") is FileFormat.MARKDOWN


def test_debris_of_a_pdf_is_left_to_the_reader_that_can_say_it_is_damaged() -> None:
    whole = made.pdf("Ciao")
    assert sniff(whole[9:], "atto.pdf") is FileFormat.PDF
