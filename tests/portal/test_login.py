"""Signing in: one door, the same answer to every mistake, sessions that end."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from corpus.sessions import Sessions
from corpus.vocabulary import Role
from portal.app import create_app
from portal.auth import passwords
from portal.auth.browser import COOKIE
from portal.desk.account_letters import FIRST_ACCESS
from portal.forms import own_path
from tests.portal.conftest import check_answer
from tests.portal.house import House, empty_house
from tests.portal.pages_checker import check_page
from tests.portal.people import PASSWORD, hire

ORIGIN = {"Origin": "http://localhost"}
pytestmark = pytest.mark.usefixtures("quick_hashes")


@pytest.fixture(scope="module")
def staff_house(tmp_path_factory: pytest.TempPathFactory, quick_hashes: None) -> House:
    """One for all tests of this module."""
    house = empty_house(tmp_path_factory.mktemp("staff"))
    hire(house, "anna@ente.it", Role.REVIEWER, name="Anna Bianchi")
    return house


@pytest.fixture
def visitor(staff_house: House) -> FlaskClient:
    """A browser that nobody has used yet, and counters at zero."""
    return create_app(services=staff_house.services).test_client()


def send(client: FlaskClient, address: str, **fields: str) -> TestResponse:
    return client.post(address, data=fields, headers=ORIGIN)


def sign_in(client: FlaskClient, password: str = PASSWORD, **fields: str) -> TestResponse:
    return send(client, "/accedi", email="anna@ente.it", password=password, **fields)


def token(page: str) -> str:
    found = re.search(r'name="csrf_token" type="hidden" value="([^"]+)"', page)
    assert found
    return found[1]


def test_the_right_password_opens_the_profile(visitor: FlaskClient) -> None:
    response = sign_in(visitor)
    assert response.status_code == 303
    cookie = response.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    profile = visitor.get("/accedi/profilo")
    assert profile.headers["Cache-Control"] == "no-store"
    check_page(profile.text)
    assert "Anna Bianchi" in profile.text
    assert "revisore" in profile.text
    assert visitor.get("/accedi").headers["Location"] == "/redazione"


def test_a_form_of_the_staff_offers_no_other_language(visitor: FlaskClient) -> None:
    assert "English" in visitor.get("/progetto").text
    assert "English" not in sign_in(visitor, "sbagliata ma lunga").text


def test_unknown_wrong_and_switched_off_get_the_same_answer(staff_house: House) -> None:
    catalogue = staff_house.services.catalogue
    off = catalogue.add_account("spenta@ente.it", "Spenta", Role.EDITOR)
    catalogue.set_password_hash(off, passwords.hash_of(PASSWORD), actor="prova")
    catalogue.change_account(off, active=False, actor="prova")
    catalogue.add_account("nuova@ente.it", "Senza password", Role.EDITOR)
    client = create_app(services=staff_house.services).test_client()
    answers = set()
    for email in ("anna@ente.it", "nessuno@ente.it", "spenta@ente.it", "nuova@ente.it"):
        wrong = "un'altra cosa del tutto" if email == "anna@ente.it" else PASSWORD
        response = send(client, "/accedi", email=email, password=wrong)
        check_answer(response)
        check_page(response.text)
        answers.add((response.status_code, response.text.replace(email, "")))
    assert len(answers) == 1
    assert "non corrispondono" in answers.pop()[1]


def test_the_same_work_is_done_for_unknown_accounts(monkeypatch: pytest.MonkeyPatch) -> None:
    checked = []
    hasher = passwords._hasher()
    real = type(hasher).verify
    monkeypatch.setattr(
        type(hasher), "verify", lambda self, h, p: checked.append(h) or real(self, h, p)
    )
    kept = passwords.hash_of("x")
    assert not passwords.matches(kept, "y")
    assert not passwords.matches(None, "y")
    assert len(checked) == 2
    assert {h.split("$")[1:4] == kept.split("$")[1:4] for h in checked} == {True}


def test_too_many_failures_close_the_door_for_that_account_only(visitor: FlaskClient) -> None:
    for _ in range(10):
        assert sign_in(visitor, "sbagliata ma lunga").status_code == 422
    refused = sign_in(visitor)
    assert refused.status_code == 429
    check_page(refused.text)
    assert "Troppi tentativi" in refused.text
    other = send(visitor, "/accedi", email="altra@ente.it", password="sbagliata ma lunga")
    assert other.status_code == 422


def test_the_throttle_counts_a_network_too(visitor: FlaskClient) -> None:
    for number in range(30):
        send(visitor, "/accedi", email=f"a{number}@ente.it", password="x")
    assert sign_in(visitor).status_code == 429


def test_signing_out_ends_the_session_on_the_server(
    visitor: FlaskClient, staff_house: House
) -> None:
    sign_in(visitor)
    cookie = visitor.get_cookie(COOKIE)
    assert cookie
    assert staff_house.services.sessions.find(cookie.value) is not None
    page = visitor.get("/accedi/profilo").text
    response = send(visitor, "/accedi/esci", csrf_token=token(page))
    assert response.status_code == 303
    told = visitor.get(response.headers["Location"]).text
    check_page(told)
    assert "Sei uscito" in told
    assert staff_house.services.sessions.find(cookie.value) is None
    assert visitor.get_cookie(COOKIE) is None
    assert visitor.get("/accedi/profilo").status_code == 303


def test_a_signed_in_form_without_its_token_is_refused(visitor: FlaskClient) -> None:
    sign_in(visitor)
    for fields in ({}, {"csrf_token": "x"}):
        response = send(visitor, "/accedi/esci", **fields)
        assert response.status_code == 400
        check_page(response.text)
    assert visitor.get("/accedi/profilo").status_code == 200


def test_a_token_of_another_session_is_refused(staff_house: House) -> None:
    app = create_app(services=staff_house.services)
    mine, theirs = app.test_client(), app.test_client()
    sign_in(mine)
    sign_in(theirs)
    stolen = token(theirs.get("/accedi/profilo").text)
    assert send(mine, "/accedi/esci", csrf_token=stolen).status_code == 400


def test_a_new_password_ends_the_other_sessions(tmp_path_factory: pytest.TempPathFactory) -> None:
    house = empty_house(tmp_path_factory.mktemp("staff"))
    account = house.services.catalogue.add_account("anna@ente.it", "Anna", Role.EDITOR)
    house.services.catalogue.set_password_hash(account, passwords.hash_of(PASSWORD), actor="prova")
    app = create_app(services=house.services)
    here, elsewhere = app.test_client(), app.test_client()
    sign_in(here)
    sign_in(elsewhere)
    new = "cinque merli nel melo di pietra"
    address = "/accedi/profilo/password"
    page = here.get(address).text
    check_page(page)
    fields = {"csrf_token": token(page), "password": new, "again": new}
    wrong = send(here, address, own_password="no", **fields)
    assert wrong.status_code == 422
    check_page(wrong.text)
    assert "Non è la tua password attuale" in wrong.text
    changed = send(here, address, own_password=PASSWORD, **fields)
    assert changed.status_code == 303
    assert "La password è cambiata" in here.get(changed.headers["Location"]).text
    assert elsewhere.get("/accedi/profilo").status_code == 303
    assert sign_in(elsewhere).status_code == 422
    assert sign_in(elsewhere, new).status_code == 303


def test_a_new_role_ends_the_session(tmp_path_factory: pytest.TempPathFactory) -> None:
    house = empty_house(tmp_path_factory.mktemp("staff"))
    account = house.services.catalogue.add_account("anna@ente.it", "Anna", Role.EDITOR)
    ticket = house.services.sessions.start(account)
    assert house.services.sessions.find(ticket)
    house.services.catalogue.change_account(account, role=Role.REVIEWER, actor="prova")
    assert house.services.sessions.find(ticket) is None


@pytest.mark.parametrize("ticket", ["", "x", "1-", "1-x", "²-x", "9" * 30 + "-x", "-", "1\x00-x"])
def test_an_odd_cookie_is_nobody(ticket: str, visitor: FlaskClient) -> None:
    visitor.set_cookie(COOKIE, ticket)
    assert visitor.get("/accedi/profilo").status_code == 303
    check_answer(visitor.get("/"))


def test_public_pages_are_the_same_for_who_is_signed_in(visitor: FlaskClient) -> None:
    before = visitor.get("/progetto")
    sign_in(visitor)
    after = visitor.get("/progetto")
    assert after.text == before.text
    check_answer(after)


def test_the_first_administrator_is_made_with_the_link_once(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    house = empty_house(tmp_path_factory.mktemp("staff"))
    address = f"/accedi/primo-accesso/{house.services.catalogue.create_link(FIRST_ACCESS)}"
    client = create_app(services=house.services).test_client()
    form = client.get(address)
    assert form.headers["Cache-Control"] == "no-store"
    check_page(form.text)
    person = {"name": "Carla Neri", "email": "carla@ente.it"}
    for bad in ("corta", "password1234", "Carla Neri carla", "con\x07campanello dentro"):
        refused = send(client, address, **person, password=bad, again=bad)
        assert refused.status_code == 422, bad
        check_page(refused.text)
    unlike = send(client, address, **person, password=PASSWORD, again=PASSWORD + "!")
    assert "non sono uguali" in unlike.text
    noaddress = send(
        client, address, name="Carla", email="carla", password=PASSWORD, again=PASSWORD
    )
    assert "Scrivi un indirizzo" in noaddress.text
    done = send(client, address, **person, password=PASSWORD, again=PASSWORD)
    assert done.headers["Location"] == "/accedi/profilo?fatto=accesso-pronto"
    assert "<title>Errore: Primo accesso" in noaddress.text
    welcome = client.get(done.headers["Location"]).text
    assert "Il tuo accesso è pronto" in welcome
    assert "amministratore" in welcome
    used = client.get(address)
    assert used.status_code == 404
    check_page(used.text)
    assert "già stato usato" in used.text


def test_an_invited_colleague_only_chooses_the_password(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    house = empty_house(tmp_path_factory.mktemp("staff"))
    account = house.services.catalogue.add_account("ugo@ente.it", "Ugo Verdi", Role.EDITOR)
    secret = house.services.catalogue.create_link(FIRST_ACCESS, account)
    client = create_app(services=house.services).test_client()
    page = client.get(f"/accedi/primo-accesso/{secret}").text
    assert "Ugo Verdi" in page
    assert 'name="email"' not in page
    send(client, f"/accedi/primo-accesso/{secret}", password=PASSWORD, again=PASSWORD)
    assert "redattore" in client.get("/accedi/profilo").text


def test_guessing_links_is_throttled(visitor: FlaskClient) -> None:
    answers = [visitor.get(f"/accedi/primo-accesso/x{n}").status_code for n in range(31)]
    assert answers == [404] * 30 + [429]


def test_a_session_ends_after_an_idle_hour_and_after_twelve(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    house = empty_house(tmp_path_factory.mktemp("staff"))
    account = house.services.catalogue.add_account("anna@ente.it", "Anna", Role.EDITOR)
    clock = [datetime(2026, 1, 1, tzinfo=UTC)]
    sessions = Sessions(house.services.sessions._database, now=lambda: clock[0])
    ticket = sessions.start(account)
    for _ in range(14):
        clock[0] += timedelta(minutes=50)
        assert sessions.find(ticket)
    clock[0] += timedelta(minutes=50)
    assert sessions.find(ticket) is None, "twelve hours"
    idle = sessions.start(account)
    clock[0] += timedelta(minutes=61)
    assert sessions.find(idle) is None, "an idle hour"


@pytest.mark.parametrize(
    ("wanted", "target"),
    [
        ("/accedi/profilo?x=1", "/accedi/profilo?x=1"),
        ("//evil.example", "/"),
        ("/\\evil.example", "/"),
        ("https://evil.example/", "/"),
        ("javascript:alert(1)", "/"),
        ("/a\r\nSet-Cookie: x", "/"),
        ("", "/"),
        (None, "/"),
    ],
)
def test_after_signing_in_one_stays_on_this_site(wanted: str | None, target: str) -> None:
    assert own_path(wanted, "/") == target


def test_signing_in_leads_where_one_wanted_to_go(visitor: FlaskClient) -> None:
    assert sign_in(visitor, poi="/documenti").headers["Location"] == "/documenti"


@pytest.mark.parametrize(
    "password",
    ["aaaaaaaaaaaa", "123456789012", "qwertyuiop12", "metropolistrategiche", "ab\x00" * 9],
)
def test_common_and_untypable_passwords_are_refused(password: str, visitor: FlaskClient) -> None:
    with visitor.application.test_request_context():
        assert passwords.problem(password) is not None


def test_passwords_are_taken_exactly_as_typed() -> None:
    kept = passwords.hash_of(" è una frase con spazi ")
    assert passwords.matches(kept, " è una frase con spazi ")
    assert not passwords.matches(kept, "è una frase con spazi")
    assert not passwords.matches(kept, " e\u0300 una frase con spazi ")
