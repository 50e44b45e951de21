"""The whole path with the keyboard alone: skip link, search, filter, passage, page of text."""

from playwright.sync_api import Page, expect

from tests.browser.conftest import Portal


def test_the_first_tab_leads_past_the_header(page: Page, portal: Portal) -> None:
    page.goto(portal("home"))
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_attribute("href", "#main")
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()


def test_from_the_home_page_to_a_page_of_text(page: Page, portal: Portal) -> None:
    page.goto(portal("home"))
    page.keyboard.press("/")
    expect(page.locator("main input[name=q]")).to_be_focused()
    page.keyboard.type("piano strategico")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_be_visible()
    expect(page.locator("[data-summary]")).to_contain_text("risultati")
    passage = page.locator("main a[href*='/leggi?']").first
    passage.focus()
    page.keyboard.press("Enter")
    expect(page.locator("main mark").first).to_be_visible()


def test_a_filter_is_ticked_with_the_space_bar_and_keeps_the_focus(
    page: Page, portal: Portal
) -> None:
    page.goto(portal("results"))
    page.evaluate("window.sameDocument = true")
    box = page.locator("input[name=area]").first
    name = box.get_attribute("id")
    box.focus()
    page.keyboard.press("Space")
    page.wait_for_url("**area=*")
    expect(page.locator(f"#{name}")).to_be_checked()
    expect(page.locator(f"#{name}")).to_be_focused()
    assert page.evaluate("window.sameDocument"), "the page was loaded again"


def test_every_focused_element_can_be_seen(page: Page, portal: Portal) -> None:
    page.emulate_media(reduced_motion="reduce")  # no smooth scrolling to wait for
    page.goto(portal("results"))
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement === document.body"):
            break
        page.wait_for_function(
            """() => { const b = document.activeElement.getBoundingClientRect();
                 return b.width > 0 && b.height > 0 && b.bottom >= 0 && b.top <= innerHeight; }""",
            timeout=3000,
        )
