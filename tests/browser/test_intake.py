"""Uploading and importing in a browser: keyboard, no scripts, narrow screens, axe on every page."""

import re
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect

from corpus.catalogue import Catalogue
from corpus.database import Database
from corpus.home import DataHome
from corpus.sessions import Sessions
from corpus.store import FileStore
from corpus.vocabulary import Role
from portal.auth.browser import COOKIE
from tests.browser.conftest import Portal
from tests.browser.test_desk import press, tab_to
from tests.browser.test_every_page import RULES

SignIn = Callable[[BrowserContext], None]
WORDS = " ".join(f"parola{number} del rapporto" for number in range(120))
REPORT = f"Rapporto sullo sportello unico di Bari\nVersione 1.0 - marzo 2022\n\n{WORDS}.\n"


@pytest.fixture(scope="module")
def sign_in(portal: Portal) -> Iterator[SignIn]:
    home = DataHome(portal.home)
    database = Database(home.catalogue)
    account = Catalogue(database, FileStore(home)).add_account(
        "invia@prova.it", "Ivo Invia", Role.EDITOR
    )

    def enter(context: BrowserContext) -> None:
        ticket = Sessions(database).start(account)
        context.add_cookies([{"name": COOKIE, "value": ticket, "url": portal.url}])

    yield enter
    database.close()


def visit(browser: Browser, sign_in: SignIn, scripts: bool, width: int) -> Page:
    context = browser.new_context(
        java_script_enabled=scripts,
        viewport={"width": width, "height": 800},
        locale="it-IT",
        reduced_motion="reduce",
    )
    sign_in(context)
    return context.new_page()


def written(folder: Path, **files: str) -> list[Path]:
    paths = []
    for name, text in files.items():
        paths.append(folder / name.replace("_dot_", "."))
        paths[-1].write_text(text, "utf-8")
    return paths


def wait_until(page: Page, address: str, words: str) -> None:
    """Reload until the worker has done its part."""
    for _ in range(60):
        page.goto(address)
        if page.get_by_text(words).count():
            return
        page.wait_for_timeout(250)
    raise AssertionError(f"«{words}» never shows at {address}")


@pytest.mark.parametrize(("scripts", "width"), [(True, 1280), (False, 360)])
def test_from_the_files_to_the_confirmed_form_with_the_keyboard_alone(
    scripts: bool, width: int, portal: Portal, browser: Browser, sign_in: SignIn, tmp_path: Path
) -> None:
    page = visit(browser, sign_in, scripts, width)
    page.goto(f"{portal.url}/redazione/carica")
    field = page.get_by_label("File", exact=True)
    tab_to(page, field)
    mark = f"{width}"
    files = written(
        tmp_path, buono_dot_txt=REPORT + mark, vuoto_dot_pdf="", altro_dot_txt=f"{mark} altro testo"
    )
    field.set_input_files(files)  # the choice itself is the system's window
    button = page.locator("form[data-upload]").get_by_role("button", name="Carica")
    tab_to(page, button)
    page.keyboard.press("Enter")
    if scripts:
        expect(page.locator("[data-upload-status]")).to_have_text(
            "Invio terminato. File non presi: 1. Il motivo è accanto a ciascuno."
        )
        expect(page.locator(".portal-upload")).to_have_count(3)
        expect(page.get_by_text("Rifiutato. Il file è vuoto")).to_be_visible()
    else:
        page.wait_for_url(re.compile("/redazione/elaborazione"))
        expect(page.get_by_text("Il file è vuoto")).to_be_visible()
    listed = f"{portal.url}/redazione/elaborazione"
    wait_until(page, listed, "Letto")
    row = page.locator(".portal-upload", has_text="buono.txt").first
    link = row.get_by_role("link", name="Apri la bozza")
    for _ in range(40):
        if row.get_by_text("Letto").count():
            break
        page.wait_for_timeout(250)
        page.reload()
    tab_to(page, link)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.get_by_label("Titolo", exact=True)).to_have_value(
        "Rapporto sullo sportello unico di Bari"
    )
    expect(page.get_by_label(re.compile("^Anno"))).to_have_value("2022")
    expect(page.get_by_role("checkbox", name="Bari")).to_be_checked()
    press(page, "button", "Salva")
    expect(page.get_by_role("heading", level=1)).to_have_text(
        "Rapporto sullo sportello unico di Bari"
    )
    page.context.close()


def test_a_list_and_a_zip_without_scripts(
    portal: Portal, browser: Browser, sign_in: SignIn, tmp_path: Path
) -> None:
    page = visit(browser, sign_in, scripts=False, width=360)
    parcel, listed = tmp_path / "lotto.zip", tmp_path / "elenco.csv"
    with zipfile.ZipFile(parcel, "w") as archive:
        archive.writestr("a.txt", "Una relazione che arriva con un elenco di documenti.")
    listed.write_text("file;titolo;citta\na.txt;Arrivata in lotto;Bari\nb.txt;Manca;\n", "utf-8")
    page.goto(f"{portal.url}/redazione/importa")
    page.get_by_label("Archivio ZIP").set_input_files(parcel)
    page.get_by_label("Elenco CSV").set_input_files(listed)
    press(page, "button", "Fai la prova")
    address = page.url
    wait_until(page, address, "Lo ZIP non contiene questo file.")
    with page.expect_download() as download:
        page.get_by_role("link", name=re.compile("^Scarica l'elenco")).click()
    assert "errore" in download.value.path().read_text("utf-8-sig").splitlines()[0]
    press(page, "button", "Aggiungi 1 bozza")
    wait_until(page, address, "Bozze aggiunte: 1")
    page.context.close()


@pytest.mark.parametrize("width", [1280, 360])
def test_pages_of_intake_are_accessible_and_do_not_scroll_sideways(
    width: int, portal: Portal, browser: Browser, sign_in: SignIn, tmp_path: Path
) -> None:
    page = visit(browser, sign_in, scripts=True, width=width)
    home = f"{portal.url}/redazione"
    page.goto(f"{home}/carica")
    text = f"{REPORT} {width} quasi uguale"
    near = written(tmp_path, primo_dot_txt=text, secondo_dot_txt=text + " o no")
    for files in (near, near[:1]):
        page.get_by_label("File", exact=True).set_input_files(files)
        page.locator("form[data-upload]").get_by_role("button", name="Carica").click()
        expect(page.locator("[data-upload-status]")).to_have_text("Invio terminato.")
        page.reload()
    wait_until(page, f"{home}/elaborazione", "Il testo è quasi uguale")
    links = page.locator("main a").evaluate_all("links => links.map(link => link.href)")
    wanted = ("/doppioni/", "/accessibilita/", "/modifica", "/carica", "/elaborazione")
    found = {
        re.sub(r"/[2-9b-z]{7}(?=/|$)|\d+", "*", each): each
        for each in links
        if any(part in each for part in wanted)
    }
    assert sum("/doppioni/" in each for each in found.values()) == 2
    public_id = re.search(r"/testo/([2-9b-z]{7})", " ".join(links))
    assert public_id is not None
    found["report"] = f"{home}/accessibilita/{public_id[1]}"
    found["version"] = f"{home}/carica/versione/{public_id[1]}"
    found["import"] = f"{home}/importa"
    for address in found.values():
        page.goto(address)
        results = Axe().run(page, options=RULES)
        assert results.violations_count == 0, f"{address}\n{results.generate_report()}"
        assert not page.evaluate(
            "document.documentElement.scrollWidth > document.documentElement.clientWidth"
        ), address
    page.context.close()
