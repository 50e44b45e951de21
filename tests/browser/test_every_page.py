"""Every type of page, at three widths: accessible, self-contained, without sideways scrolling."""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser.conftest import Portal

PAGES = [
    "home",
    "results",
    "filtered",
    "nothing",
    "corrected",
    "remarks",
    "beyond the last",
    "english",
    "documents",
    "document",
    "reading",
    "laws",
    "solutions",
    "thin solution",
    "solution",
    "comparison",
    "choice of solutions",
    "selection",
    "empty selection",
    "take away",
    "follow",
    "sent",
    "dead link",
    "cities",
    "city",
    "empty city",
    "areas",
    "area",
    "project",
    "training",
    "course",
    "events",
    "event",
    "contact",
    "login",
    "link refused",
    "exports",
    "usage",
    "interfaces",
    "privacy",
    "cookies",
    "legal notes",
    "credits",
    "accessibility",
    "missing",
]
AXE_SCRIPT = Axe().axe_script
RULES = {
    "resultTypes": ["violations"],
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    },
}
HEAVIEST = 150_000  # bytes that a first visit loads, fonts included
LOADED = """performance.getEntriesByType('navigation')
    .concat(performance.getEntriesByType('resource'))
    .reduce((sum, entry) => sum + entry.transferSize, 0)"""
ALLOWED_FONTS = ("Titillium Web", "Lora", "Roboto Mono")


def violations(page: Page) -> list[Any]:
    """What axe finds, by rule; its script is brought to each page once."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    found = page.evaluate("rules => axe.run(document, rules)", RULES)["violations"]
    return [(each["id"], [node["html"] for node in each["nodes"]]) for each in found]


def test_the_list_names_every_type_of_page(portal: Portal) -> None:
    assert sorted(PAGES) == sorted(portal.addresses)


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_accessible_and_self_contained_at_every_width(
    name: str, portal: Portal, browser: Browser
) -> None:
    # Without motion colours can be judged at once.
    context = browser.new_context(locale="it-IT", reduced_motion="reduce")
    page = context.new_page()
    elsewhere: list[str] = []
    complaints: list[str] = []
    page.on("request", lambda request: _note_request(request.url, portal.url, elsewhere))
    page.on("console", lambda message: _note_complaint(message.type, message.text, complaints))
    page.goto(portal(name))
    page.evaluate("document.fonts.ready")
    assert 10_000 < page.evaluate(LOADED) < HEAVIEST
    for width in (1280, 360, 320):
        page.set_viewport_size({"width": width, "height": 800})
        page.wait_for_timeout(30)
        assert violations(page) == [], width
        assert not page.evaluate(
            "document.documentElement.scrollWidth > document.documentElement.clientWidth"
        ), f"sideways scrolling at {width} px"
    assert elsewhere == []
    # The browser itself reports the status of a page that says what is wrong.
    assert [text for text in complaints if "the server responded with a status" not in text] == []
    assert context.cookies() == []
    context.close()


def test_the_filters_of_the_phone_are_accessible_when_open(
    phone: BrowserContext, portal: Portal
) -> None:
    page = phone.new_page()
    page.emulate_media(reduced_motion="reduce")
    page.goto(portal("remarks"))
    page.locator("#filtri-apri > summary").click()
    page.evaluate("document.querySelectorAll('#filtri details').forEach(each => each.open = true)")
    assert violations(page) == []


def _note_request(address: str, own: str, elsewhere: list[str]) -> None:
    if not address.startswith((own, "data:")):
        elsewhere.append(address)


def _note_complaint(kind: str, text: str, complaints: list[str]) -> None:
    if kind in ("error", "warning"):
        complaints.append(text)


@pytest.mark.parametrize("name", ["home", "results", "document", "city"])
def test_a_page_keeps_the_rules_of_the_italian_design_system(
    name: str, portal: Portal, browser: Browser
) -> None:
    context = browser.new_context(locale="it-IT")
    page = context.new_page()
    page.goto(portal(name))
    assert page.get_attribute("html", "lang") == "it"
    assert page.locator("h1").count() == 1
    fonts = page.evaluate(
        """[...document.querySelectorAll('h1,h2,h3,h4,h5,h6,p')]
           .map(e => getComputedStyle(e).fontFamily.split(',')[0].replaceAll('"', ''))"""
    )
    assert set(fonts) <= set(ALLOWED_FONTS)
    version = page.evaluate(
        """getComputedStyle(document.documentElement)
           .getPropertyValue('--bootstrap-italia-version')"""
    )
    assert version.strip(" \"'").startswith("2.")
    for element in ("privacy-policy-link", "legal-notes", "accessibility-link"):
        assert page.locator(f"footer [data-element={element}]").count() == 1
    context.close()
