"""The nightly files: all that is published, nothing else, with true sums and a date."""

import csv
import hashlib
import io
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import IO

import pytest
from flask.testing import FlaskClient
from werkzeug.wsgi import FileWrapper

from corpus.records import DocumentDraft
from corpus.vocabulary import Kind, State
from indexer.ownership import Owned, ownership
from portal.app import create_app
from portal.file_part import FilePart
from portal.takeaway import dump
from portal.takeaway.dump import Dumps
from portal.takeaway.tabular import COLUMNS
from tests.portal.conftest import check_answer
from tests.portal.house import ACTOR, House
from tests.portal.pages_checker import Elements, check_page


@pytest.fixture
def own(other_house: House) -> FlaskClient:
    other_house.services.dumps.make()
    return create_app(services=other_house.services).test_client()


def fetch(client: FlaskClient, name: str, status: int = 200) -> bytes:
    with client.get(f"/dati/{name}") as response:
        assert response.status_code == status
        check_answer(response)
        return response.data


def test_the_files_hold_what_is_published_and_nothing_else(
    own: FlaskClient, other_house: House
) -> None:
    public = list(other_house.services.reader.public_ids())
    lines = fetch(own, "schede.jsonl").decode().splitlines()
    assert [json.loads(line)["id"] for line in lines] == public
    table = fetch(own, "schede.csv").decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(table)))
    assert [row["id"] for row in rows] == public
    assert list(rows[0]) == [column.name for column in COLUMNS]
    assert "segretissima" not in table + "".join(lines)


def test_sums_and_description_are_true(own: FlaskClient) -> None:
    sums = dict(
        reversed(line.split("  ")) for line in fetch(own, "SHA256SUMS").decode().splitlines()
    )
    about = json.loads(fetch(own, "descrizione.json"))
    assert set(sums) == {"schede.jsonl", "schede.csv"}
    for file in about["file"]:
        content = fetch(own, file["nome"])
        assert hashlib.sha256(content).hexdigest() == sums[file["nome"]] == file["sha256"]
        assert len(content) == file["byte"]
    assert about["schede"] == 6
    assert about["versione_schema"] == "1.0.0"
    assert datetime.fromisoformat(about["fatto_il"]) <= datetime.now(UTC)
    assert set(about["colonne"]) == {column.name for column in COLUMNS}


def test_a_line_has_the_shape_that_the_api_answers(own: FlaskClient) -> None:
    first = json.loads(fetch(own, "schede.jsonl").decode().splitlines()[0])
    answered = own.get(f"/api/v1/schede/{first['id']}").get_json()
    assert first.keys() == answered.keys()
    assert first["titolo"] == answered["titolo"]


def test_a_part_of_a_file_can_be_asked_for(own: FlaskClient) -> None:
    whole = fetch(own, "schede.jsonl")
    with own.get("/dati/schede.jsonl", headers={"Range": "bytes=10-19"}) as response:
        assert response.status_code == 206
        assert response.data == whole[10:20]


def test_a_part_is_given_to_the_server_as_a_file(own: FlaskClient) -> None:
    """A generator would hold one of the server's threads for as long as a slow reader likes."""
    sent = []

    def file_wrapper(file: IO[bytes], size: int = 8192) -> FileWrapper:
        sent.append(file)
        return FileWrapper(file, size)

    environ = {"wsgi.file_wrapper": file_wrapper}
    asked = {"Range": "bytes=10-19"}
    with own.get("/dati/schede.jsonl", headers=asked, environ_overrides=environ) as response:
        assert response.status_code == 206
        assert isinstance(sent[-1], FilePart)
    asked = {"Range": "bytes=0-1,5-6"}
    with own.get("/dati/schede.jsonl", headers=asked) as response:
        assert response.status_code == 200


def test_a_file_is_not_left_open_when_nothing_of_it_is_sent(own: FlaskClient) -> None:
    opened = []

    def file_wrapper(file: IO[bytes], size: int = 8192) -> FileWrapper:
        opened.append(file)
        return FileWrapper(file, size)

    environ = {"wsgi.file_wrapper": file_wrapper}
    response = own.head("/dati/schede.jsonl", environ_overrides=environ)
    assert response.status_code == 200
    asked = {"If-None-Match": response.headers["ETag"]}
    answer = own.get("/dati/schede.jsonl", headers=asked, environ_overrides=environ)
    assert answer.status_code == 304
    assert [file.closed for file in opened] == [True, True]


def test_files_that_are_being_replaced_are_asked_for_again(
    own: FlaskClient, other_house: House
) -> None:
    made = other_house.services.dumps.current()
    assert made is not None
    (made.folder / "schede.csv").unlink()
    fetch(own, "schede.csv", 503)


def test_before_the_first_night_there_is_a_page_that_says_so(client: FlaskClient) -> None:
    with client.get("/dati/schede.csv") as response:
        assert response.status_code == 404
        check_page(response.text)
        assert "si stanno rifacendo" in response.text


def test_what_is_withdrawn_is_never_handed_out(own: FlaskClient, other_house: House) -> None:
    """Not even in the files of last night, until they are made anew."""
    dumps = other_house.services.dumps
    gone = other_house.ids["suap"]
    assert not dumps.make_if_due()
    other_house.services.catalogue.withdraw(gone, actor=ACTOR, reason="Superato")
    for name in dump.NAMES:
        fetch(own, name, 503)
    assert dumps.make_if_due()
    assert gone not in fetch(own, "schede.jsonl").decode()
    assert not dumps.make_if_due()


def test_files_are_made_each_night_and_not_before(other_house: House) -> None:
    dumps = other_house.services.dumps
    evening = datetime(2026, 3, 10, 20, tzinfo=UTC)
    assert dumps.make_if_due(evening)
    assert not dumps.make_if_due(evening + timedelta(hours=3))
    other_house.services.catalogue.add(
        DocumentDraft(kind=Kind.GUIDE, title="Nuova"), actor=ACTOR, state=State.PUBLISHED
    )
    assert not dumps.make_if_due(datetime(2026, 3, 11, 0, 59, tzinfo=UTC))  # 1:59 in Rome
    assert dumps.make_if_due(datetime(2026, 3, 11, 1, 1, tzinfo=UTC))
    made = dumps.current()
    assert made is not None
    assert len(made.ids) == 7
    assert not made.stale(datetime(2026, 3, 12, 1, tzinfo=UTC))
    assert made.stale(datetime(2026, 3, 12, 12, tzinfo=UTC))


def test_a_making_that_fails_leaves_the_files_of_before(
    own: FlaskClient, other_house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    dumps = other_house.services.dumps
    before = fetch(own, "schede.csv")

    def full(*arguments: object) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(dump, "_settle", full)
    with pytest.raises(OSError, match="no space"):
        dumps.make()
    assert fetch(own, "schede.csv") == before
    assert len([path for path in _folder(dumps).iterdir() if path.is_dir()]) == 2  # and its link


def test_old_files_are_removed_and_two_makers_do_not_meet(other_house: House) -> None:
    dumps = other_house.services.dumps
    first = dumps.make(datetime(2026, 3, 10, tzinfo=UTC))
    second = dumps.make(datetime(2026, 3, 11, tzinfo=UTC))
    assert not first.folder.exists()
    assert dumps.current() == second
    with ownership(_folder(dumps) / "lock"), pytest.raises(Owned):
        dumps.make()


def test_files_that_are_not_whole_are_as_none(other_house: House) -> None:
    dumps = other_house.services.dumps
    (dumps.make().folder / "descrizione.json").write_text("{", "utf-8")
    again = Dumps(_folder(dumps), other_house.services.reader, "http://localhost")
    assert again.current() is None
    assert again.make_if_due()
    assert again.current() is not None


def test_the_page_of_interfaces_tells_the_date_and_its_addresses_answer(
    own: FlaskClient, other_house: House
) -> None:
    page = own.get("/interfacce")
    assert page.status_code == 200
    check_page(page.text)
    assert "6 schede pubblicate" in page.text
    assert own.get("/dati").headers["Location"] == "/interfacce#archivio"
    for address in ("/api/v1/openapi.json", "/oai?verb=Identify", "/esportazioni"):
        assert f'href="{address}"' in page.text
        assert own.get(address).status_code == 200
    other_house.services.dumps.make(datetime(2026, 1, 10, 2, tzinfo=UTC))
    stale = own.get("/interfacce").text
    assert "10 gennaio 2026, 03:00" in stale
    assert "Quelli della notte scorsa mancano" in stale


def _folder(dumps: Dumps) -> Path:
    return dumps._folder


def test_who_searches_for_data_finds_the_collection_with_its_files(
    own: FlaskClient, client: FlaskClient
) -> None:
    page = Elements(own.get("/interfacce").text)
    scripts = [json.loads(e.text) for e in page.all("script") if "type" in e.attributes]
    (data,) = [each for each in scripts if each["@type"] == "Dataset"]
    assert len(data["distribution"]) == 2
    for file in data["distribution"]:
        with own.get(file["contentUrl"]) as answer:
            assert answer.mimetype == file["encodingFormat"]
            assert file["contentSize"] == f"{len(answer.data)} B"
    assert '"Dataset"' not in client.get("/interfacce").text  # before the first night
