"""Suggestions as a combobox: with the keyboard, for a voice, and never in the way."""

from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import Portal


def test_suggestions_are_walked_with_the_arrows_and_left_with_escape(
    page: Page, portal: Portal
) -> None:
    page.goto(portal("home"))
    box = page.get_by_role("combobox")
    expect(box).to_have_attribute("aria-expanded", "false")
    box.focus()
    page.keyboard.type("bol")
    options = page.get_by_role("option")
    expect(options.first).to_be_visible()
    expect(box).to_have_attribute("aria-expanded", "true")
    listed = page.get_by_role("listbox", name="Suggerimenti")
    assert box.get_attribute("aria-controls") == listed.get_attribute("id")
    expect(page.locator("main form [role=status]")).to_have_text(
        f"Suggerimenti: {options.count()}. Si scorrono con le frecce su e giù."
    )
    page.keyboard.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    assert box.get_attribute("aria-activedescendant") == options.first.get_attribute("id")
    page.keyboard.press("ArrowUp")
    assert box.get_attribute("aria-activedescendant") is None
    page.keyboard.press("Escape")
    expect(listed).to_be_hidden()
    expect(box).to_have_value("bol")
    expect(box).to_be_focused()


def test_a_city_leads_to_its_page_and_enter_alone_searches(page: Page, portal: Portal) -> None:
    page.goto(portal("home"))
    page.get_by_role("combobox").focus()
    page.keyboard.type("bologna")
    expect(page.get_by_role("option").first).to_contain_text("Bologna")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Città metropolitana di Bologna")
    page.goto(portal("results"))
    box = page.locator("#cerca-q")
    box.fill("")
    box.focus()
    page.keyboard.type("bologna")
    expect(page.get_by_role("option").first).to_be_visible()
    page.keyboard.press("Enter")
    page.wait_for_url("**q=bologna*")
    expect(page.get_by_role("option").first).to_be_hidden()
    expect(page.locator("#risultati")).to_be_focused()


def test_a_topic_chosen_with_the_pointer_is_searched(page: Page, portal: Portal) -> None:
    page.goto(portal("results"))
    page.locator("#cerca-q").fill("piano strategico par")
    topic = page.get_by_role("option").filter(has_text="argomento").first
    words = topic.evaluate("option => option.dataset.text")
    topic.click()
    expect(page.locator("[data-summary]")).to_contain_text(words)
    expect(page.locator("#cerca-q")).to_have_value(words)


def test_without_an_answer_the_box_searches_as_ever(page: Page, portal: Portal) -> None:
    def refuse(route: Route) -> None:
        route.fulfill(status=429, body="troppe")

    page.route("**/suggerimenti*", refuse)
    page.goto(portal("home"))
    page.get_by_role("combobox").fill("suap")
    page.keyboard.press("Enter")
    expect(page.locator("[data-summary]")).to_contain_text("SUAP".lower())
