"""Texts from outside."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.texts import FILENAME_LENGTH, clean_filename, clean_line, clean_text, is_web_address

ANY_TEXT = st.text(st.characters())  # halves of surrogate pairs included


@given(ANY_TEXT)
def test_a_clean_text_can_be_written_and_holds_no_control(text: str) -> None:
    clean = clean_text(text)
    clean.encode()
    assert unicodedata.is_normalized("NFC", clean)
    assert not any(unicodedata.category(c) in ("Cc", "Cs") and c != "\n" for c in clean)
    assert not any(unicodedata.bidirectional(c) in BIDI for c in clean)
    assert clean == clean.strip()


BIDI = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}


@given(ANY_TEXT)
def test_cleaning_a_clean_text_changes_nothing(text: str) -> None:
    assert clean_text(clean_text(text)) == clean_text(text)


@given(ANY_TEXT)
def test_a_clean_line_is_one_line(text: str) -> None:
    assert len(clean_line(text).splitlines()) <= 1


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("  perche\u0301  è \t così ", "perché è così"),
        ("uno\r\ndue\rtre", "uno\ndue\ntre"),
        ("uno\n\n\n\n\ndue", "uno\n\ndue"),
        ("Piano\u202efdp.exe", "Pianofdp.exe"),
        ("metro\u00adpoli\u200b", "metropoli"),
        ("a\x00b\x1b[31m", "ab[31m"),
        ("👩\u200d🔧 al lavoro", "👩\u200d🔧 al lavoro"),
    ],
)
def test_texts_are_cleaned_and_kept_readable(text: str, clean: str) -> None:
    assert clean_text(text) == clean


@given(ANY_TEXT)
def test_a_file_name_is_never_empty_long_or_a_path(name: str) -> None:
    clean = clean_filename(name)
    assert 0 < len(clean) <= FILENAME_LENGTH
    assert "/" not in clean
    assert "\\" not in clean
    assert clean not in (".", "..")


@pytest.mark.parametrize(
    ("name", "clean"),
    [
        ("C:\\Documenti\\piano.pdf", "piano.pdf"),
        ("../../etc/passwd", "passwd"),
        ("..", "documento"),
        ("", "documento"),
        ("piano\u202efdp.exe", "pianofdp.exe"),
        ("x" * 300 + ".pdf", "x" * (FILENAME_LENGTH - 4) + ".pdf"),
    ],
)
def test_file_names_lose_folders_and_keep_their_ending(name: str, clean: str) -> None:
    assert clean_filename(name) == clean


@pytest.mark.parametrize(
    "address",
    [
        "https://example.org",
        "http://example.org:8080/a/b?c=d&e=%20#f",
        "HTTPS://Example.ORG/",
        "https://www.cittametropolitana.genova.it/it/citt%C3%A0-metropolitane",
        "https://città.example.org/",
    ],
)
def test_web_addresses_are_accepted(address: str) -> None:
    assert is_web_address(address)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "www.example.org",
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "data:text/html,x",
        "ftp://example.org/",
        "file:///etc/passwd",
        "//example.org/",
        "http://",
        "http:///path",
        "http://localhost/",
        "https://user:secret@example.org/",
        "https://example.org@evil.example/",
        "https://example.org/a b",
        "https://example.org/\u202e",
        "https://example.org/\n",
        "https://example.org:99999/",
        "https://example.org:x/",
        "https://[::1/",
        'https://example.org/"onclick',
        "https://example.org/<script>",
        "https://example..org/",
        "https://example.org/" + "a" * 2000,
    ],
)
def test_what_is_not_a_plain_web_address_is_refused(address: str) -> None:
    assert not is_web_address(address)


@given(ANY_TEXT)
def test_judging_an_address_never_fails(text: str) -> None:
    assert is_web_address("https://" + text) in (True, False)
