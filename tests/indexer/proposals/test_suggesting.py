"""What is proposed for a file, and where from: the page, the properties, the lists, the name."""

import time
from datetime import date

import pytest

from corpus.vocabulary import FileFormat, Kind
from indexer.engine import PageText
from indexer.extract.base import Accessibility, Extract, Recognition
from indexer.proposals.base import Origin, Suggestions
from indexer.proposals.places import Places
from indexer.proposals.suggesting import suggest
from tests.indexer.house import AREAS, PLACES, area, city

KNOWN = Places(
    [city(slug, capital) for slug, capital in PLACES.items()],
    [area(slug, *labels) for slug, labels in AREAS.items()],
)


def suggested(*pages: str, name: str = "a.pdf", **facts: object) -> Suggestions:
    texts = tuple(PageText(number, text) for number, text in enumerate(pages, start=1))
    given: dict[str, object] = {"format": FileFormat.PDF, "pages": texts, "language": "it", **facts}
    return suggest(Extract(**given), name, KNOWN)  # type: ignore[arg-type]


def test_a_stated_title_that_the_page_confirms_is_taken() -> None:
    title = suggested(
        "REGIONE LAZIO\nLinee guida sui dati aperti\nVersione 1.0",
        stated_title="Linee guida sui dati aperti",
    ).title
    assert title is not None
    assert (title.value, title.origin) == ("Linee guida sui dati aperti", Origin.PROPERTIES)
    assert title.confidence > 0.8


def test_the_title_of_a_template_yields_to_the_page() -> None:
    title = suggested(
        "MANUALE DI UTILIZZO DEGLI STRUMENTI\nINDICE\n1. Accesso",
        stated_title="Nome Esteso del Servizio",
        headlines=("MANUALE DI UTILIZZO DEGLI STRUMENTI",),
    ).title
    assert title is not None
    assert title.value == "Manuale di utilizzo degli strumenti"
    assert (title.origin, title.page) == (Origin.TEXT, 1)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("REPUBBLICA ITALIANA\nCOMUNE DI BARI\nRegolamento degli orti urbani", "Regolamento degli"),
        (
            "Manuale per gli\noperatori\nGestione del catasto",
            "Gestione del catasto – Manuale per gli operatori",
        ),
        ("S.I.GEO\nSistema informativo geografico\nManuale d'uso", "Sistema informativo geogr"),
        ("Spett. Comune\nOggetto: Richiesta di integrazioni della pratica", "Richiesta di integ"),
        ("Il presente documento aggiorna le linee guida.\nProgetto Alfa beta", "Progetto Alfa"),
    ],
)
def test_titles_are_found_among_the_first_lines(text: str, value: str) -> None:
    title = suggested(text).title
    assert title is not None
    assert title.value.startswith(value)


def test_a_file_without_words_goes_by_its_name() -> None:
    title = suggested("", name="2024_MappaRiduzioni-idriche_v1.2.pdf", without_text=True).title
    assert title is not None
    assert (title.value, title.origin) == ("Mappa Riduzioni idriche", Origin.NAME)


def test_what_was_recognised_on_a_scan_is_proposed_as_from_the_page() -> None:
    title = suggested(
        "COMUNE DI BARI\nRegolamento degli orti urbani",
        name="scan0012.pdf",
        without_text=True,
        recognition=Recognition((1,), recognised=(1,)),
    ).title
    assert title is not None
    assert (title.value, title.origin) == ("Regolamento degli orti urbani", Origin.TEXT)


@pytest.mark.parametrize(
    ("text", "stated", "year"),
    [
        ("Verbale della seduta del 22 maggio 2024\nIl giorno 22 maggio", date(2024, 6, 1), 2024),
        ("Specifiche dei pagamenti\nVersione 1.3 - gennaio 2018", None, 2018),
        ("Piano triennale 2020-2022\nPremessa", date(2026, 11, 22), 2020),
        ("Avviso\nVista la legge 7 aprile 2014, n. 56", None, None),
        ("Visto il D.Lgs. n. 82 del 7\nmarzo 2005 e successive modifiche", None, None),
        ("Relazione sulle attività del 2016", date(2017, 2, 1), 2017),
    ],
)
def test_the_year_is_that_of_the_document_and_not_of_what_it_cites(
    text: str, stated: date | None, year: int | None
) -> None:
    found = suggested(text, issued=stated).year
    assert (found.value if found else None) == year


def test_the_day_of_a_session_is_its_date() -> None:
    issued = suggested("VERBALE DELLA SEDUTA DEL 22.05.2024", issued=date(2024, 5, 28)).issued
    assert issued is not None
    assert (issued.value, issued.origin) == (date(2024, 5, 22), Origin.TEXT)


@pytest.mark.parametrize(
    ("text", "cities"),
    [
        ("Il piano della Città metropolitana di Bologna\n" + "Bologna cresce. " * 4, ("bologna",)),
        ("Il Comune di Reggio di Calabria e il porto", ("reggio-calabria",)),
        ("Linee guida. AgID, via Liszt 21, 00144 Roma. Roma, lì 3 maggio 2020.", None),
        ("Il trattato di Roma, firmato a Roma", None),
    ],
)
def test_a_city_is_proposed_only_where_the_text_is_about_it(
    text: str, cities: tuple[str, ...] | None
) -> None:
    found = suggested(text).cities
    assert (found.value if found else None) == cities


def test_the_area_comes_from_the_words_of_the_field() -> None:
    page = "Lo sportello unico (SUAP) e la conferenza di servizi: modulistica per l'edilizia"
    found = suggested(page).areas
    assert found is not None
    assert (found.value, found.origin) == (("semplificazione",), Origin.VOCABULARY)
    assert suggested("Una pagina che non parla di nulla").areas is None


@pytest.mark.parametrize(
    ("text", "file_format", "kind", "form"),
    [
        ("Linee guida per l'accessibilità", FileFormat.PDF, Kind.GUIDE, "linee guida"),
        ("Verbale della riunione di maggio", FileFormat.PDF, Kind.OTHER, "verbale"),
        ("Il sottoscritto ______ nato a ______", FileFormat.DOCX, Kind.OTHER, "modulistica"),
        ("Rapporto di ricerca sui comuni", FileFormat.PDF, Kind.RESEARCH, "analisi"),
        ("codice | nome", FileFormat.XLSX, Kind.OTHER, "dati"),
        ("benvenuti", FileFormat.VTT, Kind.TRAINING, "lezione"),
    ],
)
def test_the_kind_is_what_the_first_page_says(
    text: str, file_format: FileFormat, kind: Kind, form: str
) -> None:
    found = suggested(text, format=file_format)
    assert found.kind is not None
    assert found.form is not None
    assert (found.kind.value, found.form.value) == (kind, form)


def test_authors_named_on_the_page_prevail_over_the_properties() -> None:
    by_page = suggested("Rapporto\na cura di Ada Rossi e Ugo Bianchi", authors=("Utente PC",))
    assert by_page.authors is not None
    assert by_page.authors.value == ("Ada Rossi", "Ugo Bianchi")
    by_file = suggested("Rapporto", authors=("Ada Rossi",))
    assert by_file.authors is not None
    assert by_file.authors.origin is Origin.PROPERTIES


def test_the_summary_is_the_papers_own_abstract() -> None:
    page = (
        "Rapporto\n\nQuesta riga di prosa viene prima e dice molte cose diverse tra loro, "
        "ma non è la sintesi di tutto il lavoro.\nAbstract\nI venti comuni hanno messo insieme "
        "lo sportello delle imprese e i tempi delle pratiche si sono dimezzati in due anni."
    )
    summary = suggested(page).summary
    assert summary is not None
    assert summary.value.startswith("I venti comuni")
    assert summary.value.endswith("in due anni.")


def test_pages_and_language_are_those_of_the_file() -> None:
    found = suggested("Una pagina", "Un'altra")
    assert found.pages is not None
    assert found.pages.value == 2
    declared = suggested("", language="", accessibility=Accessibility(language="en-GB")).language
    assert declared is not None
    assert (declared.value, declared.origin) == ("en", Origin.PROPERTIES)


@pytest.mark.parametrize(
    "sign", ["a ", "Roma ", "7 marzo 2005 ", "Oggetto: x – ", "_ ", "A\n", "("]
)
def test_hostile_text_is_judged_in_bounded_time(sign: str) -> None:
    text = sign * (1_000_000 // len(sign))
    started = time.process_time()
    suggested(text, text, stated_title=text[:500], headlines=(text[:180],))
    assert time.process_time() - started < 2.0


@pytest.mark.parametrize(
    ("name", "year"),
    [
        ("verbale_2024-11-28.pdf", 2024),
        ("grafici_2025.pdf", 2025),
        ("piano 2020-2022.pdf", None),
        ("protocollo_20241128.pdf", None),
        ("tavola_2024-13-45.pdf", 2024),
    ],
)
def test_a_name_gives_the_year_where_nothing_else_does(name: str, year: int | None) -> None:
    found = suggested("Una pagina che non dice quando.", name=name)
    assert (found.year.value if found.year else None) == year
    dated = suggested("Una pagina", name=name, issued=date(2019, 5, 1))
    assert dated.year is not None
    assert dated.year.value == 2019


def test_a_sentence_of_the_text_is_no_title() -> None:
    text = (
        "È opinione abbastanza diffusa, soprattutto tra le comunità e gli addetti ai lavori, che\n"
        "gli sforzi profusi negli scorsi anni non bastino."
    )
    title = suggested(text, name="Linee guida sul riuso.pdf").title
    assert title is not None
    assert title.value == "Linee guida sul riuso"
