"""What is not published is taken away by nobody, even while the index still holds it."""

import zipfile
from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
from flask.testing import FlaskClient

from corpus.vocabulary import AreaSlug, State
from portal.addresses import COMPARISON, selection_url
from portal.app import create_app
from tests.portal.house import ACTOR, House, empty_house

SECRET = "segretissima"


@pytest.fixture(scope="module")
def hidden(tmp_path_factory: pytest.TempPathFactory) -> House:
    """A public document, and the same secret word in every state that readers must not see."""
    house = empty_house(tmp_path_factory.mktemp("casa"), search_rate=100_000)
    house.document("pubblico", "Un documento pubblico", ("Parole per tutti.",))
    life = house.services.catalogue
    for name in ("bozza", "programmato", "cestinato"):
        content = f"%PDF {SECRET} {name}".encode()
        house.document(name, f"{SECRET} {name}", content=content, state=State.DRAFT)
    life.schedule(house.ids["programmato"], datetime.now(UTC) + timedelta(days=2), actor=ACTOR)
    life.trash(house.ids["cestinato"], actor=ACTOR)
    # Indexed, then withdrawn: the index does not know it yet.
    house.document("ritirato", f"{SECRET} ritirato", (SECRET,), content=f"%PDF {SECRET}".encode())
    life.withdraw(house.ids["ritirato"], actor=ACTOR, reason="Un errore.")
    house.solution("soluzione", "bari", AreaSlug.PLANNING, f"{SECRET} soluzione", problem=SECRET)
    life.withdraw(house.ids["soluzione"], actor=ACTOR, reason="Un errore.")
    return house


@pytest.fixture(scope="module")
def client(hidden: House) -> FlaskClient:
    return create_app(services=hidden.services).test_client()


FORMS = ("csv", "json", "bib", "ris", "csl.json")


def test_every_hidden_record_is_found_by_the_index_or_asked_by_its_id(hidden: House) -> None:
    from indexer.engine import Query

    found = {hit.id for hit in hidden.services.engine.search(Query(SECRET)).hits}
    assert {hidden.ids["ritirato"], hidden.ids["soluzione"]} <= found


@pytest.mark.parametrize(
    "address",
    [
        *(f"/ricerca.{form}" for form in FORMS),
        "/ricerca.atom",
        f"/ricerca.atom?q={SECRET}",
        "/sitemap.xml",
        "/ricerca/porta-via",
    ],
)
def test_lists_hold_the_public_record_alone(
    address: str, client: FlaskClient, hidden: House
) -> None:
    text = client.get(address).text
    assert not [name for name, id in hidden.ids.items() if name != "pubblico" and id in text]
    assert SECRET not in text.replace(f"q={SECRET}", "").replace(f": {SECRET}<", "")


@pytest.mark.parametrize("ending", ["", *(f".{form}" for form in FORMS)])
def test_a_selection_of_everything_holds_the_public_record_alone(
    ending: str, client: FlaskClient, hidden: House
) -> None:
    text = client.get(selection_url(hidden.ids.values(), f"/selezione{ending}")).text
    assert SECRET not in text
    assert hidden.ids["pubblico"] in text


@pytest.mark.parametrize("kind", ["ricerca", "selezione"])
def test_an_archive_holds_the_public_file_alone(
    kind: str, client: FlaskClient, hidden: House
) -> None:
    with client.get(selection_url(hidden.ids.values(), f"/{kind}.zip")) as answer:
        archive = zipfile.ZipFile(BytesIO(answer.data))
    assert [n for n in archive.namelist() if n.startswith("file/")] == [
        f"file/{hidden.ids['pubblico']}-documento.pdf"
    ]
    assert not any(SECRET.encode() in archive.read(name) for name in archive.namelist())


def test_a_withdrawn_solution_is_not_compared(client: FlaskClient, hidden: House) -> None:
    answer = client.get(selection_url(hidden.ids.values(), COMPARISON))
    assert answer.status_code == 200
    assert SECRET not in answer.text


@pytest.mark.parametrize("name", ["bozza", "programmato", "cestinato", "ritirato", "soluzione"])
def test_a_hidden_record_is_neither_cited_nor_described(
    name: str, client: FlaskClient, hidden: House
) -> None:
    public_id = hidden.ids[name]
    expected = 410 if name in ("ritirato", "soluzione") else 404
    for address in (
        f"/cita/{public_id}.bib",
        f"/cita/{public_id}.jsonld",
        f"/cita/{public_id}/v/1.ris",
        f"/linkset/{public_id}",
    ):
        answer = client.get(address)
        assert answer.status_code == expected, address
        assert "Link" not in answer.headers
        if expected == 404:
            assert SECRET not in answer.text
