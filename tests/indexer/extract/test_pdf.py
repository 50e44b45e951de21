"""PDF: whole words by page, facts of the structure, and a word for what cannot be read."""

import builtins
import io
import zlib
from collections.abc import Mapping, Sequence
from types import ModuleType

import pypdf
import pytest

from indexer.extract.base import Extract, FailureKind, Heading, Unreadable
from indexer.extract.limits import Limits
from indexer.extract.registry import read_content
from tests.indexer.extract.made import pdf, stream

PICTURE = (
    b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 11 0 R"
    b" /Resources << /XObject << /I 30 0 R >> >> >>"
)
IMAGE = stream(
    b"\0" * 8,
    "/Type /XObject /Subtype /Image /Width 8 /Height 8 /BitsPerComponent 1 /ColorSpace /DeviceGray",
)


def texts(extract: Extract) -> list[str]:
    return [page.text for page in extract.pages]


def kind_of(content: bytes, limits: Limits | None = None) -> FailureKind:
    with pytest.raises(Unreadable) as failure:
        read_content(content, limits=limits or Limits())
    return failure.value.kind


@pytest.fixture(params=["both readers", "pypdf alone"])
def readers(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Everything that is promised holds also where pypdfium2 is not installed."""
    if request.param == "pypdf alone":
        found = builtins.__import__

        def without_pdfium(
            name: str,
            globals: Mapping[str, object] | None = None,
            locals: Mapping[str, object] | None = None,
            fromlist: Sequence[str] = (),
            level: int = 0,
        ) -> ModuleType:
            if name == "indexer.extract.pdf_text":
                raise ImportError(name)
            return found(name, globals, locals, fromlist, level)

        monkeypatch.setattr(builtins, "__import__", without_pdfium)
    return str(request.param)


@pytest.mark.usefixtures("readers")
class TestWithEitherReader:
    def test_pages_hold_their_text_in_order(self) -> None:
        extract = read_content(pdf("La città metropolitana", "", "Terza pagina"))
        assert extract.unit == "pagina"
        assert texts(extract) == ["La città metropolitana", "", "Terza pagina"]
        assert [page.number for page in extract.pages] == [1, 2, 3]

    def test_words_broken_at_line_ends_are_joined(self) -> None:
        lines = ["la semplifica-", "zione ammini-", "strativa in Emilia-", "Romagna"]
        assert " ".join(texts(read_content(pdf(lines)))[0].split()) == (
            "la semplificazione amministrativa in Emilia-Romagna"
        )

    def test_facts_of_the_structure(self) -> None:
        objects = {
            40: b"<< /Title (Piano strategico) /Author (Ada Neri; admin)"
            b" /CreationDate (D:20240305120000+01'00') >>",
            41: b"<< /First 42 0 R /Last 42 0 R >>",
            42: b"<< /Title (Capo primo) /Parent 41 0 R /Dest [12 0 R /Fit] >>",
        }
        extract = read_content(
            pdf(
                "Il piano strategico della città metropolitana di Bologna",
                "Seconda pagina del piano",
                objects=objects,
                Info="40 0 R",
                Outlines="41 0 R",
                Lang="(it-IT)",
                MarkInfo="<< /Marked true >>",
                StructTreeRoot="<< /Type /StructTreeRoot >>",
                PageLabels="<< /Nums [0 << /S /r >>] >>",
            )
        )
        assert extract.title == "Piano strategico"
        assert extract.authors == ("Ada Neri",)
        assert str(extract.issued) == "2024-03-05"
        assert extract.language == "it"
        assert extract.outline == (Heading(1, "Capo primo", 2),)
        assert [page.label for page in extract.pages] == ["i", "ii"]
        facts = extract.accessibility
        assert (facts.tagged, facts.language, facts.title) == (True, "it-IT", True)
        assert (facts.bookmarks, facts.text_layer) == (True, True)

    def test_a_page_without_any_text_is_said_to_be_without(self) -> None:
        extract = read_content(pdf(""))
        assert extract.without_text
        assert extract.accessibility.text_layer is False
        assert extract.warnings

    def test_text_of_a_font_without_a_letter_table_is_said_to_be_illegible(self) -> None:
        glyphs = " ".join(f"/g{code}" for code in range(33, 91))
        font = (
            "<< /Type /Font /Subtype /Type1 /BaseFont /ABCDEF+Misto /FirstChar 33 /LastChar 90"
            f" /Encoding << /Type /Encoding /Differences [33 {glyphs}] >> >>"
        )
        words = "CITTAMETROPOLITANADIPROVA" * 4
        drawn = "".join(chr(33 + (ord(letter) * 7) % 58) for letter in words)
        extract = read_content(pdf(drawn, objects={3: font.encode()}))
        assert extract.without_text
        assert extract.language == ""

    def test_a_file_cut_in_the_middle_is_damaged(self) -> None:
        whole = pdf("Una pagina", "Un'altra pagina")
        assert kind_of(whole[: len(whole) * 45 // 100]) is FailureKind.CORRUPT

    def test_too_many_pages_are_refused(self) -> None:
        assert kind_of(pdf(*"abcd"), Limits(pages=3)) is FailureKind.TOO_MANY_PAGES

    @pytest.mark.parametrize("filters", [1, 2])
    def test_a_stream_that_expands_without_measure_is_refused(self, filters: int) -> None:
        content = b" " * (1 << 20)
        names = ""
        for _ in range(filters):
            content = zlib.compress(content, 9)
            names += "/FlateDecode "
        objects = {11: stream(content, f"/Filter [{names}]")}
        limits = Limits(stream_bytes=1 << 18)
        assert kind_of(pdf("x", objects=objects), limits) is FailureKind.TOO_MUCH_EXPANSION

    def test_markup_stays_text(self) -> None:
        extract = read_content(
            pdf(
                "<script>alert(1)</script> nel testo",
                objects={40: b"<< /Title (<b>Titolo</b> del piano) >>"},
                Info="40 0 R",
            )
        )
        assert texts(extract) == ["<script>alert(1)</script> nel testo"]
        assert extract.title == "<b>Titolo</b> del piano"


def test_a_picture_is_not_a_bomb_however_large_it_is() -> None:
    image = stream(
        bytes(1 << 20),
        "/Type /XObject /Subtype /Image /Width 2896 /Height 2896 /BitsPerComponent 1"
        " /ColorSpace /DeviceGray",
        packed=True,
    )
    extract = read_content(pdf("Con figura", objects={30: image}), limits=Limits(stream_bytes=1000))
    assert texts(extract) == ["Con figura"]


def test_pages_that_are_pictures_are_named() -> None:
    drawing = stream(b"q 500 0 0 800 40 20 cm /I Do Q")
    objects = {12: PICTURE.replace(b"11 0 R", b"13 0 R"), 13: drawing, 30: IMAGE}
    extract = read_content(pdf("Una pagina di testo", "", objects=objects))
    assert not extract.without_text
    assert extract.warnings[0].startswith("La pagina 2 è quasi soltanto immagine")


def test_a_scan_with_stamps_only_is_without_text() -> None:
    page = PICTURE.replace(b"/Resources <<", b"/Resources << /Font << /F1 3 0 R >>")
    drawing = stream(b"q 500 0 0 800 40 20 cm /I Do Q BT /F1 12 Tf 9 9 Td (pag. 1) Tj ET")
    objects = {10 + 2 * at: page for at in range(4)} | {11: drawing, 30: IMAGE}
    extract = read_content(pdf("", "", "", "", objects=objects))
    assert extract.without_text
    assert texts(extract)[0] == "pag. 1"


def test_filled_in_fields_and_notes_drawn_on_the_page_are_read() -> None:
    objects = {
        10: b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 11 0 R /Annots"
        b" [40 0 R] /Resources << /Font << /F1 3 0 R >> >> >>",
        40: b"<< /Type /Annot /Subtype /FreeText /Rect [50 50 300 80] /F 4 /AP << /N 41 0 R >> >>",
        41: stream(
            b"BT /F1 12 Tf 5 5 Td (Ada Neri) Tj ET",
            "/Type /XObject /Subtype /Form /BBox [0 0 250 30]"
            " /Resources << /Font << /F1 3 0 R >> >>",
        ),
    }
    assert "Ada Neri" in texts(read_content(pdf("Nome del richiedente", objects=objects)))[0]


def test_the_largest_words_are_the_title_where_the_file_has_none() -> None:
    drawn = stream(
        b"BT /F1 10 Tf 60 800 Td (Comune di Esempio) Tj ET"
        b" BT /F1 24 Tf 60 700 Td (Linee guida) Tj 0 -28 Td (per i comuni) Tj ET"
        b" BT /F1 10 Tf 60 600 Td (Queste linee guida dicono come fare.) Tj ET"
        b" BT /F1 10 Tf 60 580 Td (Sono rivolte a tutti i comuni.) Tj ET"
    )
    info = b"<< /Title (Microsoft Word - bozza finale.doc) >>"
    extract = read_content(pdf("", objects={11: drawn, 40: info}, Info="40 0 R"))
    assert extract.title == "Linee guida per i comuni"


def test_bookmarks_that_chase_each_other_end() -> None:
    objects = {
        41: b"<< /First 42 0 R /Last 43 0 R >>",
        42: b"<< /Title (A) /Parent 41 0 R /Next 43 0 R /Dest [10 0 R /Fit] >>",
        43: b"<< /Title (B) /Parent 41 0 R /Next 42 0 R /First 41 0 R /Dest [10 0 R /Fit] >>",
    }
    extract = read_content(pdf("Testo", objects=objects, Outlines="41 0 R"))
    assert texts(extract) == ["Testo"]
    assert len(extract.outline) < 100


def test_a_page_that_cannot_be_found_is_named_and_the_others_are_read() -> None:
    objects = {2: b"<< /Type /Pages /Kids [10 0 R 99 0 R 12 0 R] /Count 3 >>"}
    extract = read_content(pdf("Prima", "Terza", objects=objects))
    assert texts(extract) == ["Prima", "", "Terza"]
    assert extract.warnings == ("La pagina 2 non è leggibile: il suo testo manca.",)


def test_a_password_is_asked_for_in_words() -> None:
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(pdf("Riservato")))
    writer.encrypt("segreta", algorithm="AES-256")
    locked = io.BytesIO()
    writer.write(locked)
    with pytest.raises(Unreadable) as failure:
        read_content(locked.getvalue())
    assert failure.value.kind is FailureKind.ENCRYPTED
    assert "salvalo senza protezione" in failure.value.message


def test_a_file_that_only_forbids_printing_is_read() -> None:
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(pdf("Leggibile da tutti", Lang="(it)")))
    writer.encrypt("", "proprietario", algorithm="AES-256")
    locked = io.BytesIO()
    writer.write(locked)
    extract = read_content(locked.getvalue())
    assert texts(extract) == ["Leggibile da tutti"]
    assert extract.accessibility.language == "it"
