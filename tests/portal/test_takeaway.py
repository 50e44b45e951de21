"""A selection and a search taken away: pages, files, archives; nothing unpublished anywhere."""

import csv
import hashlib
import html
import io
import re
import socket
import threading
import zipfile
from collections.abc import Generator, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from urllib.parse import parse_qs

import bibtexparser
import pytest
import rispy
from flask import Flask
from flask.testing import FlaskClient

from portal.addresses import selection_url
from portal.app import create_app
from portal.takeaway.collecting import CHOSEN, choice
from portal.takeaway.rewindable import STRETCH, Rewindable
from tests.portal.conftest import GetPage
from tests.portal.house import House
from tests.portal.pages_checker import Elements


def address(house: House, *names: str, path: str = "/selezione") -> str:
    return selection_url((house.ids[name] for name in names), path)


def test_an_empty_selection_says_how_to_choose(get_page: GetPage) -> None:
    page = get_page("/selezione")
    assert "Qui non c&#39;è ancora nulla" in page.text or "Qui non c'è ancora nulla" in page.text
    assert "noindex" in page.headers["X-Robots-Tag"]


def test_the_address_is_the_selection_in_the_order_chosen(get_page: GetPage, house: House) -> None:
    page = get_page(address(house, "guida", "suap", "soluzione"))
    titles = [
        e.text.removeprefix("Tieni: ")
        for e in Elements(page.text).all("label")
        if e.text.startswith("Tieni")
    ]
    records = house.services.reader.public_records(
        house.ids[name] for name in ("guida", "suap", "soluzione")
    )
    assert titles == [record.title for record in records]
    assert "3 schede scelte" in page.text


def test_ticks_of_the_results_lead_there_without_scripts(get_page: GetPage, house: House) -> None:
    page = Elements(get_page("/ricerca?q=sportello").text)
    (form,) = [e for e in page.all("form") if "data-selection" in e.attributes]
    assert (form.attributes["action"], form.attributes["method"]) == ("/selezione", "get")
    boxes = [e for e in page.all("input") if e.attributes.get("form") == form.attributes["id"]]
    assert boxes
    assert {box.attributes["name"] for box in boxes} == {"id"}
    get_page(selection_url(box.attributes["value"] for box in boxes))


def test_what_is_not_published_is_counted_but_never_named(
    get_page: GetPage, house: House, client: FlaskClient
) -> None:
    page = get_page(address(house, "suap", "bozza")).text
    assert "Una scheda dell&#39;indirizzo non è pubblicata" in page or (
        "Una scheda dell'indirizzo non è pubblicata" in page
    )
    assert "segretissima" not in page
    for ending in ("csv", "json", "bib", "ris", "csl.json"):
        text = client.get(address(house, "suap", "bozza", path=f"/selezione.{ending}")).text
        assert "segretissima" not in text, ending
        assert house.ids["bozza"] not in text, ending
    names, rows, _ = opened(client, address(house, "suap", "bozza", path="/selezione.zip"))
    assert [row["id"] for row in rows] == [house.ids["suap"]]
    assert not any(house.ids["bozza"] in name for name in names)


def test_removing_one_leads_to_the_address_of_the_others(
    get_page: GetPage, house: House, client: FlaskClient
) -> None:
    page = Elements(get_page(address(house, "suap", "guida")).text)
    removals = [e.attributes["href"] for e in page.all("a") if e.text.startswith("Togli")]
    assert removals == [address(house, "guida"), address(house, "suap")]


@pytest.mark.parametrize(
    ("values", "ids"),
    [
        (["2222222", "3333333", "2222222"], ("2222222", "3333333")),
        (["https://x.it/selezione?id=2222222&id=3333333"], ("2222222", "3333333")),
        (["2222222, 3333333"], ("2222222", "3333333")),
        (["", "<script>", "abc", "aeiou01", "22222222"], ()),
    ],
)
def test_ids_are_read_from_what_people_paste(values: list[str], ids: tuple[str, ...]) -> None:
    assert choice(values).ids == ids


def test_a_selection_has_an_end_and_says_so(get_page: GetPage) -> None:
    letters = "23456789bcdfghjkmnpqrstvwxz"
    many = [f"222{a}{b}22" for a in letters for b in letters][: CHOSEN + 3]
    assert choice(many).beyond == 3
    page = get_page("/selezione?id=" + "+".join(many))
    assert "altre 3 dell" in html.unescape(page.text)


def test_a_selection_is_taken_away_in_every_form(client: FlaskClient, house: House) -> None:
    names = ("suap", "soluzione")
    ids = [house.ids[name] for name in names]
    text = client.get(address(house, *names, path="/selezione.csv")).data.decode("utf-8-sig")
    assert [row["id"] for row in csv.DictReader(io.StringIO(text))] == ids
    data = client.get(address(house, *names, path="/selezione.json")).get_json()
    assert [row["id"] for row in data["righe"]] == ids
    assert data["selezione"] == "http://localhost" + address(house, *names)
    references = rispy.loads(client.get(address(house, *names, path="/selezione.ris")).text)
    assert [entry["id"] for entry in references] == [f"metropoli-{id}" for id in ids]


def opened(client: FlaskClient, path: str) -> tuple[list[str], list[dict[str, str]], bytes]:
    """Names in the archive, rows of its list, its bytes."""
    with client.get(path) as answer:
        assert answer.status_code == 200
        assert answer.mimetype == "application/zip"
        content = answer.data
        assert int(answer.headers["Content-Length"]) == len(content)
    archive = zipfile.ZipFile(io.BytesIO(content))
    assert archive.testzip() is None
    rows = list(csv.DictReader(io.StringIO(archive.read("manifest.csv").decode("utf-8-sig"))))
    return archive.namelist(), rows, content


def test_the_archive_holds_the_files_and_a_true_list_of_them(
    client: FlaskClient, house: House
) -> None:
    names, rows, content = opened(client, "/ricerca.zip")
    assert {row["id"] for row in rows} == set(house.services.reader.public_ids())
    archive = zipfile.ZipFile(io.BytesIO(content))
    held = [row for row in rows if row["file"]]
    assert len(held) == 4
    for row in held:
        inside = archive.read(row["file"])
        assert hashlib.sha256(inside).hexdigest() == row["sha256"]
        assert len(inside) == int(row["byte"])
        with client.get(row["indirizzo_del_file"]) as file:
            assert file.data == inside
    (suap,) = [row for row in rows if row["id"] == house.ids["suap"]]
    assert suap["licenza"] == "CC-BY-4.0"
    (elsewhere,) = [row for row in rows if row["id"] == house.ids["altrove"]]
    assert elsewhere["nota"] == "pubblicato altrove: https://example.org/dossier"
    assert sorted(names) == sorted(
        ["manifest.csv", "riferimenti.bib", *(row["file"] for row in held)]
    )
    entries = bibtexparser.loads(archive.read("riferimenti.bib").decode()).entries
    assert len(entries) == len(rows)


def test_filters_narrow_the_archive(client: FlaskClient, house: House) -> None:
    _, rows, _ = opened(client, "/ricerca.zip?tipo=guida")
    assert [row["id"] for row in rows] == [house.ids["guida"]]


def test_a_file_that_the_store_lost_is_said_in_the_list(other_house: House) -> None:
    client = create_app(services=other_house.services).test_client()
    version = other_house.services.reader.file_of(other_house.ids["guida"])
    other_house.services.store.path(version.sha256).unlink()
    names, rows, _ = opened(client, "/ricerca.zip")
    (lost,) = [row for row in rows if row["id"] == other_house.ids["guida"]]
    assert lost["file"] == ""
    assert "riprova più tardi" in lost["nota"]
    assert not any("guida" in name for name in names)


def test_too_large_an_archive_is_refused_before_and_after_the_click(
    house: House, get_page: GetPage
) -> None:
    # No megabyte is allowed: the smallest file is too large.
    services = replace(house.services, settings=replace(house.services.settings, zip_limit=0))
    client = create_app(services=services).test_client()
    page = client.get("/ricerca/porta-via").text
    assert ".zip" not in page
    assert "un archivio ne contiene al massimo" in page
    answer = client.get("/ricerca.zip")
    assert answer.status_code == 413
    assert "Restringi la ricerca" in answer.text


def test_the_size_is_told_before_the_click(get_page: GetPage) -> None:
    page = html.unescape(get_page("/ricerca/porta-via?tipo=guida").text)
    assert re.search(r"Scarica lo ZIP \(1 file, \d+ byte\)", page)
    assert "1 risultato · Tipo: Guide" in page
    assert 'href="/ricerca.zip?tipo=guida"' in page


def test_head_tells_the_length_and_sends_nothing(client: FlaskClient) -> None:
    with client.head("/ricerca.zip") as head:
        assert head.data == b""
        assert int(head.headers["Content-Length"]) > 1000


@pytest.mark.parametrize("path", ["/ricerca?q=sportello", "/selezione?id={suap}"])
def test_programs_read_the_references_of_a_list(path: str, get_page: GetPage, house: House) -> None:
    page = Elements(get_page(path.format(**house.ids)).text)
    contexts = [
        parse_qs(e.attributes["title"])
        for e in page.all("span")
        if e.attributes.get("class") == "Z3988"
    ]
    (suap,) = [c for c in contexts if c["rft.title"][0].startswith("Lo sportello unico")]
    assert suap["rft.type"] == ["report"]
    assert suap["rft.creator"] == ["Rossi, Maria", "Bianchi, Anna"]
    assert suap["rft.identifier"] == [f"http://localhost/documenti/{house.ids['suap']}"]


def test_a_record_alone_has_no_context_object(get_page: GetPage, house: House) -> None:
    # Zotero would offer a list of one instead of the work with its file.
    page = get_page(f"/documenti/{house.ids['suap']}", follow_redirects=True).text
    assert "Z3988" not in page


# How it is sent


def counted(size: int, made: list[int]) -> Generator[bytes, None, None]:
    for number in range(size // 10):
        made.append(number)
        yield f"{number:010}".encode()


def test_the_stream_behaves_as_a_file_and_is_made_as_it_is_read() -> None:
    made: list[int] = []
    stream = Rewindable(counted(100, made), 100)
    assert stream.seek(0, io.SEEK_END) == 100
    assert stream.seek(0) == 0
    assert made == []
    assert stream.read(15) == b"000000000000000"
    stream.seek(0)  # the network took nothing
    assert stream.read(12) == b"000000000000"
    stream.seek(10)
    assert stream.read(10) == b"0000000001"
    assert len(made) == 2
    assert stream.read(500) == b"".join(b"%010d" % number for number in range(2, 10))
    assert stream.read(1) == b""
    stream.seek(0)
    with pytest.raises(io.UnsupportedOperation):
        stream.read(1)
    stream.close()


def test_a_read_gives_no_more_than_a_short_stretch() -> None:
    # A server asks for megabytes; what it gets stays in memory until the network has taken it.
    made: list[int] = []
    stream = Rewindable(counted(1 << 20, made), 1 << 20)
    assert len(stream.read(1 << 20)) == STRETCH
    assert len(made) <= STRETCH // 10 + 1
    stream.close()


def test_closing_the_stream_ends_what_makes_it() -> None:
    ended: list[bool] = []

    def chunks() -> Generator[bytes, None, None]:
        try:
            yield b"x" * 10
        finally:
            ended.append(True)

    stream = Rewindable(chunks(), 10)
    stream.read(1)
    stream.close()
    assert ended == [True]


@contextmanager
def served(app: Flask, threads: int) -> Iterator[int]:
    """The application under the server that ``run.py`` starts; yields the port."""
    from waitress.server import create_server

    server = create_server(app, host="127.0.0.1", port=0, threads=threads, asyncore_use_poll=True)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        yield int(server.effective_port)
    finally:
        server.close()
        thread.join(5)


def ask(port: int, path: str, buffer: int = 1 << 20) -> socket.socket:
    connection = socket.socket()
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
    connection.settimeout(10)
    connection.connect(("127.0.0.1", port))
    request = f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    connection.sendall(request.encode())
    return connection


def test_readers_that_take_an_archive_slowly_hold_no_thread(other_house: House) -> None:
    other_house.document("grande", "Un file grande", content=b"%PDF-" + bytes(16 << 20))
    app = create_app(services=other_house.services)
    with served(app, threads=2) as port:
        slow = [ask(port, "/ricerca.zip", buffer=4096) for _ in range(6)]
        for connection in slow:
            assert connection.recv(64).startswith(b"HTTP/1.1 200")
        with closing(ask(port, "/ricerca.zip")) as quick:
            answer = b"".join(iter(lambda: quick.recv(1 << 20), b""))
        for connection in slow:
            connection.close()
    archive = zipfile.ZipFile(io.BytesIO(answer.partition(b"\r\n\r\n")[2]))
    assert archive.testzip() is None
    assert len(answer) > 16 << 20
