"""Large bodies are only taken from people who are signed in, for addresses that take files."""

import pytest

from corpus.sessions import Sessions
from corpus.vocabulary import Role
from portal.auth.browser import COOKIE
from portal.commands.doorman import LARGE, SMALL, most
from tests.portal.house import House


@pytest.fixture
def sessions(other_house: House) -> Sessions:
    return other_house.services.sessions


def test_staff_may_upload_and_nobody_else(other_house: House, sessions: Sessions) -> None:
    account = other_house.services.catalogue.add_account("a@ente.it", "Ada", Role.EDITOR)
    cookie = f"altro=1; {COOKIE}={sessions.start(account)}"
    assert most(sessions, "/redazione/carica", cookie) == LARGE
    assert most(sessions, "/contatti", cookie) == SMALL


@pytest.mark.parametrize(
    "cookies", ["", f"{COOKIE}=1-x", f"{COOKIE}=", "=;;=", f"{COOKIE}=999999999999-x", "è=ù"]
)
def test_a_stranger_may_send_no_more_than_a_form(sessions: Sessions, cookies: str) -> None:
    assert most(sessions, "/redazione/carica", cookies) == SMALL
