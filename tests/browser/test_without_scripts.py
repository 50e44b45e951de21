"""Everything a reader needs works in a browser that runs no script."""

from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Portal


def test_search_filter_and_reset(plain: Page, portal: Portal) -> None:
    plain.goto(portal("home"))
    plain.locator("main input[name=q]").fill("ufficio europa")
    plain.locator("main form[role=search] button[type=submit]").first.click()
    everything = plain.locator("[data-summary]").inner_text()
    plain.locator("input[name=citta][value=messina]").check()
    plain.locator("[data-apply]").click()
    assert "citta=messina" in plain.url
    expect(plain.locator("[data-summary]")).to_contain_text("Messina")
    plain.locator(".portal-clear").first.click()
    assert plain.locator("[data-summary]").inner_text() == everything


def test_from_a_passage_to_the_page_and_to_the_next_one(plain: Page, portal: Portal) -> None:
    plain.goto(portal("reading"))
    expect(plain.locator("main mark").first).to_be_visible()
    address = plain.url
    plain.locator("main a[rel=next]").first.click()
    assert plain.url != address


def test_a_document_is_downloaded(plain: Page, portal: Portal) -> None:
    plain.goto(portal("document"))
    link = plain.locator("main a[href$='/file']").first.get_attribute("href")
    answer = plain.request.get(portal.url + (link or ""))
    assert answer.ok
    assert answer.body().startswith(b"%PDF-")


def test_pages_of_results_are_reached_by_links(plain: Page, portal: Portal) -> None:
    plain.goto(portal.url + "/ricerca")
    first = plain.locator("main h3 a").first.inner_text()
    plain.locator("nav.pagination-wrapper a[rel~=next]").click()
    assert "pagina=2" in plain.url
    assert plain.locator("main h3 a").first.inner_text() != first


def test_the_menu_opens_on_a_phone(browser: Browser, portal: Portal) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 740})
    page = context.new_page()
    page.goto(portal("home"))
    link = page.locator("nav.portal-menu a[href='/citta']")
    expect(link).to_be_hidden()
    page.locator(".portal-menu-toggle summary").click()
    link.click()
    expect(page.locator("h1")).to_have_text("Le città")
    context.close()


def test_filters_open_on_a_phone(browser: Browser, portal: Portal) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 740})
    page = context.new_page()
    page.goto(portal("results"))
    page.locator("#filtri-apri > summary").click()
    page.locator("input[name=area]").first.check()
    page.locator("[data-apply]").click()
    assert "area=" in page.url
    context.close()
