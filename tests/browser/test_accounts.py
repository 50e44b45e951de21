"""The ways in as people use them: with scripts and without, by keyboard, on a phone, by passkey."""

import re
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace

import pyotp
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect
from waitress.server import create_server

from corpus.vocabulary import Role
from portal.app import create_app
from portal.mail import Letter, Mail
from tests.browser.conftest import free_port
from tests.browser.test_every_page import RULES
from tests.portal.house import House, empty_house
from tests.portal.people import PASSWORD, hire, quicken_hashes

NEW = "cinque merli nel melo di pietra"
DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


class Post(Mail):
    """Keeps the letters."""

    def __init__(self, house: House) -> None:
        super().__init__(replace(house.services.settings, smtp_host="x"))
        self.letters: list[Letter] = []

    def deliver(self, letter: Letter) -> None:
        self.letters.append(letter)


@dataclass(frozen=True)
class Office:
    """A small portal with its staff, under a name that passkeys accept."""

    url: str
    house: House
    post: Post

    def link(self) -> str:
        """The link of the last letter, at the address of this portal."""
        assert self.post.wait(10)
        found = re.search(r"https?://[^/\s]+(/accedi/\S+)", self.post.letters[-1].text)
        assert found
        return self.url + found[1]


@pytest.fixture
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    with pytest.MonkeyPatch.context() as patch:
        quicken_hashes(patch)
        house = empty_house(tmp_path_factory.mktemp("office"))
        hire(house, "capo@ente.it", Role.ADMINISTRATOR, name="Carla Capo")
        post = Post(house)
        app = create_app(services=replace(house.services, mail=post))
        port = free_port()
        server = create_server(app, host="127.0.0.1", port=port, threads=4)
        threading.Thread(target=server.run, daemon=True).start()
        try:
            yield Office(f"http://localhost:{port}", house, post)
        finally:
            server.close()


def sign_in(page: Page, office: Office, email: str = "capo@ente.it") -> None:
    page.goto(office.url + "/accedi")
    page.get_by_label("Posta elettronica").fill(email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Accedi", exact=True).click()


def check(page: Page) -> None:
    """Accessible, and no sideways scrolling on a phone."""
    size = page.viewport_size
    page.set_viewport_size({"width": 360, "height": 740})
    wide = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    assert not page.evaluate(wide), page.url
    found = Axe().run(page, options=RULES)
    assert found.violations_count == 0, f"{page.url}\n{found.generate_report()}"
    if size:
        page.set_viewport_size(size)


def set_up_codes(page: Page, office: Office) -> pyotp.TOTP:
    page.goto(office.url + "/accedi/profilo/codice")
    page.get_by_text("Copia la chiave").click()
    app = pyotp.TOTP(page.locator("#chiave").inner_text().replace(" ", ""))
    page.get_by_label("Codice di sei cifre").fill(app.now())
    page.get_by_label("La tua password").fill(PASSWORD)
    page.get_by_role("button", name="Attiva", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("I tuoi codici di riserva")
    return app


def test_codes_of_the_phone_from_the_drawing_to_the_door(page: Page, office: Office) -> None:
    sign_in(page, office)
    page.goto(office.url + "/accedi/profilo/codice")
    check(page)
    drawing = page.locator(".portal-qr svg").bounding_box()
    assert drawing
    assert drawing["width"] > 150
    app = set_up_codes(page, office)
    check(page)
    spare = page.locator("#codici li").first.inner_text()
    page.get_by_role("button", name="Esci").click()
    sign_in(page, office)
    expect(page.get_by_role("heading", level=1)).to_have_text("Secondo passo")
    expect(page.get_by_label("Codice dell'app")).to_be_focused()
    check(page)
    page.keyboard.type("000000")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Il codice non è giusto")).to_be_visible()
    check(page)
    page.get_by_label("Codice dell'app").fill(app.at(int(time.time()) + 30))
    page.keyboard.press("Enter")
    page.wait_for_url("**/redazione")
    page.get_by_role("button", name="Esci").click()
    sign_in(page, office)
    page.get_by_text("Usa un codice di riserva").click()
    page.get_by_label("Codice di riserva", exact=True).fill(spare)
    page.keyboard.press("Enter")
    page.wait_for_url("**/redazione")


def test_a_passkey_is_made_and_opens_the_door_alone_and_after_the_password(
    page: Page, office: Office
) -> None:
    devices = page.context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(f"{message.type}: {message.text}"))
    sign_in(page, office)
    page.goto(office.url + "/accedi/profilo/passkey")
    check(page)
    page.get_by_label("Nome della passkey").fill("Computer dell'ufficio")
    page.get_by_label("La tua password").fill(PASSWORD)
    page.get_by_role("button", name="Crea la passkey").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("I tuoi codici di riserva")
    page.goto(office.url + "/accedi/profilo")
    expect(page.get_by_role("link", name="Computer dell'ufficio")).to_be_visible()
    check(page)
    page.get_by_role("link", name="Computer dell'ufficio").click()
    check(page)
    page.get_by_role("button", name="Esci").click()
    page.goto(office.url + "/accedi")
    page.get_by_role("button", name="Accedi con una passkey").press("Enter")
    page.wait_for_url("**/redazione")
    page.get_by_role("button", name="Esci").click()
    sign_in(page, office)
    check(page)
    page.get_by_role("button", name="Usa la passkey").click()
    page.wait_for_url("**/redazione")
    assert complaints == []


def test_a_device_that_says_no_is_explained(page: Page, office: Office) -> None:
    devices = page.context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    refusing = DEVICE | {"isUserVerified": False}
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": refusing})
    page.goto(office.url + "/accedi")
    page.get_by_role("button", name="Accedi con una passkey").click()
    expect(page.get_by_role("alert")).to_contain_text("Il dispositivo non ha dato la passkey")
    check(page)


def test_a_lost_password_with_the_keyboard_alone(page: Page, office: Office) -> None:
    page.goto(office.url + "/accedi")
    page.get_by_role("link", name="Hai dimenticato la password?").press("Enter")
    check(page)
    page.get_by_label("Posta elettronica").focus()
    page.keyboard.type("capo@ente.it")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Controlla la posta")
    check(page)
    page.goto(office.link())
    check(page)
    page.get_by_label("Password", exact=True).focus()
    page.keyboard.type(NEW)
    page.keyboard.press("Tab")
    page.keyboard.type(NEW)
    page.keyboard.press("Enter")
    page.wait_for_url("**/accedi/profilo?fatto=*")


def test_without_scripts_an_office_invites_a_colleague_who_comes_in(
    browser: Browser, office: Office
) -> None:
    context = browser.new_context(java_script_enabled=False, locale="it-IT")
    page = context.new_page()
    sign_in(page, office)
    page.goto(office.url + "/redazione/utenti")
    page.get_by_role("link", name="Invita una persona").click()
    page.get_by_label("Nome e cognome").fill("Anna Bianchi")
    page.get_by_label("Posta elettronica").fill("anna@ente.it")
    page.get_by_label("revisore").check()
    page.get_by_label("Bari").check()
    page.get_by_role("button", name="Invita").click()
    link = page.locator("#collegamento").inner_text()
    expect(page.get_by_role("button", name="Copia il collegamento")).to_be_hidden()
    page.get_by_role("button", name="Esci").click()
    page.goto(link)
    page.get_by_label("Password", exact=True).fill(NEW)
    page.get_by_label("Ripeti la password").fill(NEW)
    page.get_by_role("button", name="Salva ed entra").click()
    expect(page.locator("main")).to_contain_text("revisore, solo per Bari")
    page.goto(office.url + "/accedi/profilo/codice")
    page.locator("summary", has_text="Copia la chiave").click()
    app = pyotp.TOTP(page.locator("#chiave").inner_text().replace(" ", ""))
    page.get_by_label("Codice di sei cifre").fill(app.now())
    page.get_by_label("La tua password").fill(NEW)
    page.get_by_role("button", name="Attiva", exact=True).click()
    expect(page.locator("#codici li")).to_have_count(10)
    context.close()


def test_the_pages_of_who_administers_are_accessible(page: Page, office: Office) -> None:
    anna = hire(office.house, "anna@ente.it", name="Anna Bianchi")
    sign_in(page, office)
    for address in (
        "/redazione/utenti",
        "/redazione/utenti/nuovo",
        f"/redazione/utenti/{anna}",
        f"/redazione/utenti/{anna}/disattiva",
        f"/redazione/utenti/{anna}/collegamento",
        "/accedi/profilo/password",
    ):
        page.goto(office.url + address)
        check(page)
    page.goto(office.url + "/redazione/utenti/nuovo")
    page.get_by_role("button", name="Invita").click()
    expect(page.get_by_role("alert")).to_be_focused()
    check(page)
    page.goto(office.url + f"/redazione/utenti/{anna}/collegamento")
    page.get_by_role("button", name="Fai un collegamento").click()
    check(page)
