"""Solutions side by side: one table, the same facts as the sheets, honest about what is missing."""

from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient

from corpus.vocabulary import AreaSlug
from portal.addresses import COMPARISON, selection_url
from portal.app import create_app
from tests.portal.conftest import GetPage
from tests.portal.house import House, empty_house
from tests.portal.pages_checker import Elements, check_page


@pytest.fixture(scope="module")
def city_house(tmp_path_factory: pytest.TempPathFactory) -> House:
    house = empty_house(tmp_path_factory.mktemp("casa"), search_rate=100_000)
    for name, city in (("bari", "bari"), ("roma", "roma"), ("milano", "milano")):
        house.solution(
            name,
            city,
            AreaSlug.PLANNING,
            f"Soluzione di {name}",
            year=2019,
            problem="" if name == "roma" else f"Il problema di {name}.\n\nE un altro.",
            topics=("Piano strategico",),
        )
    house.solution("altra", "bari", AreaSlug.SIMPLIFICATION, "Una quarta soluzione")
    house.document("carta", "Un documento")
    return house


@pytest.fixture
def reader(city_house: House) -> Iterator[FlaskClient]:
    with create_app(services=city_house.services).test_client() as client:
        yield client


def page(reader: FlaskClient, house: House, *names: str) -> str:
    answer = reader.get(selection_url((house.ids[name] for name in names), COMPARISON))
    assert answer.status_code == 200
    assert "noindex" in answer.headers["X-Robots-Tag"]
    check_page(answer.text)
    return answer.text


def test_two_solutions_stand_side_by_side_in_the_order_asked(
    reader: FlaskClient, city_house: House
) -> None:
    text = page(reader, city_house, "milano", "bari")
    table = Elements(text[text.index("<table") : text.index("</table>")])
    heads = [e.text.strip() for e in table.all("th") if e.attributes.get("scope") == "col"]
    assert heads == ["Parte della scheda", "Soluzione di milano", "Soluzione di bari"]
    cells = [e.text.strip() for e in table.all("td")]
    assert "Il problema di milano.E un altro." in [c.replace("\n", "") for c in cells]
    assert "portal-table" in text  # scrolls by itself, reached with the keyboard
    assert 'role="region"' in text


def test_what_one_lacks_is_said_and_what_all_lack_is_left_out(
    reader: FlaskClient, city_house: House
) -> None:
    text = page(reader, city_house, "roma", "bari")
    table = text[text.index("<table") : text.index("</table>")]
    assert "Non risulta dalle fonti consultate." in table
    assert "Che cosa si può riusare" not in table
    assert "uguale" in table  # the year, the same for both


def test_a_fourth_solution_and_other_records_are_left_out_with_words(
    reader: FlaskClient, city_house: House
) -> None:
    text = page(reader, city_house, "bari", "carta", "roma", "milano", "altra")
    assert "Si confrontano al massimo 3 soluzioni" in text
    assert "non è una soluzione pubblicata" in text
    table = text[text.index("<table") : text.index("</table>")]
    assert "Una quarta soluzione" not in table


def test_one_solution_or_none_leads_to_the_choice(reader: FlaskClient, city_house: House) -> None:
    text = page(reader, city_house, "bari")
    assert "<table" not in text
    selected = [e for e in Elements(text).all("option") if "selected" in e.attributes]
    assert [e.attributes["value"] for e in selected] == [city_house.ids["bari"]]
    assert "<table" not in page(reader, city_house)


def test_the_comparison_is_reached_from_the_table_and_from_a_sheet(
    get_page: GetPage, house: House
) -> None:
    assert 'href="/confronta"' in get_page("/soluzioni").text
    sheet = get_page(f"/soluzioni/{house.ids['soluzione']}", follow_redirects=True).text
    assert f'href="/confronta?id={house.ids["soluzione"]}"' in sheet


def test_an_unpublished_solution_is_not_compared(reader: FlaskClient) -> None:
    answer = reader.get("/confronta?id=2222222&id=3333333")
    assert "2 schede dell" in answer.text
