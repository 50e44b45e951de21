"""Choosing, citing, comparing in a browser: with scripts, with the keyboard, without scripts."""

from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import Portal


def ticks(page: Page) -> list[str]:
    return page.eval_on_selector_all("[data-select]:checked", "all => all.map(each => each.value)")


def test_ticks_are_remembered_from_one_search_to_the_next(page: Page, portal: Portal) -> None:
    page.goto(portal.url + "/ricerca?q=piano")
    page.locator("[data-select]").nth(0).check()
    page.locator("[data-select]").nth(1).check()
    first = ticks(page)
    expect(page.locator("[data-selection-count]")).to_have_text("2 schede scelte")
    page.locator("#tipo-soluzione-pilota").check()  # a filter: the list is swapped in place
    page.wait_for_url("**tipo=soluzione-pilota**")
    page.goto(portal.url + "/ricerca?q=sportello")
    fresh = page.locator("[data-select]:not(:checked)").first
    fresh.check()
    page.get_by_role("button", name="Vai alla selezione").click()
    page.wait_for_url("**/selezione?id=*")
    for public_id in first:
        assert public_id in page.url
    assert page.url.count("id=") == 3
    page.get_by_role("link", name="Togli").first.click()
    page.wait_for_url(lambda address: address.count("id=") == 2)
    page.goto(portal.url + "/ricerca?q=piano")
    assert set(ticks(page)) < set(first)
    assert page.evaluate("localStorage.getItem('selezione')") is None
    assert page.context.cookies() == []


def test_with_something_chosen_the_way_to_the_selection_stays_in_sight(
    phone: BrowserContext, portal: Portal
) -> None:
    page = phone.new_page()
    page.emulate_media(reduced_motion="reduce")  # a place is judged where the scrolling ends
    page.goto(portal.url + "/ricerca?q=piano")
    way = page.get_by_role("button", name="Vai alla selezione")
    box = page.locator("[data-select]").first
    box.check()
    expect(way).to_be_in_viewport()
    expect(page.locator("[data-selection-count]")).to_have_text("1 scheda scelta")
    # What takes the focus is never under the bar (WCAG 2.4.11).
    for _ in range(12):
        page.keyboard.press("Tab")
        covered = page.evaluate(
            """() => {
                const { bottom, left, width } = document.activeElement.getBoundingClientRect();
                const there = document.elementFromPoint(left + width / 2, bottom - 2);
                const bar = document.querySelector('[data-selection]');
                return bar.contains(there) && !bar.contains(document.activeElement);
            }"""
        )
        assert not covered
    box.uncheck()
    expect(page.locator("[data-selection-count]")).to_contain_text("Spunta le schede")
    expect(way).not_to_be_in_viewport()


def test_an_emptied_selection_stays_empty(page: Page, portal: Portal) -> None:
    page.goto(portal("selection"))
    page.goto(portal.url + "/selezione")  # nothing asked: what the tab remembers
    page.wait_for_url("**/selezione?id=*")
    page.get_by_role("link", name="Svuota la selezione").click()
    page.wait_for_url("**/selezione?svuota=1")
    page.goto(portal.url + "/selezione")
    expect(page.get_by_text("Qui non c'è ancora nulla.")).to_be_visible()


def test_a_selection_is_made_without_scripts(plain: Page, portal: Portal) -> None:
    plain.goto(portal.url + "/ricerca?q=piano")
    plain.locator("[data-select]").nth(0).check()
    plain.locator("[data-select]").nth(2).check()
    plain.get_by_role("button", name="Vai alla selezione").click()
    assert plain.url.count("id=") == 2
    first = plain.url
    plain.goto(portal.url + "/selezione")
    plain.get_by_label("Incolla il suo indirizzo").fill(first)
    plain.get_by_role("button", name="Aggiungi").click()
    expect(plain.get_by_text("2 schede scelte")).to_be_visible()
    plain.locator("[data-kept]").first.uncheck()
    plain.get_by_role("button", name="Tieni solo le schede spuntate").click()
    expect(plain.get_by_text("1 scheda scelta")).to_be_visible()


def test_an_archive_is_downloaded_whole(page: Page, portal: Portal) -> None:
    page.goto(portal("take away"))
    with page.expect_download() as download:
        page.get_by_role("link", name="Scarica lo ZIP").click()
    assert download.value.suggested_filename == "ricerca.zip"
    assert download.value.path().stat().st_size > 10_000


def test_solutions_are_compared_without_scripts(plain: Page, portal: Portal) -> None:
    plain.goto(portal("choice of solutions"))
    plain.get_by_label("Soluzione 1").select_option(index=1)
    plain.get_by_label("Soluzione 2").select_option(index=2)
    plain.get_by_role("button", name="Confronta").click()
    assert plain.get_by_role("columnheader").count() == 3


def test_the_comparison_scrolls_with_the_keyboard_on_a_phone(
    phone: BrowserContext, portal: Portal
) -> None:
    page = phone.new_page()
    page.goto(portal("comparison"))
    region = page.get_by_role("region", name="Confronto tra soluzioni pilota")
    region.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_timeout(500)
    assert region.evaluate("table => table.scrollLeft") > 0


def test_every_form_of_a_citation_is_there_to_select_without_scripts(
    plain: Page, portal: Portal
) -> None:
    plain.goto(portal("document"))
    for name, sign in (("BibTeX", "@techreport"), ("RIS", "TY  - RPRT"), ("CSL-JSON", '"type"')):
        plain.locator("summary", has_text=name).click()
        expect(plain.get_by_role("region", name=name)).to_contain_text(sign)
    assert plain.locator("[data-copy]:visible").count() == 0


def test_a_record_joins_the_selection_from_its_own_page(page: Page, portal: Portal) -> None:
    page.goto(portal.url + "/ricerca?q=sportello")
    page.locator("[data-select]").first.check()
    page.goto(portal("event"))
    page.get_by_label("Scegli").check()
    page.get_by_role("button", name="Vai alla selezione").click()
    page.wait_for_url("**/selezione?id=*")
    assert page.url.count("id=") == 2


def test_a_reference_is_copied_with_the_keyboard(page: Page, portal: Portal) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(portal("document"))
    page.locator("summary", has_text="BibTeX").focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Copia in BibTeX").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Copiato")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()").startswith("@")
