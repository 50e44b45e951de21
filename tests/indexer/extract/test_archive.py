"""Office files are archives from strangers: checked before use, read in bounds."""

import io
import struct
import zipfile

import pytest

from indexer.extract.archive import Archive
from indexer.extract.base import FailureKind, Unreadable
from indexer.extract.limits import Limits
from indexer.extract.markup import Handler
from indexer.extract.package import package_format
from tests.indexer.extract import made

DOCUMENT = made.docx(made.paragraph("Ciao"))
SMALL = Limits(archive_bytes=1 << 20, part_bytes=1 << 18, stream_bytes=1 << 16, entries=20)


def kind_of(content: bytes, limits: Limits = SMALL) -> FailureKind:
    with pytest.raises(Unreadable) as failure, Archive(content, limits):
        pass
    return failure.value.kind


def test_a_sound_archive_opens_and_streams_its_parts() -> None:
    with Archive(DOCUMENT, SMALL) as archive:
        assert "word/document.xml" in archive
        assert b"Ciao" in archive.open("word/document.xml").read()


@pytest.mark.parametrize(
    "name", ["../fuori.txt", "/etc/fuori", "word/../../fuori", "..\\fuori.txt", "C:/fuori"]
)
def test_a_part_outside_of_the_archive_is_dangerous(name: str) -> None:
    assert kind_of(made.docx("", {name: "x"})) is FailureKind.DANGEROUS_ARCHIVE


def test_a_link_is_dangerous() -> None:
    link = zipfile.ZipInfo("word/link")
    link.external_attr = 0o120777 << 16
    parts = made.archive({"a.xml": "<a/>"})
    packed = io.BytesIO(parts)
    with zipfile.ZipFile(packed, "a") as archive:
        archive.writestr(link, "/etc/passwd")
    assert kind_of(packed.getvalue()) is FailureKind.DANGEROUS_ARCHIVE


def test_entries_that_share_bytes_are_dangerous() -> None:
    content = bytearray(made.archive({"a.txt": "x" * 500, "b.txt": "y" * 500}))
    second = content.rfind(b"PK\x01\x02")
    struct.pack_into("<L", content, second + 42, 0)  # the second entry now starts at the first
    assert kind_of(bytes(content)) is FailureKind.DANGEROUS_ARCHIVE


@pytest.mark.parametrize(
    "parts",
    [
        {f"{at}.txt": "x" for at in range(21)},  # too many entries
        {"a.png": bytes((1 << 20) + 1)},  # too large in all
        {"a.xml": b"<a>" + b" " * (1 << 18) + b"</a>"},  # one XML part too large
        {"a.png": bytes(200_000)},  # too dense
    ],
)
def test_what_expands_too_much_is_refused(parts: dict[str, bytes | str]) -> None:
    assert kind_of(made.archive(parts)) is FailureKind.TOO_MUCH_EXPANSION


def test_a_part_that_is_longer_than_it_says_is_damaged() -> None:
    content = bytearray(made.archive({"a.xml": "<a>" + "x" * 5000 + "</a>"}))
    struct.pack_into("<L", content, content.rfind(b"PK\x01\x02") + 24, 10)
    with pytest.raises(Unreadable) as failure, Archive(bytes(content), SMALL) as archive:
        archive.walk("a.xml", Handler())
    assert failure.value.kind is FailureKind.CORRUPT


@pytest.mark.parametrize("part", ["[Content_Types].xml", "word/settings.xml", "_rels/.rels"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_document_type_in_any_part_is_forbidden(part: str, encoding: str) -> None:
    text = f'<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE a [<!ENTITY e "x">]><a>&e;</a>'
    content = made.docx("", {part: text.encode(encoding)})
    assert kind_of(content) is FailureKind.XML_FORBIDDEN


def test_two_parts_of_one_name_are_ambiguous() -> None:
    packed = io.BytesIO(DOCUMENT)
    with zipfile.ZipFile(packed, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("word/document.xml", "<altro/>")
    assert kind_of(packed.getvalue()) is FailureKind.CORRUPT


def test_a_macro_project_is_refused_under_any_name() -> None:
    assert kind_of(made.docx("", {"word/vbaProject.bin": "x"})) is FailureKind.MACRO


def test_a_truncated_archive_is_damaged() -> None:
    assert kind_of(DOCUMENT[: len(DOCUMENT) * 2 // 3]) is FailureKind.CORRUPT


def test_an_open_document_with_basic_modules_has_macros_and_an_empty_library_has_none() -> None:
    basic = {"Basic/Standard/Module1.xml": "<module/>"}
    with pytest.raises(Unreadable) as failure:
        package_format(made.open_document("text", "", basic), True, SMALL)
    assert failure.value.kind is FailureKind.MACRO
    empty = {"Basic/Standard/script-lb.xml": "<library/>"}
    assert package_format(made.open_document("text", "", empty), True, SMALL).value == "odt"


def test_an_encrypted_open_document_says_so() -> None:
    names = 'xmlns:m="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"'
    manifest = f"<m:manifest {names}><m:file-entry><m:encryption-data/></m:file-entry></m:manifest>"
    with pytest.raises(Unreadable) as failure:
        package_format(
            made.open_document("text", "", {"META-INF/manifest.xml": manifest}), True, SMALL
        )
    assert failure.value.kind is FailureKind.ENCRYPTED
