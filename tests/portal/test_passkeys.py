"""Passkeys: made once, opening both steps or the second, refused when anything is amiss."""

from typing import Any

import pytest
from flask import Flask

from corpus.vocabulary import Role
from portal.app import create_app
from portal.auth import passkeys
from tests.portal.authenticator import Device
from tests.portal.house import House
from tests.portal.people import PASSWORD, hire
from tests.portal.staff_browser import StaffBrowser

PROFILE = "/accedi/profilo/passkey"
DOOR = "/accedi/passkey"


@pytest.fixture
def staff_house(staff_house: House) -> House:
    hire(staff_house, "anna@ente.it", Role.REVIEWER)
    return staff_house


@pytest.fixture
def app(staff_house: House) -> Flask:
    return create_app(services=staff_house.services)


def question(browser: StaffBrowser, address: str) -> dict[str, Any]:
    response = browser.client.get(address)
    assert response.headers["Cache-Control"] == "no-store"
    asked: dict[str, Any] = response.get_json()
    return asked


def register(browser: StaffBrowser, device: Device, **fields: str) -> int:
    browser.get(PROFILE)
    asked = question(browser, PROFILE + "/domanda")
    values = {
        "name": "Telefono",
        "own_password": PASSWORD,
        "challenge": asked["token"],
        "credential": device.create(asked["options"]),
    }
    return browser.send(PROFILE, **(values | fields)).status_code


@pytest.fixture
def device(app: Flask) -> Device:
    """A device that Anna has registered."""
    made = Device()
    assert register(StaffBrowser(app, "anna@ente.it"), made) == 200
    return made


def knock(app: Flask, device: Device) -> tuple[StaffBrowser, dict[str, str]]:
    """A new browser at the door, and the answer of the device to its question."""
    browser = StaffBrowser(app)
    browser.get("/accedi")
    asked = question(browser, DOOR)
    return browser, {"challenge": asked["token"], "credential": device.get(asked["options"])}


def test_a_passkey_opens_the_door_without_address_or_password(app: Flask, device: Device) -> None:
    browser, answer = knock(app, device)
    opened = browser.send(DOOR, **answer, poi="/redazione")
    assert opened.headers["Location"] == "/redazione"
    assert "Ti restano 10 codici" in browser.get("/accedi/profilo")
    assert "Telefono" in browser.page
    assert browser.client.get(DOOR).get_json()["options"]["allowCredentials"] == []


def test_an_answer_works_once(app: Flask, device: Device) -> None:
    browser, answer = knock(app, device)
    assert browser.send(DOOR, **answer).status_code == 303
    again = StaffBrowser(app)
    refused = again.send(DOOR, **answer)
    assert refused.status_code == 422
    assert "non è stata riconosciuta" in refused.text
    assert "Set-Cookie" not in refused.headers


def test_a_touch_alone_is_only_the_second_step(app: Flask) -> None:
    stick = Device(verifies=False)
    anna = StaffBrowser(app, "anna@ente.it")
    assert register(anna, stick) == 200
    browser, answer = knock(app, stick)
    assert browser.send(DOOR, **answer).status_code == 422
    half = StaffBrowser(app)
    assert half.send("/accedi", email="anna@ente.it", password=PASSWORD).status_code == 200
    assert "Usa la passkey" in half.page
    token = half.hidden("halfway")
    asked = question(half, f"{DOOR}?halfway={token}")
    assert [known["transports"] for known in asked["options"]["allowCredentials"]] == [["usb"]]
    done = half.send(
        DOOR, halfway=token, challenge=asked["token"], credential=stick.get(asked["options"])
    )
    assert done.status_code == 303
    half.get("/redazione")


def test_the_passkey_of_a_colleague_is_no_second_step(
    app: Flask, staff_house: House, device: Device
) -> None:
    hire(staff_house, "bea@ente.it")
    hers = Device(id=b"bea's")
    assert register(StaffBrowser(app, "bea@ente.it"), hers) == 200
    half = StaffBrowser(app)
    half.send("/accedi", email="anna@ente.it", password=PASSWORD)
    token = half.hidden("halfway")
    asked = question(half, f"{DOOR}?halfway={token}")
    refused = half.send(
        DOOR, halfway=token, challenge=asked["token"], credential=hers.get(asked["options"])
    )
    assert refused.status_code == 422
    assert "Secondo passo" in refused.text


@pytest.mark.parametrize("flaw", ["origin", "key", "challenge", "late", "copy", "off"])
def test_an_answer_with_a_flaw_opens_nothing(
    app: Flask,
    staff_house: House,
    device: Device,
    flaw: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if flaw == "origin":
        device.origin = "http://evil.example"
    if flaw == "key":
        device.key = Device().key
    if flaw == "copy":
        first, good = knock(app, device)
        assert first.send(DOOR, **good).status_code == 303
        device.count = 0
    browser, answer = knock(app, device)
    if flaw == "challenge":
        answer["challenge"] = question(browser, DOOR)["token"]
    if flaw == "late":
        monkeypatch.setattr(passkeys, "LIFE", -1)
    if flaw == "off":
        staff_house.services.catalogue.change_account(1, active=False, actor="capo")
    assert browser.send(DOOR, **answer).status_code == 422
    browser.page = ""
    assert browser.client.get("/redazione").status_code == 303


@pytest.mark.parametrize(
    "credential",
    [
        "",
        "{",
        "[]",
        "null",
        '"x"',
        "{}",
        '{"id": 1}',
        '{"id": "ZGV2aWNlLW9uZS1jcmVkZW50aWFs"}',
        '{"id": "ZGV2aWNlLW9uZS1jcmVkZW50aWFs", "rawId": 5, "response": [], "type": 3}',
        '{"id":"ZGV2aWNlLW9uZS1jcmVkZW50aWFs","rawId":"ZGV2aWNlLW9uZS1jcmVkZW50aWFs",'
        '"type":"public-key","response":{"clientDataJSON":"/","authenticatorData":"AA",'
        '"signature":"é"}}',
        "[" * 10_000,
    ],
)
def test_what_is_no_answer_is_refused_with_words(
    app: Flask, device: Device, credential: str
) -> None:
    browser, answer = knock(app, device)
    refused = browser.send(DOOR, challenge=answer["challenge"], credential=credential)
    assert refused.status_code == 422
    assert "riprova" in refused.text


def test_a_registration_with_a_flaw_registers_nothing(app: Flask, staff_house: House) -> None:
    anna = StaffBrowser(app, "anna@ente.it")
    elsewhere = Device(origin="http://evil.example")
    assert register(anna, elsewhere) == 422
    assert register(anna, Device(), own_password="no") == 422
    assert register(anna, Device(), name="") == 422
    for credential in ("", "{}", "[]", "{", '{"response": 3}'):
        assert register(anna, Device(), credential=credential) == 422
    hire(staff_house, "bea@ente.it")
    bea = StaffBrowser(app, "bea@ente.it")
    stolen = question(bea, PROFILE + "/domanda")
    device = Device()
    assert (
        register(
            anna, device, challenge=stolen["token"], credential=device.create(stolen["options"])
        )
        == 422
    )
    assert not staff_house.services.reader.with_second_factor()


def test_a_passkey_is_renamed_and_removed_by_its_person_alone(
    app: Flask, staff_house: House
) -> None:
    anna = StaffBrowser(app, "anna@ente.it")
    assert register(anna, Device()) == 200
    assert register(anna, Device()) == 422, "the same credential twice"
    assert "già registrata" in anna.page
    number = staff_house.services.reader.second_factors(1).passkeys[0].id
    address = f"{PROFILE}/{number}"
    anna.get(address)
    assert anna.send(address + "/nome", name=" ").status_code == 422
    anna.follow(anna.send(address + "/nome", name="Computer dell'ufficio"))
    assert "Computer dell" in anna.get("/accedi/profilo")
    hire(staff_house, "bea@ente.it")
    bea = StaffBrowser(app, "bea@ente.it")
    bea.get(address, 404)
    bea.get("/accedi/profilo")
    assert bea.send(address + "/togli", own_password=PASSWORD).status_code == 404
    anna.get(address)
    assert anna.send(address + "/togli", own_password="no").status_code == 422
    assert anna.send(address + "/togli", own_password=PASSWORD).status_code == 303
    assert not staff_house.services.reader.second_factors(1)
