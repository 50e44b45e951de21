"""Doors: shut by default, known host names, own forms, headers on every answer."""

import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask, abort
from flask.testing import FlaskClient

from corpus.vocabulary import Role
from portal.app import create_app
from portal.auth import access
from portal.auth.access import Permission, public
from portal.limits import network
from tests.portal.conftest import GetPage, check_answer
from tests.portal.house import House
from tests.portal.pages_checker import check_page

ROOT = Path(__file__).resolve().parent.parent.parent


def test_a_view_without_a_mark_is_shut(house: House) -> None:
    app = create_app(services=house.services)
    app.add_url_rule("/dimenticata", "forgotten", lambda: "secret")
    response = app.test_client().get("/dimenticata")
    assert response.status_code == 403
    assert "secret" not in response.text
    check_page(response.text)


def test_every_permission_is_granted_to_somebody() -> None:
    granted = {permission for grants in access.GRANTS.values() for permission in grants}
    assert granted == set(Permission)
    assert set(access.GRANTS) == set(Role)


def test_what_is_reserved_leads_to_the_door_and_back(client: FlaskClient) -> None:
    response = client.get("/accedi/profilo?fatto=password")
    assert response.status_code == 303
    assert response.headers["Location"] == "/accedi?poi=/accedi/profilo?fatto%3Dpassword"
    assert response.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "", "a b", "[::2]"])
def test_a_host_name_that_is_not_listed_gets_no_page(host: str, client: FlaskClient) -> None:
    response = client.get("/", headers={"Host": host})
    assert response.status_code == 400
    check_answer(response)
    check_page(response.text)
    assert "evil.example" not in response.text


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:8000", "127.0.0.1:81", "[::1]:8000"])
def test_the_listed_host_names_answer_on_any_port(host: str, client: FlaskClient) -> None:
    assert client.get("/robots.txt", headers={"Host": host}).status_code == 200


def test_forwarding_headers_count_only_behind_a_configured_proxy(house: House) -> None:
    forwarded = {"X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "https"}

    def seen(hops: int) -> str:
        settings = replace(house.services.settings, proxy_hops=hops)
        app = create_app(services=replace(house.services, settings=settings))

        @app.get("/chi")
        @public
        def who() -> str:
            from flask import request

            return f"{request.scheme} {request.remote_addr}"

        return app.test_client().get("/chi", headers=forwarded).text

    assert seen(0) == "http 127.0.0.1"
    assert seen(1) == "https 203.0.113.9"


def test_a_form_from_another_site_is_refused(client: FlaskClient) -> None:
    for origin in ("https://evil.example", "null", None):
        headers = {} if origin is None else {"Origin": origin}
        response = client.post("/accedi", data={"email": "a@b.it"}, headers=headers)
        assert response.status_code == 400, origin
        check_page(response.text)


@pytest.mark.parametrize(
    ("method", "address", "status"),
    [
        ("GET", "/non-esiste", 404),
        ("POST", "/ricerca", 405),
        ("DELETE", "/", 405),
        ("GET", "/accedi/profilo", 303),
        ("GET", "/static/non-esiste.css", 404),
        ("GET", "/documenti/2222222", 404),
        ("OPTIONS", "/", 200),
        ("HEAD", "/non-esiste", 404),
    ],
)
def test_every_answer_carries_the_headers(
    method: str, address: str, status: int, client: FlaskClient
) -> None:
    response = client.open(address, method=method, headers={"Origin": "http://localhost"})
    assert response.status_code == status
    check_answer(response)
    assert response.headers["X-Frame-Options"] == "DENY"
    assert response.headers["Referrer-Policy"] == "same-origin"
    assert response.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert response.headers["Permissions-Policy"]
    if status == 405:
        assert "GET" in response.headers["Allow"]


def test_an_error_nobody_expected_gets_a_page_without_details(house: House) -> None:
    app = create_app(services=house.services)

    @app.get("/guasto")
    @public
    def broken() -> str:
        raise RuntimeError("the password is in the details")

    response = app.test_client().get("/guasto")
    assert response.status_code == 500
    check_answer(response)
    check_page(response.text)
    assert "password" not in response.text


def test_the_error_page_survives_broken_templates(house: House) -> None:
    app = create_app(services=house.services)
    app.jinja_env.globals["asset"] = lambda path: abort(418)

    @app.get("/guasto")
    @public
    def broken() -> str:
        raise RuntimeError

    response = app.test_client().get("/guasto")
    assert response.status_code == 500
    check_answer(response)
    assert "<h1>Errore del portale</h1>" in response.text


def test_a_body_too_large_is_refused_with_a_page(client: FlaskClient) -> None:
    response = client.post(
        "/accedi", data={"email": "a" * 100_000}, headers={"Origin": "http://localhost"}
    )
    assert response.status_code == 413
    check_page(response.text)


def test_https_asks_browsers_to_stay_on_it(house: House) -> None:
    settings = replace(house.services.settings, https=True)
    client = create_app(services=replace(house.services, settings=settings)).test_client()
    assert "max-age=" in client.get("/").headers["Strict-Transport-Security"]


def test_public_pages_are_kept_and_asked_again(get_page: GetPage, client: FlaskClient) -> None:
    for encoding in ("identity", "br", "gzip"):
        headers = {"Accept-Encoding": encoding}
        first = client.get("/progetto", headers=headers)
        assert first.headers["Cache-Control"] == "no-cache"
        again = client.get("/progetto", headers=headers | {"If-None-Match": first.headers["ETag"]})
        assert again.status_code == 304, encoding
        check_answer(again)


def test_pages_are_compressed(client: FlaskClient) -> None:
    response = client.get("/", headers={"Accept-Encoding": "br"})
    assert response.headers["Content-Encoding"] == "br"
    assert response.headers["Vary"] == "Accept-Encoding"


def test_no_public_page_sends_anything_to_other_sites(get_page: GetPage, app: Flask) -> None:
    policy = get_page("/").headers["Content-Security-Policy"]
    for directive in policy.split("; "):
        assert set(directive.split()[1:]) <= {"'self'", "'none'", "data:"}, directive


@pytest.mark.parametrize(
    ("address", "counted_as"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        (None, "unknown"),
        ("x", "unknown"),
    ],
)
def test_one_reader_is_an_address_or_a_network_of_ipv6(
    address: str | None, counted_as: str
) -> None:
    assert network(address) == counted_as


def test_importing_the_application_stays_light() -> None:
    script = "import sys, portal.app;print(' '.join(m for m in sys.modules if '.' not in m))"
    loaded = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split()
    heavy = {"pypdf", "pypdfium2", "docx", "PIL", "pptx", "lxml", "bleach", "zxcvbn", "alembic"}
    heavy |= {"webauthn", "pyotp", "segno", "authlib", "joserfc", "requests", "smtplib"}
    assert heavy & set(loaded) == set()


def test_robots_keep_out_of_searches(client: FlaskClient) -> None:
    text = client.get("/robots.txt").text
    assert re.search(r"^Disallow: /ricerca\?$", text, re.M)
