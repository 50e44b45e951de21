"""Refused passwords and codes reach the log: of whom, how many; never what was typed."""

from typing import Any

import pytest
from flask import Flask

from corpus.desk_reader import LogFilter
from corpus.errors import NoSpace
from corpus.vocabulary import Refused
from portal import tallies
from portal.app import create_app
from portal.auth.refusals import PAUSE, Tally, tally_of
from tests.portal.house import House
from tests.portal.people import PASSWORD, hire

ORIGIN = {"Origin": "http://localhost"}
TYPED = "quello che nessuno deve leggere"
MOST_LINES = 100


@pytest.fixture
def portal(staff_house: House) -> Flask:
    hire(staff_house, "anna@ente.it")
    return create_app(services=staff_house.services)


def sign_in(portal: Flask, email: str, password: str = TYPED) -> int:
    data = {"email": email, "password": password}
    return portal.test_client().post("/accedi", data=data, headers=ORIGIN).status_code


def lines(house: House, action: str = Refused.PASSWORD) -> list[dict[str, Any]]:
    found, _total = house.services.reader.log_page(LogFilter(action=action), MOST_LINES)
    assert {line.actor for line in found} <= {"sistema"}
    return [dict(line.details) for line in found]


def write(portal: Flask, house: House) -> None:
    tallies.Writing(tallies.of(portal), house.services.catalogue).write()


def test_the_log_says_whose_password_was_refused_and_how_often(
    portal: Flask, staff_house: House
) -> None:
    for email in ("anna@ente.it", "ANNA@ente.it", "una-password@scritta.qui", "altro"):
        assert sign_in(portal, email) == 422
    assert sign_in(portal, "anna@ente.it", PASSWORD) == 303
    write(portal, staff_house)
    known, unknown = sorted(lines(staff_house), key=lambda details: "unknown" in details)
    assert (known["email"], known["times"]) == ("anna@ente.it", 2)
    assert unknown == {"unknown": True, "times": 2}
    everything, _total = staff_house.services.reader.log_page(LogFilter(), MOST_LINES)
    assert not any(TYPED in str(line) or "scritta.qui" in str(line) for line in everything)
    assert staff_house.services.reader.first_broken_log_entry() is None


def test_who_tries_for_days_does_not_fill_the_log(staff_house: House) -> None:
    now = [1000.0]
    tally, catalogue = Tally(lambda: now[0]), staff_house.services.catalogue
    for _minute in range(60):
        tally.add(None, Refused.CODE)
        tally.write(catalogue)
        now[0] += 60.0
    assert [line["times"] for line in lines(staff_house, Refused.CODE)] == [15, 15, 15, 1]
    tally.write(catalogue, last=True)
    assert sum(line["times"] for line in lines(staff_house, Refused.CODE)) == 60
    now[0] += PAUSE
    tally.write(catalogue)
    assert len(lines(staff_house, Refused.CODE)) == 5


def test_refusals_that_could_not_be_written_wait(staff_house: House) -> None:
    class Full:
        def note_refusals(self, _counts: object) -> None:
            raise NoSpace(free=0, needed=1)

    tally = Tally()
    tally.add(None, Refused.PASSWORD)
    with pytest.raises(NoSpace):
        tally.write(Full())  # type: ignore[arg-type]
    tally.write(staff_house.services.catalogue)
    assert [line["times"] for line in lines(staff_house)] == [1]


def test_an_application_writes_its_own_tallies(portal: Flask) -> None:
    assert tally_of(portal) in tallies.of(portal)
