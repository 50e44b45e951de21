"""What the search does beyond the question is said, undone and followed: scripts or none."""

import re

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import Portal


@pytest.fixture(params=["page", "plain"], ids=["with scripts", "without"])
def reader(request: pytest.FixtureRequest) -> Page:
    page: Page = request.getfixturevalue(request.param)
    return page


def search(page: Page, portal: Portal, text: str) -> None:
    page.goto(portal.url + "/ricerca")
    page.locator("#cerca-q").fill(text)
    page.locator("#cerca button[type=submit]").click()
    page.wait_for_url("**q=*")
    expect(page.locator("#esito")).to_be_visible()


def test_a_typing_error_is_corrected_said_and_refused(reader: Page, portal: Portal) -> None:
    search(reader, portal, "piano strateggico")
    expect(reader.locator("[data-summary]")).to_contain_text("per piano strategico")
    reader.get_by_role("link", name="Cerca proprio «piano strateggico»").click()
    expect(reader.locator("[data-summary]")).to_contain_text("per piano strateggico")
    offered = reader.locator(".portal-notice", has_text="Forse cercavi")
    expect(offered).to_contain_text(re.compile(r"\(\d+ risultati\)"))
    offered.get_by_role("link").click()
    expect(reader.locator("#cerca-q")).to_have_value("piano strategico")


def test_synonyms_are_said_and_switched_off_and_on(reader: Page, portal: Portal) -> None:
    search(reader, portal, "SUAP")
    expect(reader.locator(".portal-notice").first).to_contain_text("abbiamo cercato anche")
    reader.get_by_role("link", name="Cerca solo le parole scritte").click()
    reader.wait_for_url("**sinonimi=no*")
    expect(reader.locator(".portal-notice").first).not_to_contain_text("abbiamo cercato")
    reader.locator("input[name=area]").first.check()
    if reader.locator("[data-apply]").inner_text() == "Applica filtri":
        reader.locator("[data-apply]").click()
    reader.wait_for_url("**area=*")
    assert "sinonimi=no" in reader.url, "the choice holds while filters change"
    reader.get_by_role("link", name="Cerca anche sinonimi e sigle").click()
    expect(reader.locator(".portal-notice").first).to_contain_text("abbiamo cercato anche")


def test_an_empty_answer_leads_on(reader: Page, portal: Portal) -> None:
    reader.goto(portal.url + "/ricerca?q=SUAP&citta=cagliari&area=pianificazione-strategica")
    way = reader.locator(".portal-nothing li", has_text="senza il filtro").first
    promised = re.search(r": (\d+) risultat", way.inner_text())
    assert promised
    way.get_by_role("link").click()
    expect(reader.locator("[data-summary]")).to_contain_text(
        re.compile(rf"^{promised[1]} risultat")
    )
    reader.goto(portal.url + "/ricerca?q=xyzzyqwerty")
    reader.get_by_role("link", name="chiedere alla redazione").click()
    expect(reader.locator("h1")).to_have_text("Contattaci")


def test_a_year_is_written_and_mended(reader: Page, portal: Portal) -> None:
    reader.goto(portal.url + "/ricerca?anno=boh")
    field = reader.get_by_label("Anno o periodo")
    expect(field).to_have_value("boh")
    expect(field).to_have_attribute("aria-invalid", "true")
    field.fill("dal 2018 al 2020")
    field.press("Enter")
    expect(reader.locator("[data-summary]")).to_contain_text("Anno: 2018-2020")
    expect(reader.get_by_label("Anno o periodo")).to_have_value("")
    reader.locator(".portal-active-list a").first.click()
    expect(reader.locator("[data-summary]")).not_to_contain_text("Anno")


def test_the_pages_with_the_words_are_walked_with_one_key(page: Page, portal: Portal) -> None:
    page.goto(portal("reading"))
    first = page.url
    assert page.locator("[data-key]").count()
    page.keyboard.press("n" if page.locator("[data-key=n]").count() else "p")
    page.wait_for_url(lambda url: url != first)
    expect(page.locator("main mark").first).to_be_visible()


def test_a_passage_of_a_solution_leads_to_its_part(page: Page, portal: Portal) -> None:
    page.goto(portal.url + "/ricerca?q=questionario&tipo=soluzione-pilota")
    passage = page.locator(".portal-passage-place[href*='#']").first
    heading = passage.evaluate("link => link.firstChild.textContent")
    passage.click()
    expect(page.locator("main h2:target")).to_have_text(heading)


def test_on_the_phone_with_the_keyboard_alone_a_filter_is_ticked_and_left(
    phone: BrowserContext, portal: Portal
) -> None:
    page = phone.new_page()
    page.goto(portal("results"))
    page.locator("#filtri-apri > summary").focus()
    page.keyboard.press("Enter")
    box = page.locator("input[name=tipo]").first
    expect(box).to_be_visible()
    box.focus()
    page.keyboard.press("Space")
    page.wait_for_url("**tipo=*")
    expect(page.locator(f"#{box.get_attribute('id')}")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#filtri-apri > summary")).to_be_focused()
    expect(page.locator("#filtri-apri > summary")).to_contain_text("1 filtro attivo")
    expect(page.locator("input[name=tipo]").first).to_be_hidden()
