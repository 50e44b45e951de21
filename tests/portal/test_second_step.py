"""The second step: setting it up, coming in with it, losing it; one's own sessions."""

import re
from dataclasses import replace
from types import SimpleNamespace
from urllib.parse import parse_qs, urlsplit

import pyotp
import pytest
from flask import Flask

from corpus.vocabulary import Role
from portal.app import create_app
from portal.auth import totp
from portal.auth.entering import browser_name
from tests.portal.house import House
from tests.portal.people import PASSWORD, hire
from tests.portal.staff_browser import StaffBrowser

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
EDGE = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0"  # noqa: E501
ADDRESS = "/accedi/profilo/codice"


@pytest.fixture
def staff_house(staff_house: House) -> House:
    hire(staff_house, "anna@ente.it", Role.REVIEWER, name="Anna Bianchi")
    return staff_house


@pytest.fixture
def app(staff_house: House) -> Flask:
    return create_app(services=staff_house.services)


NOW = 1_800_000_000


@pytest.fixture(autouse=True)
def stopped_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Codes are of one moment: a step that begins during a test makes none of them too old."""
    monkeypatch.setattr(totp, "time", SimpleNamespace(time=lambda: NOW))


class Phone:
    """An app that makes codes, of steps that have not been used yet."""

    def __init__(self, page: str) -> None:
        found = re.search(r'id="chiave">([A-Z2-7 ]+)<', page)
        assert found
        self.app = pyotp.TOTP(found[1].replace(" ", ""))
        self.step = NOW // 30 - 1

    def code(self) -> str:
        """A code that the portal accepts: of a step later than the last, inside the drift."""
        self.step += 1
        return self.app.generate_otp(self.step)


def set_up(browser: StaffBrowser) -> tuple[Phone, list[str]]:
    """Switch the code on; the phone and the recovery codes."""
    phone = Phone(browser.get(ADDRESS))
    phone.step -= 1
    done = browser.send(
        ADDRESS, key=browser.hidden("key"), code=phone.code(), own_password=PASSWORD
    )
    assert done.status_code == 200, done.text
    return phone, re.findall(r"<code>([a-z2-7-]{19})</code>", done.text)


def test_from_the_drawing_to_the_next_sign_in(app: Flask, staff_house: House) -> None:
    anna = StaffBrowser(app, "anna@ente.it")
    phone, codes = set_up(anna)
    assert len(codes) == 10
    assert "Ti restano 10 codici" in anna.get("/accedi/profilo")
    for code in codes:
        assert code not in anna.page
    again = StaffBrowser(app)
    asked = again.send("/accedi", email="anna@ente.it", password=PASSWORD, poi="/redazione")
    assert asked.status_code == 200
    assert "Set-Cookie" not in asked.headers
    assert asked.headers["Cache-Control"] == "no-store"
    assert "Secondo passo" in asked.text
    assert again.client.get("/redazione").status_code == 303
    again.page = asked.text
    done = again.send("/accedi/secondo-passo", halfway=again.hidden("halfway"), code=phone.code())
    assert done.headers["Location"] == "/redazione"
    again.get("/redazione")
    account = staff_house.services.reader.account("anna@ente.it")
    assert account
    assert staff_house.services.reader.log()[0].details["second_factor"] is True


def test_the_drawing_is_what_the_app_reads(app: Flask) -> None:
    anna = StaffBrowser(app, "anna@ente.it")
    page = anna.get(ADDRESS)
    found = re.search(r'href="(otpauth://[^"]+)"', page)
    assert found
    parts = urlsplit(found[1].replace("&amp;", "&"))
    assert parse_qs(parts.query)["issuer"] == ["Metropoli Strategiche"]
    assert parse_qs(parts.query)["secret"] == [Phone(page).app.secret]
    assert "anna%40ente.it" in parts.path
    assert "<svg" in page
    assert "style=" not in page


def test_a_wrong_code_keeps_the_drawing_and_nothing_is_switched_on(
    app: Flask, staff_house: House
) -> None:
    anna = StaffBrowser(app, "anna@ente.it")
    phone = Phone(anna.get(ADDRESS))
    key = anna.hidden("key")
    for fields in (
        {"code": "000000", "own_password": PASSWORD},
        {"code": "abc", "own_password": PASSWORD},
        {"code": "", "own_password": PASSWORD},
        {"code": phone.app.now(), "own_password": "sbagliata"},
        {"code": phone.app.now()},
    ):
        refused = anna.send(ADDRESS, key=key, **fields)
        assert refused.status_code == 422, fields
        assert Phone(refused.text).app.secret == phone.app.secret
    assert not staff_house.services.reader.second_factors(1)
    empty = anna.send(ADDRESS, key=key).text  # errors are told from the top of the page down
    assert 0 < empty.index('href="#code"') < empty.index('href="#own_password"')
    forged = anna.send(ADDRESS, key="x" + key, code=phone.app.now(), own_password=PASSWORD)
    assert forged.status_code == 422
    assert Phone(forged.text).app.secret != phone.app.secret


def test_a_key_drawn_for_somebody_else_is_not_taken(app: Flask, staff_house: House) -> None:
    hire(staff_house, "bea@ente.it")
    bea = StaffBrowser(app, "bea@ente.it")
    phone = Phone(bea.get(ADDRESS))
    anna = StaffBrowser(app, "anna@ente.it")
    anna.get(ADDRESS)
    stolen = anna.send(ADDRESS, key=bea.hidden("key"), code=phone.app.now(), own_password=PASSWORD)
    assert stolen.status_code == 422


def halfway(app: Flask) -> StaffBrowser:
    browser = StaffBrowser(app)
    assert browser.send("/accedi", email="anna@ente.it", password=PASSWORD).status_code == 200
    return browser


def second(browser: StaffBrowser, **fields: str) -> int:
    return browser.send(
        "/accedi/secondo-passo", halfway=browser.hidden("halfway"), **fields
    ).status_code


def test_a_code_works_once_and_a_recovery_code_works_once(app: Flask) -> None:
    phone, codes = set_up(StaffBrowser(app, "anna@ente.it"))
    code = phone.code()
    assert second(halfway(app), code=code) == 303
    again = halfway(app)
    assert second(again, code=code) == 422
    assert "Il codice non è giusto" in again.page
    assert second(again, recovery=codes[0].upper().replace("-", " ")) == 303
    assert second(halfway(app), recovery=codes[0]) == 422


def test_guessing_codes_is_stopped_after_five_and_the_password_alone_opens_nothing(
    app: Flask,
) -> None:
    phone, codes = set_up(StaffBrowser(app, "anna@ente.it"))
    browser = halfway(app)
    answers = [second(browser, code="000000") for _ in range(5)]
    assert answers == [422] * 5
    for fields in ({"code": phone.code()}, {"recovery": codes[1]}):
        assert second(halfway(app), **fields) == 429


def test_the_first_step_holds_for_its_account_and_its_time_only(
    app: Flask, staff_house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone, _codes = set_up(StaffBrowser(app, "anna@ente.it"))
    forged = halfway(app)
    for token in ("", "x", forged.hidden("halfway")[:-2] + "xx"):
        refused = forged.send("/accedi/secondo-passo", halfway=token, code=phone.app.now())
        assert refused.status_code == 422
        assert "accedi di nuovo" in refused.text
    late = halfway(app)
    with monkeypatch.context() as patch:
        patch.setattr("portal.auth.entering.PATIENCE", -1)
        assert second(late, code=phone.app.now()) == 422
    stale = halfway(app)
    staff_house.services.catalogue.change_account(1, role=Role.EDITOR, actor="capo")
    assert second(stale, code=phone.code()) == 422


def test_switching_off_wants_the_password(app: Flask, staff_house: House) -> None:
    anna = StaffBrowser(app, "anna@ente.it")
    set_up(anna)
    assert anna.submit(ADDRESS + "/togli").status_code == 422
    assert anna.send(ADDRESS + "/togli", own_password="no").status_code == 422
    assert staff_house.services.reader.second_factors(1)
    done = anna.send(ADDRESS + "/togli", own_password=PASSWORD)
    assert "non serve più" in anna.follow(done)
    assert StaffBrowser(app).sign_in("anna@ente.it").status_code == 303


def test_new_recovery_codes_end_the_old_ones(app: Flask) -> None:
    anna = StaffBrowser(app, "anna@ente.it")
    address = "/accedi/profilo/codici-di-riserva"
    early = anna.submit(address, own_password=PASSWORD)
    assert early.status_code == 422
    assert "Prima attiva" in early.text
    _phone, old = set_up(anna)
    fresh = anna.submit(address, own_password=PASSWORD)
    new = re.findall(r"<code>([a-z2-7-]{19})</code>", fresh.text)
    assert len(set(new) - set(old)) == 10
    assert second(halfway(app), recovery=old[0]) == 422
    assert second(halfway(app), recovery=new[0]) == 303


def test_a_role_that_wants_a_second_step_works_only_after_it(staff_house: House) -> None:
    settings = replace(staff_house.services.settings, second_factor=(Role.REVIEWER,))
    app = create_app(services=replace(staff_house.services, settings=settings))
    hire(staff_house, "redattore@ente.it")
    assert "Bacheca" in StaffBrowser(app, "redattore@ente.it").get("/redazione")
    anna = StaffBrowser(app, "anna@ente.it")
    assert "Serve il secondo passo" in anna.follow(anna.client.get("/redazione"))
    set_up(anna)
    assert "Bacheca" in anna.get("/redazione")
    assert "Serve il secondo passo" not in anna.get("/accedi/profilo")


def test_open_sessions_are_listed_by_browser_and_can_be_closed(app: Flask) -> None:
    here = StaffBrowser(app, "anna@ente.it", FIREFOX)
    there = StaffBrowser(app, "anna@ente.it", EDGE)
    third = StaffBrowser(app, "anna@ente.it")
    page = here.get("/accedi/profilo")
    assert "Firefox su Linux" in page
    assert "Edge su Windows" in page
    assert "127.0.0.1" not in page
    mine = here.hidden("which")
    closed = here.send("/accedi/profilo/sessioni/chiudi", which=mine)
    assert "è chiuso" in here.follow(closed)
    answers = {browser.client.get("/redazione").status_code for browser in (there, third)}
    assert answers == {200, 303}, "one of the two"
    here.get("/accedi/profilo")
    here.follow(here.send("/accedi/profilo/sessioni/chiudi-altre"))
    assert there.client.get("/redazione").status_code == 303
    assert third.client.get("/redazione").status_code == 303
    here.get("/redazione")


def test_nobody_closes_the_session_of_another(app: Flask, staff_house: House) -> None:
    hire(staff_house, "bea@ente.it")
    anna, bea = StaffBrowser(app, "anna@ente.it"), StaffBrowser(app, "bea@ente.it")
    session = staff_house.services.sessions.of(1)[0].session
    bea.get("/accedi/profilo")
    bea.send("/accedi/profilo/sessioni/chiudi", which=session)
    anna.get("/redazione")


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        (FIREFOX, "Firefox su Linux"),
        (EDGE, "Edge su Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Safari/604.1", "Safari su iPhone"),
        ("curl/8", ""),
        ("<script>", ""),
    ],
)
def test_a_browser_is_named_in_words(agent: str, name: str) -> None:
    assert browser_name(agent) == name


def test_codes_follow_the_standard() -> None:
    secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"  # RFC 6238, appendix B
    at, step = 1111111109, 37037036
    for code, now in (("081804", at), ("081 804", at + 30), ("081804", at - 30)):
        assert totp.step_of(secret, code, now) == step
    assert totp.step_of(secret, "081804", at + 61) is None
    for odd in ("", "28708", "2870822", "²87082", "28708a", "\ud800"):
        assert totp.step_of(secret, odd, now=at) is None
