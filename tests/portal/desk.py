"""Colleagues of the editorial desk, signed in, for tests of its pages."""

import re
from dataclasses import dataclass
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from corpus.vocabulary import Role, State
from portal.auth.browser import COOKIE
from tests.portal.house import ACTOR, House
from tests.portal.pages_checker import check_page

ORIGIN = {"Origin": "http://localhost"}
CONTENTS = "/redazione/contenuti"


@dataclass
class Colleague:
    """A browser in which somebody of the staff has signed in."""

    client: FlaskClient
    account: int
    email: str

    def get(self, address: str, status: int = 200) -> str:
        """The page, held to the rules of every page; never kept by a cache."""
        response = self.client.get(address)
        assert response.status_code == status, f"{address}: {response.status}"
        assert response.headers["Cache-Control"] == "no-store"
        check_page(response.text)
        return response.text

    def post(self, address: str, status: int = 303, **fields: Any) -> TestResponse:
        """Send a form with the token of this sign-in; a page that answers is held to the rules."""
        response = self.client.post(
            address, data={"csrf_token": self.token(), **fields}, headers=ORIGIN
        )
        assert response.status_code == status, f"{address}: {response.status}\n{response.text}"
        if response.mimetype == "text/html" and status != 303:
            check_page(response.text)
        return response

    def token(self) -> str:
        page = self.client.get("/accedi/profilo").text
        found = re.search(r'name="csrf_token" type="hidden" value="([^"]+)"', page)
        assert found
        return found[1]


def sign_in(
    app: Flask, house: House, email: str, role: Role, cities: tuple[str, ...] = ()
) -> Colleague:
    """A new account in its own browser, without the work of a password."""
    services = house.services
    name = email.partition("@")[0].capitalize()
    account = services.catalogue.add_account(email, name, role, cities=cities, actor=ACTOR)
    client = app.test_client()
    client.set_cookie(COOKIE, services.sessions.start(account))
    return Colleague(client, account, email)


def with_password(colleague: Colleague, house: House) -> Colleague:
    house.services.catalogue.set_password_hash(colleague.account, "x", actor=ACTOR)
    colleague.client.set_cookie(COOKIE, house.services.sessions.start(colleague.account))
    return colleague


def fields(**changes: object) -> dict[str, object]:
    return {
        "title": "Una scheda nuova",
        "kind": "ricerca",
        "language": "it",
        "scope": "programma",
        "licence": "",
    } | changes


def state(house: House, public_id: str) -> State:
    return house.services.reader.record(public_id, any_state=True).state


def write(colleague: Colleague, word: str = "documento", **changes: object) -> str:
    response = colleague.post(f"{CONTENTS}/nuovo/{word}", **fields(**changes))
    return response.headers["Location"].split("/")[-1].partition("?")[0]
