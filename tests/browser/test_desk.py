"""The editorial desk in a browser: the whole path of a record, and axe on every page."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from corpus.catalogue import Catalogue
from corpus.database import Database
from corpus.home import DataHome
from corpus.reader import Reader
from corpus.records import DocumentDraft
from corpus.sessions import Sessions
from corpus.store import FileStore
from corpus.vocabulary import Kind, Role, State
from portal.auth.browser import COOKIE
from tests.browser.conftest import Portal
from tests.browser.test_every_page import RULES

SignIn = Callable[[BrowserContext, Role], None]
TABS = 150  # to whatever the page holds


@pytest.fixture(scope="module")
def sign_in(portal: Portal) -> Iterator[SignIn]:
    """Puts somebody of that role into a browser; both have passwords, so two persons are there."""
    home = DataHome(portal.home)
    database = Database(home.catalogue)
    catalogue = Catalogue(database, FileStore(home))
    accounts = {}
    for role in Role:
        accounts[role] = catalogue.add_account(f"{role.value}@prova.it", f"Prova {role}", role)
        catalogue.set_password_hash(accounts[role], "x", actor="prova")

    def enter(context: BrowserContext, role: Role) -> None:
        ticket = Sessions(database).start(accounts[role])
        context.add_cookies([{"name": COOKIE, "value": ticket, "url": portal.url}])

    yield enter
    database.close()


def tab_to(page: Page, target: Locator) -> None:
    """Reach the element as people do who have no mouse."""
    expect(target).to_have_count(1)
    for _ in range(TABS):
        if target.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"the Tab key never reaches {target}")


def press(page: Page, role: str, name: str, within: str = "main") -> None:
    """Reach a link or a button of the page's own part and use it."""
    target = page.locator(within).get_by_role(role, name=name, exact=True)  # type: ignore[arg-type]
    tab_to(page, target)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def write(page: Page, label: str, text: str) -> None:
    tab_to(page, page.get_by_label(re.compile(rf"^{re.escape(label)}")))
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type(text)


@pytest.mark.parametrize(
    ("title", "scripts", "width"),
    [("Con la tastiera e gli script", True, 1280), ("Senza script sul telefono", False, 360)],
)
def test_from_draft_to_withdrawal_with_the_keyboard_alone(
    title: str,
    scripts: bool,
    width: int,
    portal: Portal,
    browser: Browser,
    sign_in: SignIn,
    tmp_path: Path,
) -> None:
    def person(role: Role) -> Page:
        context = browser.new_context(
            java_script_enabled=scripts, viewport={"width": width, "height": 800}, locale="it-IT"
        )
        sign_in(context, role)
        return context.new_page()

    editor, reviewer = person(Role.EDITOR), person(Role.REVIEWER)
    editor.goto(portal.url + "/redazione/contenuti")
    press(editor, "link", "Nuovo: documento")
    press(editor, "button", "Salva")  # without a title
    expect(editor.get_by_role("alert")).to_contain_text("Questo campo serve")
    write(editor, "Titolo", title)
    write(editor, "Riassunto", "Una prova **vera**.")
    press(editor, "button", "Salva")
    expect(editor.get_by_role("status")).to_contain_text("La bozza è salvata")
    address = editor.url.partition("?")[0]
    public_id = address.rpartition("/")[2]
    press(editor, "link", "Chiedi la revisione")
    press(editor, "button", "Chiedi la revisione")
    expect(editor.locator("main")).to_contain_text("Da rivedere")

    reviewer.goto(portal.url + "/redazione/da-rivedere")
    press(reviewer, "link", title)
    press(reviewer, "link", "Rimanda a chi l'ha scritta")
    write(reviewer, "Che cosa va sistemato", "Manca l'anno.")
    press(reviewer, "button", "Rimanda a chi l'ha scritta")

    editor.goto(portal.url + "/redazione")
    press(editor, "link", title, within="section[aria-labelledby=bozze]")
    expect(editor.locator("main")).to_contain_text("Manca l'anno.")
    press(editor, "link", "Modifica")
    write(editor, "Anno", "2023")
    press(editor, "button", "Salva")
    press(editor, "link", "Chiedi la revisione")
    press(editor, "button", "Chiedi la revisione")

    reviewer.goto(address)
    press(reviewer, "link", "Anteprima")
    press(reviewer, "link", "Vedi la pagina come la vedrà chi legge")
    expect(reviewer.get_by_role("heading", level=1)).to_have_text(title)
    reviewer.goto(address)
    press(reviewer, "link", "Pubblica adesso")
    press(reviewer, "button", "Pubblica adesso")
    expect(reviewer.get_by_role("status")).to_contain_text("La scheda è pubblicata")

    file = tmp_path / "seconda.txt"
    file.write_text(f"Il testo della nuova versione di «{title}», abbastanza lungo da leggersi.")
    editor.goto(address)
    press(editor, "link", "Carica il file")
    editor.locator("input[type=file]").set_input_files(file)
    press(editor, "button", "Carica il file")
    expect(editor.get_by_role("status")).to_contain_text("versione")
    reviewer.goto(address)
    expect(reviewer.locator("main")).to_contain_text("non ancora pubblica")
    press(reviewer, "link", "Pubblica adesso")
    press(reviewer, "button", "Pubblica adesso")
    reader = browser.new_page()
    reader.goto(f"{portal.url}/documenti/{public_id}")
    expect(reader.locator("main")).to_contain_text("Una prova vera.")
    expect(reader.locator("main strong")).to_have_text("vera")

    press(reviewer, "link", "Ritira")
    write(reviewer, "Perché viene ritirata", "Era una prova.")
    press(reviewer, "button", "Ritira")
    answer = reader.goto(f"{portal.url}/documenti/{public_id}")
    assert answer is not None
    assert answer.status == 410
    expect(reader.locator("main")).to_contain_text("Era una prova.")
    for page in (editor, reviewer, reader):
        page.context.close()


def pages_of_the_desk(portal: Portal) -> list[str]:
    """One address of every type of page of the desk, with something to show on each."""
    home = DataHome(portal.home)
    database = Database(home.catalogue)
    catalogue, reader = Catalogue(database, FileStore(home)), Reader(database)
    public = reader.latest(1)[0].public_id
    account = reader.account("redattore@prova.it")
    assert account is not None
    draft = catalogue.add(
        DocumentDraft(kind=Kind.RESEARCH, title="Una bozza per guardarla", cities=("bari",)),
        actor=account.email,
        owner=account.id,
    )
    catalogue.comment(draft, "Un commento.", actor=account.email, account=account.id)
    revised = DocumentDraft(kind=Kind.GUIDE, title="Una bozza riveduta", cities=("bari", "roma"))
    catalogue.revise(draft, revised, actor=account.email)
    changed = reader.log(draft)[0].number
    sent = catalogue.add(
        DocumentDraft(kind=Kind.RESEARCH, title="Una scheda da rivedere"), actor=account.email
    )
    catalogue.submit(sent, actor=account.email, account=account.id)
    assert reader.record(sent, any_state=True).state is State.IN_REVIEW
    gone = catalogue.add(
        DocumentDraft(kind=Kind.RESEARCH, title="Una scheda di troppo"),
        actor=account.email,
        state=State.PUBLISHED,
    )
    catalogue.withdraw(gone, actor=account.email, reason="Era doppia.", successor_id=public)
    database.close()
    contents = "/redazione/contenuti"
    return [
        "/redazione",
        contents,
        *(f"{contents}/nuovo/{word}" for word in ("documento", "soluzione", "percorso", "evento")),
        f"{contents}/{draft}",
        f"{contents}/{draft}?fatto=salvata",
        f"{contents}/{draft}/modifica",
        f"{contents}/{draft}/fai/invia",
        f"{contents}/{draft}/fai/cestino",
        f"{contents}/{draft}/fai/ritira",
        f"{contents}/{draft}/anteprima",
        f"{contents}/{draft}/anteprima/pagina",
        f"{contents}/{draft}/storia",
        f"{contents}/{draft}/storia/{changed}/torna",
        f"{contents}/{sent}",
        f"{contents}/{sent}/fai/programma",
        f"{contents}/{public}",
        f"{contents}/{public}/fai/ritira",
        "/redazione/da-rivedere",
        f"/redazione/insieme/scegli?scheda={draft}&scheda={public}",
        "/redazione/insieme/scegli",
        "/redazione/insieme",
        "/redazione/registro?verifica=sì",
        "/redazione/copertura",
        "/redazione/nulla",
        "/anteprima/inventato",
        f"/documenti/{gone}",
    ]


def test_every_page_of_the_desk_is_accessible_at_every_width(
    portal: Portal, browser: Browser, sign_in: SignIn
) -> None:
    context = browser.new_context(locale="it-IT")
    sign_in(context, Role.ADMINISTRATOR)
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    for address in pages_of_the_desk(portal):
        page.goto(portal.url + address)
        for width in (1280, 360, 320):
            page.set_viewport_size({"width": width, "height": 800})
            page.wait_for_timeout(100)
            if width != 320:  # axe looks at what is there, not at how wide it is
                found = Axe().run(page, options=RULES).response["violations"]
                said = [(v["id"], [n["html"] for n in v["nodes"]]) for v in found]
                assert said == [], f"{address} at {width}"
            assert not page.evaluate(
                "document.documentElement.scrollWidth > document.documentElement.clientWidth"
            ), f"{address}: sideways scrolling at {width} px"
    refused = re.compile(r"\b(404|409|410)\b")
    assert [text for text in complaints if not refused.search(text)] == []
    context.close()


def test_the_form_takes_a_bulk_change_with_the_keyboard(
    page: Page, portal: Portal, sign_in: SignIn
) -> None:
    sign_in(page.context, Role.REVIEWER)
    page.goto(portal.url + "/redazione/contenuti?stato=pubblicato&tipo=guida")
    boxes = page.locator("main tbody input[type=checkbox]")
    for number in range(2):
        tab_to(page, boxes.nth(number))
        page.keyboard.press("Space")
    page.keyboard.press("Shift+Tab")
    for _ in range(TABS):
        if page.evaluate("document.activeElement.textContent").startswith("Modifica insieme"):
            break
        page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_contain_text("2 schede scelte")
    write(page, "Argomenti da aggiungere", "Prova")
    press(page, "button", "Vedi che cosa cambierebbe")
    press(page, "button", "Modifica 2 schede")
    expect(page.get_by_role("status")).to_contain_text("2 schede modificate")
    assert Axe().run(page, options=RULES).response["violations"] == []
    press(page, "button", "Annulla questa modifica")
    expect(page.get_by_role("status")).to_contain_text("hanno di nuovo i valori di prima")
