"""Coming in through an identity provider: only its true answer, to our own question, opens."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pyotp
import pytest
import requests
from flask import Flask

from corpus.vocabulary import Role
from portal.app import create_app
from portal.auth import step_up
from portal.auth.browser import WAY
from portal.settings import InvalidSetting, Settings
from tests.portal.house import House, copy_of, empty_house
from tests.portal.identity_provider import (
    CLIENT,
    SECRET,
    IdentityProvider,
    key_number,
    running,
)
from tests.portal.staff_browser import StaffBrowser


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> House:
    house = empty_house(tmp_path_factory.mktemp("casa"))
    house.services.catalogue.add_account("anna@ente.it", "Anna", Role.REVIEWER)
    return house


@pytest.fixture
def staff_house(built: House, tmp_path: Path) -> House:
    return copy_of(built, tmp_path / "casa")


@pytest.fixture
def provider() -> Iterator[IdentityProvider]:
    with running() as made:
        yield made


@pytest.fixture
def app(staff_house: House, provider: IdentityProvider) -> Flask:
    return portal(staff_house, provider)


def portal(house: House, provider: IdentityProvider, **changes: Any) -> Flask:
    settings = replace(
        house.services.settings,
        oidc_issuer=provider.issuer,
        oidc_client_id=CLIENT,
        oidc_client_secret=SECRET,
        **changes,
    )
    return create_app(services=replace(house.services, settings=settings))


def go(browser: StaffBrowser, provider: IdentityProvider, wanted: str = "") -> dict[str, str]:
    """Leave for the provider, say yes there: what comes back."""
    left = browser.client.get("/accedi/ente", query_string={"poi": wanted})
    assert left.status_code == 303
    assert left.headers["Cache-Control"] == "no-store"
    cookie = left.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "Path=/accedi/ente" in cookie
    return provider.authorize(left.headers["Location"])


def back(browser: StaffBrowser, answer: dict[str, str]) -> tuple[int, str]:
    response = browser.client.get("/accedi/ente/ritorno", query_string=answer)
    browser._keep(response)
    return response.status_code, response.text


def inside(browser: StaffBrowser) -> bool:
    return browser.client.get("/redazione").status_code == 200


def test_a_known_address_comes_in_and_goes_where_it_wanted(
    app: Flask, provider: IdentityProvider, staff_house: House
) -> None:
    browser = StaffBrowser(app)
    assert "Accedi con l&#39;identità dell&#39;ente" in browser.get("/accedi")
    answer = go(browser, provider, "/redazione?x=1")
    response = browser.client.get("/accedi/ente/ritorno", query_string=answer)
    assert response.headers["Location"] == "/redazione?x=1"
    assert browser.client.get_cookie(WAY, path="/accedi/ente") is None
    assert inside(browser)
    assert provider.asked["scope"] == "openid email"
    assert provider.asked["redirect_uri"] == "http://localhost/accedi/ente/ritorno"
    assert "acr_values" not in provider.asked
    account = staff_house.services.reader.account("anna@ente.it")
    assert account
    assert account.role is Role.REVIEWER


@pytest.mark.parametrize(
    ("claims", "words"),
    [
        ({"iss": "http://127.0.0.1:1"}, "non corrisponde"),
        ({"aud": "altri"}, "non corrisponde"),
        ({"aud": [CLIENT, "altri"]}, "non corrisponde"),
        ({"azp": "altri"}, "non corrisponde"),
        ({"nonce": "altro"}, "non corrisponde"),
        ({"nonce": None}, "non corrisponde"),
        ({"exp": 1_000_000}, "non corrisponde"),
        ({"exp": None}, "non corrisponde"),
        ({"sub": None}, "non corrisponde"),
        ({"email_verified": False}, "verificato"),
        ({"email_verified": "true"}, "verificato"),
        ({"email_verified": None}, "verificato"),
        ({"email": None}, "verificato"),
        ({"email": ["anna@ente.it"]}, "verificato"),
        ({"email": "nessuno@ente.it"}, "chi amministra"),
    ],
)
def test_an_answer_that_is_not_quite_right_opens_nothing(
    app: Flask,
    provider: IdentityProvider,
    staff_house: House,
    claims: dict[str, Any],
    words: str,
) -> None:
    provider.claims = claims
    browser = StaffBrowser(app)
    status, page = back(browser, go(browser, provider))
    assert status == 403
    assert words in page
    assert not inside(browser)
    assert len(staff_house.services.reader.accounts()) == 1


def test_a_signature_of_somebody_else_opens_nothing(app: Flask, provider: IdentityProvider) -> None:
    provider.signing = key_number(2)
    browser = StaffBrowser(app)
    assert back(browser, go(browser, provider))[0] == 403
    assert not inside(browser)


def test_new_keys_of_the_provider_are_fetched(app: Flask, provider: IdentityProvider) -> None:
    first = StaffBrowser(app)
    assert back(first, go(first, provider))[0] == 303
    provider.key = key_number(2)
    second = StaffBrowser(app)
    assert back(second, go(second, provider))[0] == 303


@pytest.mark.parametrize(
    "change",
    [
        {"state": "altro"},
        {"state": "é"},
        {"state": ""},
        {"iss": "https://altri.example"},
        {"code": "inventato"},
    ],
)
def test_an_answer_to_another_question_opens_nothing(
    app: Flask, provider: IdentityProvider, change: dict[str, str]
) -> None:
    browser = StaffBrowser(app)
    assert back(browser, go(browser, provider) | change)[0] == 403
    assert not inside(browser)


def test_an_answer_works_once_and_in_its_own_browser(
    app: Flask, provider: IdentityProvider
) -> None:
    mine, theirs = StaffBrowser(app), StaffBrowser(app)
    answer = go(mine, provider)
    assert back(theirs, answer)[0] == 403, "no cookie: the answer was asked for elsewhere"
    go(theirs, provider)
    assert back(theirs, answer)[0] == 403, "another question of theirs"
    assert back(mine, answer)[0] == 303
    again = StaffBrowser(app)
    go(again, provider)
    assert back(again, answer)[0] == 403


def test_who_says_no_there_reads_why(app: Flask, provider: IdentityProvider) -> None:
    browser = StaffBrowser(app)
    answer = go(browser, provider)
    status, page = back(browser, {"error": "access_denied", "state": answer["state"]})
    assert status == 403
    assert "interrotto" in page


def test_who_was_shut_out_stays_out(
    app: Flask, provider: IdentityProvider, staff_house: House
) -> None:
    staff_house.services.catalogue.change_account(1, active=False, actor="capo")
    browser = StaffBrowser(app)
    assert back(browser, go(browser, provider))[0] == 403


def test_the_second_step_stays_ours_unless_the_level_is_high_enough(
    staff_house: House, provider: IdentityProvider
) -> None:
    staff_house.services.catalogue.set_totp(1, "GEZDGNBVGY3TQOJQ", 1, actor="anna")
    app = portal(staff_house, provider, oidc_acr="https://www.spid.gov.it/SpidL2 SpidL3")
    browser = StaffBrowser(app)
    status, page = back(browser, go(browser, provider))
    assert (status, "Secondo passo" in page) == (200, True)
    assert not inside(browser)
    provider.claims = {"acr": "https://www.spid.gov.it/SpidL1"}
    assert back(browser, go(browser, provider))[0] == 200
    provider.claims = {"acr": "SpidL3"}
    assert back(browser, go(browser, provider))[0] == 303
    assert provider.asked["acr_values"] == "https://www.spid.gov.it/SpidL2 SpidL3"
    assert inside(browser)


def test_who_has_no_password_protects_the_access_soon_after_coming_in(
    app: Flask, provider: IdentityProvider, staff_house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    anna = StaffBrowser(app)
    assert back(anna, go(anna, provider))[0] == 303
    page = anna.get("/accedi/profilo/codice")
    assert "La tua password" not in page
    found = re.search(r'id="chiave">([A-Z2-7 ]+)<', page)
    assert found
    fields = {"key": anna.hidden("key"), "code": pyotp.TOTP(found[1].replace(" ", "")).now()}
    with monkeypatch.context() as patch:
        patch.setattr(step_up, "FRESH", timedelta(0))
        late = anna.send("/accedi/profilo/codice", **fields)
        assert late.status_code == 422
        assert "esci e accedi di nuovo" in late.text
    assert anna.send("/accedi/profilo/codice", **fields).status_code == 200
    assert staff_house.services.reader.second_factors(1)


def test_a_provider_that_is_down_or_not_itself_costs_a_page(
    staff_house: House, provider: IdentityProvider
) -> None:
    provider.published_issuer = "https://altri.example"
    browser = StaffBrowser(portal(staff_house, provider))
    assert "non risponde" in browser.get("/accedi/ente", 503)
    settings = replace(
        staff_house.services.settings, oidc_issuer="http://127.0.0.1:9", oidc_client_id=CLIENT
    )
    app = create_app(services=replace(staff_house.services, settings=settings))
    assert "non risponde" in StaffBrowser(app).get("/accedi/ente", 503)


def test_a_provider_that_does_not_answer_is_left_alone_for_a_while(
    staff_house: House, provider: IdentityProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Otherwise every visitor would hold one of the portal's threads until its time is up."""
    asked: list[str] = []

    def silent(address: str, **options: Any) -> None:
        asked.append(address)
        raise requests.Timeout

    browser = StaffBrowser(portal(staff_house, provider))
    with monkeypatch.context() as patch:
        patch.setattr(requests, "get", silent)
        for _ in range(40):
            browser.get("/accedi/ente", 503)
    assert len(asked) == 1


def test_without_a_provider_there_is_no_such_way(staff_house: House) -> None:
    browser = StaffBrowser(create_app(services=staff_house.services))
    assert "/accedi/ente" not in browser.get("/accedi")
    browser.get("/accedi/ente", 404)
    browser.get("/accedi/ente/ritorno?code=x&state=y", 404)
    assert WAY not in browser.get("/cookie")


def test_the_page_of_cookies_names_that_of_the_provider(app: Flask) -> None:
    assert WAY in StaffBrowser(app).get("/cookie")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("METROPOLI_OIDC_ISSUER", "http://ente.example"),
        ("METROPOLI_OIDC_ISSUER", "ente.example"),
        ("METROPOLI_OIDC_CLIENT_ID", ""),
    ],
)
def test_settings_of_a_provider_that_cannot_work_are_refused(name: str, value: str) -> None:
    good = {"METROPOLI_OIDC_ISSUER": "https://ente.example", "METROPOLI_OIDC_CLIENT_ID": "x"}
    with pytest.raises(InvalidSetting) as refusal:
        Settings.from_environment(good | {name: value})
    assert refusal.value.name == name
