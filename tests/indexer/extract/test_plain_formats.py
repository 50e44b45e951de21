"""HTML, Markdown, plain text and subtitles, in whatever encoding they come."""

import pytest

from corpus.vocabulary import FileFormat
from indexer.extract import charset
from indexer.extract.base import FailureKind, Heading, Unreadable
from indexer.extract.registry import read_content

ITALIAN = "Perché la città è così: però più giù c’è di più."


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "mac_roman"]
)
def test_the_encoding_is_found_without_being_told(encoding: str) -> None:
    assert charset.decode(ITALIAN.encode(encoding)).lstrip("\ufeff") == ITALIAN


def test_the_encoding_that_a_page_declares_counts_unless_it_is_plainly_utf8() -> None:
    page = '<html><head><meta charset="{}"></head><body>Łódź, Bologna</body></html>'
    latin2 = page.format("iso-8859-2").encode("iso-8859-2")
    assert read_content(latin2).pages[0].text == "Łódź, Bologna"
    wrong = page.format("iso-8859-1").encode()
    assert read_content(wrong).pages[0].text == "Łódź, Bologna"


def test_random_bytes_are_no_text() -> None:
    with pytest.raises(Unreadable) as failure:
        charset.decode(bytes(range(256)) * 50)
    assert failure.value.kind is FailureKind.CORRUPT


def test_a_page_gives_the_words_that_a_reader_sees() -> None:
    page = """<!doctype html><html lang="it"><head><title>Guida &amp; regole</title>
      <meta name="author" content="Ada Neri"><meta name="dcterms.date" content="2023-05-01">
      <style>p{color:red}</style></head><body><h1>Guida</h1><script>ruba()</script>
      <p>Primo<br>riga <b>due</b></p><table><tr><th>a<td>b</table><noscript>senza</noscript>
      <img src=x alt="foto"><!-- nota --><ul><li>voce</ul></body></html>"""
    extract = read_content(page.encode())
    assert extract.pages[0].text.split("\n") == ["Guida", "Primo", "riga due", "a | b", "voce"]
    assert (extract.title, extract.authors) == ("Guida & regole", ("Ada Neri",))
    assert str(extract.issued) == "2023-05-01"
    assert extract.accessibility.language == "it"
    assert extract.accessibility.alternative_texts is True
    assert extract.outline == (Heading(1, "Guida", 1),)


def test_markup_in_the_text_stays_text() -> None:
    page = "<html><title>&lt;script&gt;alert(1)&lt;/script&gt; del titolo</title><p>&lt;b&gt;x"
    extract = read_content(page.encode())
    assert extract.title == "<script>alert(1)</script> del titolo"
    assert extract.pages[0].text == "<b>x"


@pytest.mark.parametrize(
    "page",
    [
        "<div>" * 50_000 + "in fondo" + "</div>" * 50_000,
        "<p " + " ".join(f'a{n}="x"' for n in range(50_000)) + ">in fondo</p>",
        "<p>in fondo</p>" + "<a" * 50_000,
        "<p>in fondo</p>" + "</" * 50_000,
    ],
    ids=["nested", "attributes", "open tags", "open end tags"],
)
def test_markup_made_to_waste_time_is_read_quickly(page: str) -> None:
    assert read_content(page.encode()).pages[0].text.startswith("in fondo")


def test_markdown_gives_words_without_signs() -> None:
    text = (
        "---\nlayout: page\n---\n# Piano d'azione\n\nUn *testo* con [collegamento](http://a.it) e"
        " `codice`.\n\n| a | b |\n|---|---|\n| c | d |\n\n<script>ruba()</script>\n\n<p>html</p>\n"
    )
    extract = read_content(text.encode(), "nota.md")
    assert extract.format is FileFormat.MARKDOWN
    assert extract.title == "Piano d'azione"
    assert extract.pages[0].text.split("\n") == [
        "Piano d'azione",
        "Un testo con collegamento e codice.",
        "a | b",
        "c | d",
        "html",
    ]


def test_plain_text_loses_what_cannot_be_seen_and_keeps_every_word() -> None:
    text = "citta\u0300 \u202erovesciata\u202c zero\u200blarghezza \x00 fine"
    assert read_content(text.encode()).pages[0].text == "città rovesciata zerolarghezza fine"


def test_a_text_of_blanks_is_accepted_as_without_text() -> None:
    extract = read_content(b" \r\n" * 50)
    assert extract.without_text
    assert extract.warnings


def test_subtitles_are_grouped_by_the_minute_and_labelled_with_the_time() -> None:
    text = (
        "\ufeffWEBVTT - Prima lezione\r\n\r\nSTYLE\r\n::cue { color: red }\r\n\r\nNOTE nascosta\r\n"
        "\r\n1\r\n00:00:01.000 --> 00:00:02.000 line:90%\r\n"
        "<v Docente>Buongiorno a <b>tutti</b></v>\r\n"
        "\r\n2\r\n00:00:59.000 --> 00:01:02.000\r\nOggi &amp; domani\r\nparliamo\r\n\r\n"
        "apertura\r\n01:01:05.500 --> 01:01:06.000\r\nFine <i>qui</i>\r\n"
    )
    extract = read_content(text.encode())
    assert extract.format is FileFormat.VTT
    assert extract.unit == "tempo"
    assert extract.title == "Prima lezione"
    assert [(page.label, page.text) for page in extract.pages] == [
        ("00:00:01", "Buongiorno a tutti\nOggi & domani parliamo"),
        ("01:01:05", "Fine qui"),
    ]


def test_subrip_keeps_numbers_and_lines_that_belong_to_the_speech() -> None:
    text = (
        "1\n00:00:01,000 --> 00:00:02,000\nNel\n2024\n\n\n2\n00:00:03,000 --> 00:00:04,000\n"
        "{\\an8}<i>quattordici</i>\n\ncittà\n\n3\n00:02:00,000 --> 00:02:01,000\nfine\n"
    )
    extract = read_content(text.encode())
    assert extract.format is FileFormat.SRT
    assert [page.text for page in extract.pages] == ["Nel 2024\nquattordici città", "fine"]


def test_times_out_of_order_lose_no_words() -> None:
    text = "WEBVTT\n\n99:59:59.999 --> 00:00:00.000\nprima\n\n00:01.000 --> 00:02.000\ndopo\n"
    extract = read_content(text.encode())
    assert [page.text for page in extract.pages] == ["prima", "dopo"]
