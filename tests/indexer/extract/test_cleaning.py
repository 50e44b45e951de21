"""The steps that make extracted text plain, each on its own."""

from datetime import date, timedelta

import pytest

from indexer.extract.cleaning import clean, clean_line
from indexer.extract.language import language_of
from indexer.extract.legibility import is_legible
from indexer.extract.repeated import without_running_lines
from indexer.extract.sections import CHARACTERS, WORDS, Block, split
from indexer.extract.titles import first_title, sane_authors, sane_date, sane_title


@pytest.mark.parametrize(
    ("raw", "plain"),
    [
        ("citta\u0300", "città"),
        ("ﬁnanza e aﬃdamento", "finanza e affidamento"),
        ("sempli\u00adficare", "semplificare"),
        ("sempli\ufffeficare", "semplificare"),
        ("sempli\u0002\r\nficare", "semplificare"),
        ("Emilia\u0002\r\nRomagna", "Emilia-Romagna"),
        ("Covid\ufffe19", "Covid-19"),
        ("sempli\u2010\r\nficare", "semplificare"),
        ("ALI\u2010\nMENTARI", "ALIMENTARI"),
        ("Emilia\u2010\nRomagna", "Emilia-Romagna"),
        ("endo\u2010procedimento", "endo\u2010procedimento"),
        ("a\u00a0b\u2009 c", "a b c"),
        ("a\x00\u200b\u202eb\u2069", "ab"),
        ("riga\r\n  seguente\u2028fine", "riga\nseguente\nfine"),
        ("a\n\n\n\n\nb", "a\n\nb"),
        ("\uf0b7 punto", "punto"),
        ("m² e ½, già", "m² e ½, già"),
        ("\ud800solo", "solo"),
        ("日本語 العربية", "日本語 العربية"),
    ],
)
def test_text_is_plain(raw: str, plain: str) -> None:
    assert clean(raw) == plain


def test_a_line_is_one_line_of_bounded_length() -> None:
    assert clean_line("uno\n due\t tre", 8) == "uno due"
    assert len(clean_line("a" * 1_000_000)) == 300


def page(number: int, words: int = 60) -> str:
    name = "abcdefghi"[number]
    body = " ".join([f"inizio-{name}", *("parola" for _ in range(words)), f"fine-{name}"])
    return f"Comune di Esempio\nPagina {number} di 9\n{body}\nseconda riga {name}"


def test_running_lines_stay_on_their_first_page_only() -> None:
    pages = without_running_lines([page(number, 300) for number in range(9)])
    assert pages[0] == page(0, 300)
    assert [text.count("Comune di Esempio") for text in pages] == [1] + [0] * 8
    assert all(f"fine-{'abcdefghi'[at]}" in text for at, text in enumerate(pages))


def test_running_lines_that_weigh_much_move_to_the_foot_and_no_word_is_lost() -> None:
    pages = without_running_lines([page(number, 20) for number in range(9)])
    assert pages[5].startswith("inizio-f")
    assert pages[5].endswith("Comune di Esempio\nPagina 5 di 9")
    kept = sum(len(text.split()) for text in pages)
    assert kept >= 0.97 * sum(len(page(number, 20).split()) for number in range(9))


def test_a_document_of_three_pages_has_no_running_lines() -> None:
    pages = [page(number) for number in range(3)]
    assert without_running_lines(pages) == pages


def test_sections_lose_nothing_and_are_neither_long_nor_cut_at_every_heading() -> None:
    blocks = [Block(f"Capo {at}", 2) if at % 3 == 0 else Block("parola " * 80) for at in range(60)]
    sections, outline = split(blocks)
    assert "\n".join(sections) == "\n".join(block.text for block in blocks)
    assert all(100 <= len(section.split()) <= WORDS for section in sections[:-1])
    assert [heading.text for heading in outline] == [f"Capo {at}" for at in range(0, 60, 3)]
    assert all(heading.text in sections[heading.page - 1] for heading in outline if heading.page)


def test_a_word_without_end_is_cut_into_sections() -> None:
    sections, _ = split([Block("x" * (3 * CHARACTERS + 5))])
    assert [len(section) for section in sections] == [CHARACTERS] * 3 + [5]


@pytest.mark.parametrize(
    "title",
    [
        "Microsoft Word - relazione.doc",
        "relazione_finale_v2.docx",
        "Documento1",
        "Presentazione standard di PowerPoint",
        "Untitled",
        "Senza titolo",
        "12/2024",
        "ReferenceManual2",
        "${titolo}",
        "x" * 300,
        "",
    ],
)
def test_what_programs_write_is_no_title(title: str) -> None:
    assert sane_title(title) == ""


def test_metadata_come_first_and_generic_lines_never() -> None:
    lines = ["INDICE", "Premessa", "e continua qui", "Piano dei servizi", "altro"]
    assert first_title(["Piano strategico"], lines) == "Piano strategico"
    assert first_title(["Microsoft Word - a.doc"], lines) == "Piano dei servizi"
    assert first_title([], []) == ""


def test_accounts_of_computers_are_no_authors() -> None:
    names = ["Ada Neri; utente; mrossi", "Regione Veneto", "ANCI", "admin", "OGGERO Paolo 1796"]
    assert sane_authors(names) == ("Ada Neri", "Regione Veneto", "ANCI", "OGGERO Paolo")


def test_dates_are_days_of_our_time() -> None:
    today = date.today()
    assert sane_date("2024-03-05T10:00:00Z") == date(2024, 3, 5)
    assert sane_date(today) == today
    for wrong in ("domani", "99999", "1970-01-01", today + timedelta(days=30), None):
        assert sane_date(wrong) is None


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Il Consiglio metropolitano approva il piano strategico e lo pubblica.", "it"),
        ("The metropolitan council approves the strategic plan and publishes it.", "en"),
        ("Le conseil métropolitain approuve le plan stratégique et le publie.", "fr"),
        ("Der Rat der Metropolregion genehmigt den strategischen Plan.", "de"),
        ("12 345 678", ""),
        ("", ""),
    ],
)
def test_the_language_is_that_of_the_text(text: str, language: str) -> None:
    assert language_of([text]) == language


def test_a_text_in_several_languages_with_italian_is_italian() -> None:
    mixed = (
        "nascita di un figlio | birth of a child | Geburt eines Kindes | iscrizione a scuola |"
        " school registration | Anmeldung in der Schule | cambio di residenza | change of address"
    )
    assert language_of([mixed]) == "it"


@pytest.mark.parametrize(
    "text",
    [
        "La città metropolitana approva il piano strategico triennale.",
        "Die Stadtverwaltung genehmigt den strategischen Plan der Region.",
        "12,50 € | 13,40 € | 1.250,00 € | 45 % | 2024 | 2025 | 17/03/2024",
        "日本語の文章はラテン文字ではありません。日本語の文章はラテン文字ではありません。",
        "METROPOLI01 METROPOLI01 METROPOLI01 METROPOLI01",
        "CIG 7X2",
    ],
)
def test_honest_texts_are_legible(text: str) -> None:
    assert is_legible([text])


@pytest.mark.parametrize(
    "text",
    [
        "Od flwwà phwursrolwdqd dssuryd lo sldqr vwudwhjlfr wulhqqdoh gho frpxqh",
        '&P""R24"U@G@+P"R9R-PGU@7R&P""R24"U@G@+P"R9R-PGU@7R&P""R24"U@G@+P"R9R-PGU@7R',
    ],
)
def test_letters_that_make_no_words_are_illegible(text: str) -> None:
    assert not is_legible([text])
