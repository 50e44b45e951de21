"""The sections of the programme on the founding collection: every fact in its place, gaps said."""

import html
import re
from collections.abc import Callable
from pathlib import Path

import icalendar
import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from corpus import seed
from indexer.engines.whoosh_engine import WhooshEngine
from portal.addresses import record_url
from portal.app import create_app
from portal.services import Services, open_services
from portal.settings import Settings
from tests.portal.conftest import check_answer
from tests.portal.pages_checker import check_page

Fetch = Callable[[str], TestResponse]


@pytest.fixture(scope="module")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Services:
    home: Path = tmp_path_factory.mktemp("founded")
    settings = Settings.from_environment({"METROPOLI_HOME": str(home)})
    services = open_services(settings, WhooshEngine(None))
    seed.load(services.catalogue, services.store, services.reader, lambda *_: None)
    return services


@pytest.fixture(scope="module")
def site(founded: Services) -> Flask:
    return create_app(services=founded)


@pytest.fixture
def visitor(site: Flask) -> FlaskClient:
    return site.test_client()


@pytest.fixture
def fetch(visitor: FlaskClient) -> Fetch:
    def get(address: str) -> TestResponse:
        response = visitor.get(address)
        assert response.status_code == 200, f"{address}: {response.status}"
        check_answer(response)
        check_page(response.text)
        return response

    return get


def text_of(response: TestResponse) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.text).split())


@pytest.mark.parametrize(
    "address",
    [
        "/progetto",
        "/citta",
        "/aree",
        "/soluzioni",
        "/formazione",
        "/eventi",
        "/eventi?anno=2019",
        "/eventi?anno=²",
        "/contattaci",
        "/privacy",
        "/cookie",
        "/note-legali",
        "/crediti",
        "/accessibilita",
    ],
)
def test_a_section_keeps_the_rules_of_every_page(address: str, fetch: Fetch) -> None:
    fetch(address)


def test_every_city_and_area_has_its_page(fetch: Fetch, founded: Services) -> None:
    for city in founded.reader.cities():
        assert city.name in text_of(fetch(f"/citta/{city.slug}"))
    for area in founded.reader.areas():
        assert area.label in text_of(fetch(f"/aree/{area.slug}"))


def test_every_solution_course_and_event_has_its_page(fetch: Fetch, founded: Services) -> None:
    reader = founded.reader
    for section, records in (
        ("soluzioni", reader.solutions()),
        ("formazione", reader.courses()),
        ("eventi", reader.events()),
    ):
        for record in records:
            address = record_url(record)
            assert address.startswith(f"/{section}/")
            assert html.escape(record.sources[0].url) in fetch(address).text


def test_an_old_title_in_the_address_leads_to_the_present_one(
    visitor: FlaskClient, founded: Services
) -> None:
    solution = founded.reader.solutions()[0]
    for address in ("", "/titolo-di-ieri"):
        answer = visitor.get(f"/soluzioni/{solution.public_id}{address}")
        assert answer.status_code == 301
        assert visitor.get(answer.location).status_code == 200


def test_a_record_of_another_section_is_found_where_it_belongs(
    visitor: FlaskClient, founded: Services
) -> None:
    event = founded.reader.events()[0]
    answer = visitor.get(f"/soluzioni/{event.public_id}")
    assert answer.status_code == 301
    assert answer.location.startswith("/eventi/")


@pytest.mark.parametrize(
    "address", ["/citta/atlantide", "/aree/altro", "/soluzioni/zzzzzzz", "/eventi/zzzzzzz.ics"]
)
def test_what_is_not_there_is_a_page_that_helps(address: str, visitor: FlaskClient) -> None:
    answer = visitor.get(address)
    assert answer.status_code == 404
    check_page(answer.text)


def test_the_table_has_42_cells_with_the_23_solutions(fetch: Fetch) -> None:
    page = fetch("/soluzioni").text
    assert len(re.findall(r'class="portal-grid-cell', page)) == 42
    assert len(re.findall(r'class="portal-grid-title"', page)) == 23
    # 19 empty cells and 6 announced ones say so; the legend says it once more with a capital.
    assert len(re.findall(r"scheda da completare", page)) == 25


def test_the_number_in_a_cell_is_what_the_catalogue_holds(fetch: Fetch, founded: Services) -> None:
    page = fetch("/soluzioni").text
    counts = founded.reader.records_by_cell()
    for (city, area), records in counts.items():
        link = f'href="/ricerca?citta={city}&amp;area={area}"'
        shown = re.search(rf"{re.escape(link)}[^>]*>(\d+) ", page)
        assert shown, (city, area)
        assert int(shown.group(1)) == records


def test_an_empty_cell_never_has_an_invented_text(fetch: Fetch) -> None:
    page = text_of(fetch("/citta/torino"))
    assert page.count("Scheda da completare") == 3
    assert page.count("Nessuna scheda") == 3


def test_a_sheet_says_what_its_sources_do_not(fetch: Fetch, founded: Services) -> None:
    solution = founded.reader.solution("milano", "semplificazione")
    assert solution is not None
    page = text_of(fetch(record_url(solution)))
    assert "Scheda da completare." in page
    assert (
        "Non risulta dalle fonti consultate: il problema, che cosa è stato fatto,"
        " chi ha partecipato, l'esito, che cosa si può riusare." in page
    )


def test_the_identity_card_of_a_city_gives_each_figure_its_source(
    fetch: Fetch, founded: Services
) -> None:
    city = founded.reader.city("torino")
    page = text_of(fetch("/citta/torino"))
    assert "2.208.370" in page
    assert "da verificare" in page
    assert all(figure.source for figure in city.figures)


def test_the_project_page_says_that_the_amount_changed_and_never_four_levers(
    fetch: Fetch,
) -> None:
    page = text_of(fetch("/progetto"))
    assert "5.110.000,00 euro" in page
    assert "quattro leve" not in page.lower()


def test_contacts_are_shown_as_those_of_anci(fetch: Fetch) -> None:
    page = text_of(fetch("/contattaci"))
    assert "info@anci.it" in page
    assert "non è il sito ufficiale di ANCI" in page


def test_one_calendar_holds_all_events_with_a_sure_day(
    visitor: FlaskClient, founded: Services
) -> None:
    answer = visitor.get("/eventi.ics")
    assert answer.content_type.startswith("text/calendar")
    found = icalendar.Calendar.from_ical(answer.data).walk("VEVENT")
    dated = [event for event in founded.reader.events() if event.start]
    assert len(found) == len(dated)
    assert len(dated) < len(founded.reader.events())


def test_an_event_without_a_day_has_a_page_and_no_calendar(
    visitor: FlaskClient, founded: Services
) -> None:
    event = next(event for event in founded.reader.events() if event.start is None)
    assert visitor.get(f"/eventi/{event.public_id}.ics").status_code == 404


def test_the_list_of_events_can_be_narrowed_to_a_year(fetch: Fetch) -> None:
    page = text_of(fetch("/eventi?anno=2019"))
    assert "FORUM PA 2019" in page
    assert "Conferenza finale" not in page
