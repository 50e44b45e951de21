"""What a record brings to the index: its words, its dates, its facet values."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from corpus.records import (
    AreaView,
    CityView,
    CourseView,
    DocumentView,
    EventView,
    SolutionView,
    VersionView,
)
from corpus.vocabulary import Evidence, FileFormat, Kind, Scope, State
from indexer.derived import FileFacts
from indexer.engine import Facet, PageText
from indexer.entries import SOLUTION_PARTS, entry
from indexer.extract.base import Accessibility, Heading

NOW = datetime(2024, 5, 1, tzinfo=UTC)
BOLOGNA = CityView(
    slug="bologna",
    name="Città metropolitana di Bologna",
    capital="Bologna",
    region="Emilia-Romagna",
    istat_code="237",
    plate="BO",
    latitude=44.49,
    longitude=11.34,
    website=None,
    valid_from=date(2014, 4, 8),
    valid_to=None,
    in_programme=True,
    figures=(),
    note=None,
)
PLANNING = AreaView(
    slug="pianificazione-strategica",
    label="Pianificazione strategica metropolitana",
    short_label="Pianificazione",
    label_en="Metropolitan strategic planning",
    description="",
    note=None,
    sources=(),
)
CITIES, AREAS = {"bologna": BOLOGNA}, {PLANNING.slug: PLANNING}
FACTS = FileFacts(
    format=FileFormat.PDF,
    page_count=3,
    unit="pagina",
    title="",
    stated_title="",
    headlines=(),
    authors=(),
    issued=None,
    language="it",
    outline=(Heading(1, "Premessa", 1), Heading(2, "Metodo", 2)),
    accessibility=Accessibility(),
    warnings=(),
    without_text=False,
)
VERSION = VersionView(1, "a" * 64, 10, FileFormat.PDF, "piano.pdf", None, NOW, NOW)


def common(kind: Kind, type_: str) -> dict[str, Any]:
    return {
        "public_id": "b2c3d4f",
        "type": type_,
        "kind": kind,
        "scope": Scope.PROGRAMME,
        "state": State.PUBLISHED,
        "title": "Il piano",
        "title_is_ours": False,
        "summary": "Una sintesi.",
        "language": "it",
        "authors": ("Ada Rossi",),
        "topics": ("PUMS", "Ada Rossi"),
        "year": None,
        "issued": None,
        "date_note": None,
        "note": None,
        "sources": (),
        "cities": ("bologna",),
        "areas": ("pianificazione-strategica",),
        "revision": 7,
        "created_at": NOW,
        "updated_at": NOW,
        "published_at": NOW,
    }


DOCUMENT = DocumentView(**common(Kind.RESEARCH, "document"), versions=(VERSION,))
SOLUTION = SolutionView(
    **common(Kind.SOLUTION, "pilot_solution"),
    city="bologna",
    area="pianificazione-strategica",
    evidence=Evidence.PORTAL,
    problem="Un piano per indirizzi non si valuta contando.",
    outcome="Un metodo condiviso.",
    partners=("Regione Emilia-Romagna", "Unioni di Comuni"),
)
EVENT = EventView(
    **common(Kind.EVENT, "event"), start=date(2019, 11, 7), place="Palazzo Malvezzi, Bologna"
)
COURSE = CourseView(
    **common(Kind.TRAINING, "course"), form="webinar", start=date(2020, 3, 1), hours=4
)


def test_a_document_brings_pages_headings_and_all_facets() -> None:
    pages = (PageText(1, "Prima"), PageText(2, " \n"), PageText(3, "Terza", "iii"))
    made = entry(replace(DOCUMENT, year=2021), FACTS, pages, CITIES, AREAS)
    assert made.id == "b2c3d4f"
    assert made.revision == 7
    assert made.pages == (PageText(1, "Prima"), PageText(3, "Terza", "iii"))
    assert made.headings == ("Premessa", "Metodo")
    assert made.facets == {
        Facet.CITY: ("bologna",),
        Facet.AREA: ("pianificazione-strategica",),
        Facet.KIND: ("ricerca",),
        Facet.YEAR: ("2021",),
        Facet.FORMAT: ("pdf",),
        Facet.LANGUAGE: ("it",),
        Facet.ACCESSIBILITY: ("da-migliorare",),
    }


def test_keywords_hold_city_and_area_in_words_once_each() -> None:
    made = entry(DOCUMENT, FACTS, (), CITIES, AREAS)
    assert made.keywords == (
        "PUMS",
        "Ada Rossi",
        "ricerca",
        "Città metropolitana di Bologna",
        "Bologna",
        "Pianificazione strategica metropolitana",
        "Pianificazione",
    )


def test_a_record_is_found_by_its_year_and_its_kind() -> None:
    assert {"evento", "2019"} <= set(entry(EVENT, None, (), CITIES, AREAS).keywords)
    assert "soluzione pilota" in entry(SOLUTION, None, (), CITIES, AREAS).keywords


def test_a_record_that_only_links_elsewhere_is_found_by_its_summary() -> None:
    linked = replace(DOCUMENT, versions=(), external_url="https://example.it/libro", note="Copia.")
    made = entry(linked, None, (), CITIES, AREAS)
    assert made.summary == "Una sintesi.\nCopia."
    assert made.pages == ()
    assert Facet.FORMAT not in made.facets


def test_the_parts_of_a_solution_can_be_quoted_by_their_heading() -> None:
    made = entry(SOLUTION, None, (), CITIES, AREAS)
    assert made.pages == (
        PageText(1, "Un piano per indirizzi non si valuta contando.", "Il problema"),
        PageText(3, "Un metodo condiviso.", "L'esito"),
        PageText(6, "Regione Emilia-Romagna\nUnioni di Comuni", "Chi ha partecipato"),
    )
    assert all(hasattr(SOLUTION, field) for field in SOLUTION_PARTS)


@pytest.mark.parametrize(
    ("year", "issued", "expected"),
    [
        (2021, None, date(2021, 1, 1)),
        (2021, date(2021, 5, 3), date(2021, 5, 3)),
        (2021, date(2022, 2, 1), date(2021, 1, 1)),
        (None, date(2022, 2, 1), date(2022, 2, 1)),
        (None, None, None),
    ],
)
def test_the_stated_year_wins_over_the_day(
    year: int | None, issued: date | None, expected: date | None
) -> None:
    made = entry(replace(DOCUMENT, year=year, issued=issued), None, (), CITIES, AREAS)
    assert made.issued == expected
    assert made.facets.get(Facet.YEAR) == ((str(expected.year),) if expected else None)


def test_events_and_courses_take_their_first_day_and_their_own_words() -> None:
    event, course = (entry(record, None, (), CITIES, AREAS) for record in (EVENT, COURSE))
    assert (event.issued, event.facets[Facet.YEAR]) == (date(2019, 11, 7), ("2019",))
    assert "Palazzo Malvezzi, Bologna" in event.keywords
    assert (course.issued, course.facets[Facet.KIND]) == (date(2020, 3, 1), ("formazione",))
    assert "webinar" in course.keywords


def test_a_slug_that_nobody_knows_is_still_a_facet_value() -> None:
    made = entry(replace(DOCUMENT, cities=("atlantide",)), None, (), CITIES, AREAS)
    assert made.facets[Facet.CITY] == ("atlantide",)
