"""Honest counts: who counts, what counts once, what is never kept, and where the numbers show."""

import csv
import io
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient

from corpus.errors import NoSpace
from corpus.vocabulary import Use
from portal.app import create_app
from portal.clock import today as day_in_italy
from portal.tallies import Writing
from portal.usage import Tally, kept_question, tally_of
from tests.portal.conftest import check_answer
from tests.portal.house import House
from tests.portal.pages_checker import check_page

READER = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"}
DAY = date(2026, 11, 25)


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0
        self.day = DAY


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def tally(clock: Clock) -> Tally:
    return Tally(lambda: clock.now, lambda: clock.day)


@pytest.fixture
def portal(other_house: House) -> Flask:
    return create_app(services=other_house.services)


def fetch(client: FlaskClient, address: str, **headers: str) -> int:
    """Read an answer to its end, and close it, as a server does."""
    with client.get(address, headers=headers) as response:
        assert response.get_data() is not None
        return response.status_code


def counted(app: Flask) -> dict[tuple[str, Use], int]:
    with tally_of(app).taken() as (uses, _):
        return {(public_id, use): number for (_day, public_id, use), number in uses.items()}


def asked(tally: Tally) -> list[tuple[str, int, int, int]]:
    with tally.taken() as (_, searches):
        return [(s.question, s.asked, s.readers, s.in_vain) for s in searches]


def test_opening_and_downloading_count_once_within_thirty_seconds(
    portal: Flask, other_house: House
) -> None:
    client, id = portal.test_client(), other_house.ids["suap"]
    page = client.get(f"/documenti/{id}", headers=READER, follow_redirects=True)
    assert page.status_code == 200
    again = client.get(page.request.path, headers=READER | {"If-None-Match": page.headers["ETag"]})
    assert again.status_code == 304
    client.get(f"/documenti/{id}/leggi?pagina=1", headers=READER)
    for _ in range(2):
        assert fetch(client, f"/documenti/{id}/file", **READER) == 200
    assert counted(portal) == {(id, Use.VIEW): 1, (id, Use.DOWNLOAD): 1}


@pytest.mark.parametrize(
    "agent", ["Googlebot/2.1 (+http://www.google.com/bot.html)", "curl/8.5.0", ""]
)
def test_robots_and_programs_do_not_count(portal: Flask, other_house: House, agent: str) -> None:
    client = portal.test_client()
    fetch(client, f"/documenti/{other_house.ids['suap']}/file", **{"User-Agent": agent})
    assert counted(portal) == {}


def test_what_is_no_use_does_not_count(portal: Flask, other_house: House) -> None:
    client, id = portal.test_client(), other_house.ids["suap"]
    client.head(f"/documenti/{id}/file", headers=READER).close()
    fetch(client, f"/documenti/{id}/file", **READER, Range="bytes=5-9")
    fetch(client, f"/documenti/{other_house.ids['bozza']}/file", **READER)
    fetch(client, f"/documenti/{id}", **READER)  # only leads to the whole address
    assert counted(portal) == {}
    fetch(client, f"/documenti/{id}/file", **READER, Range="bytes=0-3")
    assert counted(portal) == {(id, Use.DOWNLOAD): 1}


def test_the_same_deed_counts_again_after_thirty_seconds(tally: Tally, clock: Clock) -> None:
    for seconds in (0, 10, 29, 30.5):
        clock.now += seconds
        tally.use("reader", "2222222", Use.VIEW)
    tally.use("another", "2222222", Use.VIEW)
    with tally.taken() as (uses, _):
        assert uses == {(DAY, "2222222", Use.VIEW): 3}


def test_a_question_counts_its_readers_and_its_failures(tally: Tally, clock: Clock) -> None:
    tally.search("one", "  SUAP   Bari ", found=True)
    tally.search("one", "suap bari", found=True)  # a filter was ticked meanwhile
    tally.search("two", "suap bari", found=False)
    clock.now += 3600
    tally.search("one", "suap bari", found=True)
    assert asked(tally) == [("suap bari", 3, 2, 1)]


@pytest.mark.parametrize(
    "question",
    [
        "mario.rossi@ente.it",
        "telefono 333 123 4567",
        "RSSMRA80A01H501U pratica",
        "IT60X0542811101000000123456",
        "auto ab123cd",
        "parola " * 20,
        "",
    ],
)
def test_a_question_that_may_name_a_person_is_never_kept(question: str) -> None:
    assert kept_question(question) is None


@pytest.mark.parametrize("question", ["D.Lgs. 267/2000 art. 14-bis", "PON Metro 2014-2020", "PIAO"])
def test_laws_and_programmes_are_kept(question: str) -> None:
    assert kept_question(question) == question.lower()


def test_counts_that_could_not_be_written_wait(other_house: House, tally: Tally) -> None:
    class Full:
        def add_usage(self, *_: object) -> None:
            raise NoSpace(free=0, needed=1)

    id = other_house.ids["suap"]
    tally.use("reader", id, Use.DOWNLOAD)
    tally.search("reader", "suap", found=False)
    Writing([tally], Full()).write()  # type: ignore[arg-type]
    Writing([tally], other_house.services.catalogue).write()
    reader = other_house.services.reader
    assert [(u.month, u.public_id, u.views, u.downloads) for u in reader.usage(DAY, DAY)] == [
        ("2026-11", id, 0, 1)
    ]
    assert [q.question for q in reader.questions(DAY, 1, 10, in_vain=True)] == ["suap"]
    assert reader.questions(DAY, 2, 10) == ()
    other_house.services.catalogue.forget_searches(date(2026, 11, 26))
    assert reader.questions(DAY, 1, 10) == ()


def test_the_writing_thread_writes_the_rest_at_the_end(other_house: House, tally: Tally) -> None:
    writing = Writing([tally], other_house.services.catalogue, pause=3600)
    writing.start()
    tally.use("reader", other_house.ids["suap"], Use.VIEW)
    writing.stop()
    assert len(other_house.services.reader.usage(DAY, DAY)) == 1


def test_the_page_and_the_monthly_rows_show_public_records_only(
    portal: Flask, other_house: House
) -> None:
    client, ids = portal.test_client(), other_house.ids
    today = day_in_italy()
    other_house.services.catalogue.add_usage(
        {
            (today, ids["suap"], Use.DOWNLOAD): 1200,
            (today, ids["suap"], Use.VIEW): 3,
            (today, ids["bozza"], Use.VIEW): 7,
        },
        [],
    )
    page = client.get("/uso")
    check_answer(page)
    check_page(page.text)
    assert "1.200" in page.text
    assert "segretissima" not in page.text
    answer = client.get(f"/uso/{today:%Y-%m}.csv")
    rows = list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert [(r["id"], r["consultazioni"], r["scaricamenti"]) for r in rows] == [
        (ids["suap"], "3", "1200")
    ]


@pytest.mark.parametrize("month", ["2026-13", "x", "2026", "9999-12", "0000-01"])
def test_a_month_that_does_not_exist_is_not_found(client: FlaskClient, month: str) -> None:
    assert client.get(f"/uso/{month}.csv").status_code == 404
