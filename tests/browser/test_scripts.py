"""With JavaScript: filters without a full load, the address and Back, the phone."""

from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import Portal


def test_ticking_a_filter_changes_address_title_and_results_without_a_load(
    page: Page, portal: Portal
) -> None:
    page.goto(portal("results"))
    page.evaluate("window.sameDocument = true")
    before = page.locator("[data-summary]").inner_text()
    title = page.title()
    page.locator("input[name=citta]").first.check()
    page.wait_for_url("**citta=*")
    expect(page.locator("[data-summary]")).not_to_have_text(before)
    assert page.title() != title
    page.go_back()
    expect(page.locator("[data-summary]")).to_have_text(before)
    expect(page.locator("input[name=citta]:checked")).to_have_count(0)
    assert page.evaluate("window.sameDocument"), "the page was loaded again"


def test_removing_an_active_filter_brings_the_results_back(page: Page, portal: Portal) -> None:
    page.goto(portal("filtered"))
    chips = page.locator(".portal-active-list li a[data-apply-link]")
    count = chips.count()
    chips.first.click()
    expect(chips).to_have_count(count - 1)


def test_the_address_of_a_filtered_search_opens_the_same_results(
    page: Page, portal: Portal
) -> None:
    page.goto(portal("results"))
    page.locator("input[name=area]").first.check()
    page.wait_for_url("**area=*")
    summary = page.locator("[data-summary]").inner_text()
    page.goto(page.url)
    expect(page.locator("[data-summary]")).to_have_text(summary)


def test_shortcuts_can_be_switched_off(page: Page, portal: Portal) -> None:
    page.goto(portal("home"))
    page.keyboard.press("?")
    page.locator("[data-shortcuts-switch]").uncheck()
    page.keyboard.press("Escape")
    page.goto(portal("home"))
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement === document.body")


def test_on_the_phone_filters_open_and_close_with_the_number_of_results(
    phone: BrowserContext, portal: Portal
) -> None:
    page = phone.new_page()
    page.goto(portal("results"))
    expect(page.locator("input[name=area]").first).to_be_hidden()
    page.locator("#filtri-apri > summary").click()
    expect(page.locator("input[name=area]").first).to_be_visible()
    page.locator("input[name=area]").first.check()
    page.wait_for_url("**area=*")
    done = page.locator("[data-apply]")
    expect(done).to_contain_text("Mostra")
    done.click()
    expect(page.locator("input[name=area]").first).to_be_hidden()
    expect(page.locator("#filtri-apri > summary")).to_contain_text("1")


def test_reading_the_portal_leaves_no_cookie(page: Page, portal: Portal) -> None:
    for name in ("home", "results", "document", "reading", "cookies"):
        page.goto(portal(name))
    assert page.context.cookies() == []
