"""Taking results away: the same records as the page, in every format, nothing unpublished."""

import csv
import io

import bibtexparser
import pytest
import rispy
from flask.testing import FlaskClient

from portal.takeaway.tabular import COLUMNS, harmless
from tests.portal.conftest import GetPage
from tests.portal.house import House


def rows(client: FlaskClient, address: str) -> list[dict[str, str]]:
    answer = client.get(address)
    assert answer.status_code == 200
    return list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"))))


def test_csv_json_and_references_hold_the_records_of_the_search(
    client: FlaskClient, house: House
) -> None:
    found = rows(client, "/ricerca.csv")
    public = set(house.services.reader.public_ids())
    assert {row["id"] for row in found} == public
    data = client.get("/ricerca.json").get_json()
    assert [row["id"] for row in data["righe"]] == [row["id"] for row in found]
    assert data["totale"] == len(public)
    assert len(rispy.loads(client.get("/ricerca.ris").text)) == len(public)
    assert len(bibtexparser.loads(client.get("/ricerca.bib").text).entries) == len(public)
    assert len(client.get("/ricerca.csl.json").get_json()) == len(public)


def test_filters_narrow_the_export_as_they_narrow_the_page(client: FlaskClient) -> None:
    everything = rows(client, "/ricerca.csv")
    narrowed = rows(client, "/ricerca.csv?tipo=soluzione-pilota")
    assert 0 < len(narrowed) < len(everything)
    assert {row["tipo"] for row in narrowed} == {"soluzione-pilota"}


def test_the_columns_are_those_that_the_page_documents(
    client: FlaskClient, get_page: GetPage
) -> None:
    page = get_page("/esportazioni").text
    header = client.get("/ricerca.csv").data.decode("utf-8-sig").splitlines()[0].split(",")
    assert header == [column.name for column in COLUMNS]
    assert all(f"<code>{name}</code>" in page for name in header)


def test_one_record_is_cited_in_every_format(client: FlaskClient, house: House) -> None:
    public_id = house.services.reader.public_ids()[0]
    title = house.services.reader.record(public_id).title
    for form in ("bib", "ris", "csl.json"):
        answer = client.get(f"/cita/{public_id}.{form}")
        assert answer.status_code == 200
        assert answer.headers["Content-Disposition"].startswith("attachment")
    assert client.get(f"/cita/{public_id}.csl.json").get_json()[0]["title"] == title


@pytest.mark.parametrize("address", ["/cita/zzzzzzz.bib", "/cita/zzzzzzz.exe", "/ricerca.xml"])
def test_what_is_not_there_is_not_exported(client: FlaskClient, address: str) -> None:
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("cell", ["=1+1", "+39", "-1", "@x", "\tx"])
def test_a_cell_that_looks_like_a_formula_is_made_harmless(cell: str) -> None:
    assert harmless(cell) == "'" + cell


def test_an_ordinary_cell_is_left_alone() -> None:
    assert harmless("SUAP = sportello") == "SUAP = sportello"


@pytest.mark.parametrize(
    "address", ["/ricerca.json", "/ricerca.atom", "/cita/{suap}.jsonld", "/linkset/{suap}"]
)
def test_pages_of_other_sites_may_read_what_is_for_everybody(
    address: str, client: FlaskClient, house: House
) -> None:
    answer = client.get(address.format(**house.ids), headers={"Origin": "https://altro.example"})
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "Set-Cookie" not in answer.headers
