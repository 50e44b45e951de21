"""Every address by every role: the table of ``routes.py`` against the portal itself."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from corpus.sessions import SignedIn
from corpus.vocabulary import Role
from portal.app import create_app
from portal.auth import access, rights
from portal.auth.access import Permission
from portal.auth.browser import COOKIE
from portal.auth.current import signed_in
from tests.portal.conftest import check_answer
from tests.portal.house import House, empty_house
from tests.portal.pages_checker import check_page
from tests.portal.routes import PUBLIC, ROUTES, VALUES

ORIGIN = {"Origin": "http://localhost"}


@dataclass
class Crew:
    """One portal and an account for each role; whoever lost the session comes in again."""

    app: Flask
    house: House
    accounts: dict[Role, int]

    def client(self, role: Role | None) -> FlaskClient:
        client = self.app.test_client()
        if role is not None:
            client.set_cookie(COOKIE, self.house.services.sessions.start(self.accounts[role]))
        return client


@pytest.fixture(scope="module")
def crew(tmp_path_factory: pytest.TempPathFactory) -> Crew:
    house = empty_house(tmp_path_factory.mktemp("crew"), search_rate=100_000)
    add = house.services.catalogue.add_account
    accounts = {role: add(f"{role.value}@ente.it", role.value, role) for role in Role}
    return Crew(create_app(services=house.services), house, accounts)


def routes(app: Flask) -> Iterator[tuple[Rule, str]]:
    """Every rule of the portal with each of its own methods."""
    for rule in app.url_map.iter_rules():
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            yield rule, method


def address(app: Flask, rule: Rule) -> str:
    numbers = {name for name, kind in rule._converters.items() if kind.regex == r"\d+"}
    values = {name: VALUES.get(name, 1 if name in numbers else "x") for name in rule.arguments}
    built = rule.build(values | (rule.defaults or {}), append_unknown=False)
    assert built is not None, f"{rule}: give its parts a value in routes.py"
    return built[1]


def token(client: FlaskClient) -> str:
    """The token that the forms of this browser carry."""
    with client.application.test_request_context(headers={"Cookie": _cookie(client)}):
        from flask import session

        return str(session.get("csrf_token", ""))


def _cookie(client: FlaskClient) -> str:
    kept = client.get_cookie(COOKIE)
    return f"{COOKIE}={kept.value}" if kept else ""


def ask(client: FlaskClient, method: str, target: str, **fields: str) -> TestResponse:
    if method == "GET":
        return client.get(target)
    return client.open(target, method=method, data=fields, headers=ORIGIN)


def sent_to_the_door(response: TestResponse) -> bool:
    target = response.headers.get("Location", "")
    return response.status_code == 303 and target.partition("?")[0] == "/accedi"


def test_the_table_names_every_endpoint_and_no_other(crew: Crew) -> None:
    assert list(ROUTES) == sorted(ROUTES), "keep the table in alphabetical order"
    assert set(crew.app.view_functions) == set(ROUTES)


def test_every_mark_says_what_the_table_says(crew: Crew) -> None:
    for endpoint, view in crew.app.view_functions.items():
        mark = access.mark_of(view)
        assert mark is not None, endpoint
        granted = {role for role in Role if mark != access.PUBLIC and access.allows(role, mark)}
        assert granted == ROUTES[endpoint], endpoint


@pytest.mark.parametrize("role", [None, *Role])
def test_every_address_answers_each_role_as_the_table_says(crew: Crew, role: Role | None) -> None:
    wrong = []
    for rule, method in routes(crew.app):
        client = crew.client(role)
        response = ask(client, method, address(crew.app, rule), csrf_token=token(client))
        status = response.status_code
        wanted = ROUTES[rule.endpoint]
        if wanted == PUBLIC or role in wanted:
            good = status < 500 and status != 403 and not sent_to_the_door(response)
        else:
            good = sent_to_the_door(response) if role is None else status == 403
        if wanted != PUBLIC:
            good = good and response.headers["Cache-Control"] == "no-store"
        if not good:
            wrong.append(f"{method} {rule}: {status} {dict(response.headers)}")
        response.close()
    assert wrong == []


HOSTILE = (
    "9" * 30, "999999999", "0", "-1", "²", "\x00", "%00", "..", "'--", "{{7*7}}", "\u202e", "💥",
    "x" * 300,
)  # fmt: skip


def test_no_value_in_an_address_breaks_a_page(crew: Crew) -> None:
    """Whatever stands in its variable parts, an address has an answer, for staff as well."""
    client = crew.client(Role.ADMINISTRATOR)
    broken = []
    for rule in crew.app.url_map.iter_rules():
        if not rule.arguments or "GET" not in (rule.methods or set()):
            continue
        for hostile in HOSTILE:
            target = re.sub(r"<[^>]*>", lambda _: quote(hostile, safe=""), rule.rule)  # noqa: B023
            with client.get(target) as response:
                if response.status_code >= 500:
                    broken.append(f"{rule.rule}: {hostile!r} {response.status_code}")
    assert broken == []


def test_what_changes_something_wants_the_token_or_comes_from_our_own_pages(crew: Crew) -> None:
    """A signed-in form without its token, and a public one from elsewhere, change nothing."""
    posts = 0
    for rule, method in routes(crew.app):
        if method == "GET" or access.needs_no_origin(crew.app.view_functions[rule.endpoint]):
            continue
        posts += 1
        client = crew.client(Role.ADMINISTRATOR)
        target = address(crew.app, rule)
        for origin in ({}, {"Origin": "https://evil.example"}, {"Origin": "null"}):
            refused = client.open(target, method=method, headers=origin)
            assert refused.status_code == 400, (rule, origin)
        if ROUTES[rule.endpoint] == PUBLIC:
            continue
        for fields in ({}, {"csrf_token": "x"}, {"csrf_token": token(crew.client(Role.EDITOR))}):
            refused = ask(client, method, target, **fields)
            assert refused.status_code == 400, (rule, fields)
            assert "Modulo scaduto" in refused.text
    assert posts > 3


def person(role: Role, *cities: str) -> SignedIn:
    return SignedIn(1, "anna@ente.it", "Anna", role, cities)


@pytest.mark.parametrize(
    ("own", "named", "answer"),
    [
        ((), [("bari",)], True),
        ((), [()], True),
        ((), [], True),
        (("bari",), [("bari",)], True),
        (("bari", "napoli"), [("bari",)], True),
        (("bari",), [("bari", "napoli")], False),
        (("bari",), [()], False),
        (("bari",), [], False),
        (("bari",), [("bari",), ("napoli",)], False),
        (("bari",), [(), ("bari",)], False),
    ],
)
def test_someone_limited_to_cities_acts_on_those_alone(
    own: tuple[str, ...], named: list[tuple[str, ...]], answer: bool
) -> None:
    assert rights.may(person(Role.EDITOR, *own), Permission.EDIT, *named) is answer
    assert not rights.may(person(Role.EDITOR, *own), Permission.REVIEW, *named)
    if answer:
        rights.require(person(Role.REVIEWER, *own), Permission.REVIEW, *named)
    else:
        with pytest.raises(rights.NotAllowed) as refusal:
            rights.require(person(Role.REVIEWER, *own), Permission.REVIEW, *named)
        assert refusal.value.limits == own


def test_the_refusal_names_the_cities_that_one_may_work_on(crew: Crew) -> None:
    app = create_app(services=crew.house.services)

    @app.get("/solo-bologna")
    @access.requires(Permission.EDIT)
    def bologna() -> str:
        rights.require(signed_in(), Permission.EDIT, ("bologna",))
        return "done"

    limited = crew.house.services.catalogue.add_account(
        "bari@ente.it", "Ufficio di Bari", Role.EDITOR, cities=("bari", "reggio-calabria")
    )
    client = app.test_client()
    client.set_cookie(COOKIE, crew.house.services.sessions.start(limited))
    response = client.get("/solo-bologna")
    assert response.status_code == 403
    check_answer(response)
    check_page(response.text)
    assert "Bari, Reggio Calabria" in response.text
    client.set_cookie(COOKIE, crew.house.services.sessions.start(crew.accounts[Role.EDITOR]))
    assert client.get("/solo-bologna").text == "done"


def test_what_concerns_all_cities_is_shut_to_who_is_limited_to_some(crew: Crew) -> None:
    house = crew.house
    limited = house.services.catalogue.add_account(
        "capo.bari@ente.it", "Bari", Role.ADMINISTRATOR, cities=("bari",)
    )
    client = crew.app.test_client()
    client.set_cookie(COOKIE, house.services.sessions.start(limited))
    menu = client.get("/redazione").text
    assert "/redazione/utenti" in menu
    for address in ("/redazione/ricerca", "/redazione/registro"):
        assert f'href="{address}"' not in menu
        assert f'href="{address}"' in crew.client(Role.ADMINISTRATOR).get("/redazione").text
        refused = client.get(address)
        assert refused.status_code == 403
        assert "vale solo per" in refused.text
