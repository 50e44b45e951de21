"""The search page: counts made by hand, words for everything that was done, a way out always."""

import re
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from indexer.engine import Correction, EngineUnavailable, Expansion, Facet, Notices, Page, Query
from indexer.engines.whoosh_engine import WhooshEngine
from indexer.entries import SOLUTION_PARTS
from portal.addresses import SOLUTION_ANCHORS
from portal.app import create_app
from portal.pages import search as search_page
from tests.portal.conftest import GetPage, check_answer
from tests.portal.house import House
from tests.portal.pages_checker import Elements, check_page


def words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def boxes(html: str, facet: str) -> dict[str, tuple[int, bool]]:
    """Value → (count, ticked) of one facet, as the page shows it."""
    page = Elements(html)
    labels = {label.attributes.get("for"): label.text for label in page.all("label")}
    found = {}
    for box in page.all("input"):
        if box.attributes.get("name") == facet and box.attributes.get("type") == "checkbox":
            count = re.search(r"\((\d+)\)", labels[box.attributes["id"]])
            assert count
            found[box.attributes["value"]] = (int(count[1]), "checked" in box.attributes)
    return found


def test_the_summary_says_the_whole_search_in_words(get_page: GetPage) -> None:
    page = get_page("/ricerca?q=pratiche&citta=napoli&citta=bari&anno=2023").text
    summary = "1 risultato per pratiche · Città: Bari o Napoli · Anno: 2023"
    elements = Elements(page)
    status = [e for e in elements.found if e.attributes.get("role") == "status"]
    assert [e.text.strip() for e in status] == [summary]
    assert summary in elements.all("title")[0].text


def test_counts_ignore_their_own_facet_and_keep_the_others(get_page: GetPage) -> None:
    # By hand: Bari has "suap" (2023), "piano" (2021) and the solution (no year).
    page = get_page("/ricerca?citta=bari").text
    assert boxes(page, "citta") == {
        "bari": (3, True),
        "milano": (1, False),
        "napoli": (1, False),
        "torino": (1, False),
    }
    assert boxes(page, "anno") == {"2023": (1, False), "2021": (1, False)}
    assert boxes(page, "tipo") == {"ricerca": (2, False), "soluzione-pilota": (1, False)}
    narrowed = get_page("/ricerca?citta=bari&anno=2023").text
    assert boxes(narrowed, "citta") == {
        "bari": (1, True),
        "milano": (1, False),
        "napoli": (1, False),
    }
    assert boxes(narrowed, "anno") == {"2023": (1, True), "2021": (1, False)}


def test_a_ticked_value_without_results_stays_to_be_removed(get_page: GetPage) -> None:
    page = get_page("/ricerca?q=edilizie&citta=venezia").text
    assert boxes(page, "citta")["venezia"] == (0, True)


def test_facets_are_form_fields_and_never_links(get_page: GetPage) -> None:
    page = Elements(get_page("/ricerca").text)
    for link in page.all("a"):
        assert not re.search(r"[?&](citta|area|tipo|anno|formato)=", link.attributes["href"])


def test_active_filters_can_be_removed_one_by_one_or_all(get_page: GetPage) -> None:
    page = Elements(get_page("/ricerca?q=pratiche&citta=bari&citta=napoli").text)
    chips = [e for e in page.all("a") if "portal-chip-remove" in e.attributes.get("class", "")]
    assert [chip.attributes["href"] for chip in chips] == [
        "/ricerca?q=pratiche&citta=napoli",
        "/ricerca?q=pratiche&citta=bari",
    ]
    clear = [e for e in page.all("a") if "Azzera" in e.text]
    assert {e.attributes["href"] for e in clear} == {"/ricerca?q=pratiche"}
    assert {e.attributes["rel"] for e in (*chips, *clear)} == {"nofollow"}


def test_passages_lead_to_their_page_with_the_words(get_page: GetPage, house: House) -> None:
    page = get_page("/ricerca?q=sportello+unico").text
    public_id = house.ids["suap"]
    assert f'href="/documenti/{public_id}/leggi?pagina=3&amp;q=sportello+unico"' in page
    assert "pag. 3" in page
    assert "<mark>" in page


def test_passages_of_a_solution_lead_to_their_part_of_the_sheet(
    get_page: GetPage, house: House
) -> None:
    page = get_page("/ricerca?q=comune+proprio").text
    link = re.search(r'href="(/soluzioni/[^"#]+)#([^"]+)" rel="nofollow">Il problema', page)
    assert link
    assert f'id="{link[2]}"' in get_page(link[1]).text
    assert len(SOLUTION_ANCHORS) == len(SOLUTION_PARTS)


def test_results_are_headings_in_an_ordered_list(get_page: GetPage) -> None:
    page = Elements(get_page("/ricerca?q=pratiche").text)
    assert {e.text.strip() for e in page.all("h3")} >= {
        "Lo sportello unico dell'area metropolitana",
        "Guida alle pratiche edilizie",
    }
    assert page.all("ol")


def test_filtered_pages_ask_robots_to_stay_away_and_the_bare_page_does_not(
    get_page: GetPage,
) -> None:
    assert "noindex" in get_page("/ricerca?citta=bari").headers["X-Robots-Tag"]
    assert "X-Robots-Tag" not in get_page("/ricerca").headers


def test_the_fragment_is_the_changing_part_alone(client: FlaskClient) -> None:
    response = client.get("/ricerca?q=sportello&frammento=1")
    check_answer(response)
    assert response.text.lstrip().startswith("<div")
    assert 'id="ricerca-corpo"' in response.text
    assert "data-title=" in response.text
    assert "<html" not in response.text
    assert "frammento" not in response.text


def test_zero_results_show_the_way_out_of_each_filter(get_page: GetPage) -> None:
    page = get_page("/ricerca?q=edilizie&citta=napoli&anno=2023").text
    assert "Nessun risultato per «edilizie»" in page
    assert 'href="/ricerca?q=edilizie&amp;anno=2023"' in page
    assert "senza il filtro Città : 1 risultato" in words(page)
    assert 'href="/contattaci"' in page


def test_unknown_values_are_told_and_set_aside(get_page: GetPage) -> None:
    page = get_page("/ricerca?citta=atlantide&anno=MMXX&ordine=boh&pagina=x&tipo=ricerca").text
    told = words(page)
    assert "Il filtro Città non conosce il valore «atlantide»" in told
    assert "«MMXX» non è un anno" in told
    assert "L&#39;ordine «boh» non esiste" in told
    assert "«x» non è un numero di pagina" in told
    assert "4 risultati · Tipo: Ricerche e analisi" in told


def test_a_page_beyond_the_last_helps(get_page: GetPage) -> None:
    page = get_page("/ricerca?q=pratiche&pagina=7", 404).text
    assert "La pagina 7 non c'è" in page
    assert 'href="/ricerca?q=pratiche"' in page


def test_at_zero_results_each_way_out_says_how_many_results_it_has(get_page: GetPage) -> None:
    # By hand: "pratiche" stands in "suap", "piano" and "guida"; of these "suap" alone in Napoli.
    page = get_page('/ricerca?q="le+pratiche+edilizie"&citta=napoli').text
    said = words(page[page.index("portal-nothing") :])
    assert "senza il filtro Città : 1 risultato" in said
    page = get_page("/ricerca?q=pratiche+-sportello&citta=napoli").text
    said = words(page[page.index("portal-nothing") :])
    assert "senza parole escluse : 1 risultato" in said
    assert "senza il filtro Città : 2 risultati" in said
    assert said.index("senza il filtro") < said.index("senza parole"), "the most generous first"
    assert 'href="/ricerca?q=pratiche&amp;citta=napoli"' in page
    page = get_page('/ricerca?q="pratiche+sportello"&citta=napoli').text
    assert "senza virgolette : 1 risultato" in words(page)
    page = get_page("/ricerca?q=edilizzie&citta=napoli").text
    said = words(page[page.index("portal-nothing") :])
    assert "edilizie : 1 risultato senza filtri" in said
    assert 'href="/contattaci"' in page


def test_a_correction_is_said_with_the_words_that_were_searched(get_page: GetPage) -> None:
    page = get_page("/ricerca?q=sportelllo").text
    assert "2 risultati per sportello" in words(page)
    assert "Nessun risultato per «sportelllo»: ecco quelli per «sportello»." in words(page)
    assert 'href="/ricerca?q=sportelllo&amp;correggi=no"' in page
    literal = get_page("/ricerca?q=sportelllo&correggi=no").text
    assert "0 risultati per sportelllo" in words(literal)
    assert "Forse cercavi sportello (2 risultati)" in words(literal).replace("( ", "(")


def test_synonyms_can_be_switched_off_and_on_again(get_page: GetPage) -> None:
    assert 'href="/ricerca?q=SUAP&amp;sinonimi=no"' in get_page("/ricerca?q=SUAP").text
    page = get_page("/ricerca?q=SUAP&sinonimi=no").text
    assert "abbiamo cercato anche" not in page
    assert 'href="/ricerca?q=SUAP"' in page


def field(page: str, id: str) -> dict[str, str]:
    (found,) = [e.attributes for e in Elements(page).all("input") if e.attributes.get("id") == id]
    return found


def test_years_are_read_as_people_write_them(get_page: GetPage) -> None:
    page = get_page("/ricerca?anno=dal+2021+al+2023&tipo=ricerca").text
    assert "2 risultati · Tipo: Ricerche e analisi · Anno: 2021-2023" in words(page)
    assert boxes(page, "anno")["2021-2023"] == (2, True)
    assert field(page, "anno-scritto")["value"] == ""
    assert "Anno: dal 2021" in words(get_page("/ricerca?anno=dal+2021").text)
    both = get_page("/ricerca?anno=2019&anno=2021-2023&tipo=ricerca").text
    assert "3 risultati" in words(both), "check boxes and what is written widen each other"
    month = get_page("/ricerca?anno=marzo+2023&tipo=ricerca").text
    assert "1 risultato" in words(month)
    assert "per «marzo 2023» vale tutto" in words(month)


def test_a_year_that_cannot_be_read_stays_and_the_page_says_how_to_write_it(
    get_page: GetPage,
) -> None:
    page = get_page("/ricerca?q=pratiche&anno=l%27altro+anno&anno=2023").text
    assert "2 risultati per pratiche · Anno: 2023" in words(page)
    written = field(page, "anno-scritto")
    assert written["value"] == "l'altro anno"
    assert written["aria-invalid"] == "true"
    assert "anno-errore" in written["aria-describedby"].split()
    assert "scrivi per esempio 2023, 2021-2023" in words(page)


def test_files_are_filtered_by_language_and_accessibility(get_page: GetPage) -> None:
    page = get_page("/ricerca").text
    assert boxes(page, "lingua") == {"it": (5, False), "en": (1, False)}
    # By hand: "suap" and "piano" state no language; the plain text of "guida" lacks nothing.
    assert boxes(page, "accessibilita") == {
        "nessun-problema": (1, False),
        "da-migliorare": (2, False),
    }
    narrowed = get_page("/ricerca?accessibilita=nessun-problema&lingua=it").text
    assert "1 risultato" in words(narrowed)
    assert "Accessibilità del file: Nessun problema rilevato" in words(narrowed)


def test_that_nothing_was_found_is_said_once(get_page: GetPage) -> None:
    alone = get_page("/ricerca?q=zzqqkk").text
    assert "Nessun risultato per «zzqqkk»" in words(alone)
    assert "non compaiono" not in alone
    (filters,) = (e for e in Elements(alone).all("div") if e.attributes.get("id") == "filtri")
    assert "hidden" in filters.attributes
    assert "non compaiono da nessuna parte: zzqqkk" in words(
        get_page("/ricerca?q=suap+zzqqkk").text
    )


def test_too_many_values_are_refused_with_words(get_page: GetPage) -> None:
    values = "&".join(f"anno={year}" for year in range(1900, 1950))
    assert "quaranta valori" in get_page(f"/ricerca?{values}", 400).text


def test_what_is_not_published_appears_nowhere(get_page: GetPage) -> None:
    page = get_page("/ricerca?q=segretissima").text
    assert "0 risultati" in words(page)
    assert "Bozza" not in page
    assert "Bozza" not in get_page("/documenti").text
    assert "Bozza" not in get_page("/").text


def test_a_record_withdrawn_a_moment_ago_is_not_shown_while_the_index_is_behind(
    other_house: House,
) -> None:
    client = create_app(services=other_house.services).test_client()
    assert "edilizie" in client.get("/ricerca?tipo=guida").text
    other_house.services.catalogue.withdraw(other_house.ids["guida"], actor="prova", reason="x")
    assert "edilizie" not in client.get("/ricerca?tipo=guida").text


def test_a_page_is_made_again_only_after_a_change(
    other_house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[str] = []
    make = search_page.render_template

    def noting(name: str, **values: Any) -> str:
        made.append(name)
        return make(name, **values)

    monkeypatch.setattr(search_page, "render_template", noting)
    app = create_app(services=other_house.services)
    client = app.test_client()
    first = client.get("/ricerca?q=edilizie")
    again = client.get("/ricerca?q=edilizie")
    assert again.data == first.data
    assert again.headers["X-Robots-Tag"] == first.headers["X-Robots-Tag"]
    assert len(made) == 1
    for other in ("/en/ricerca?q=edilizie", "/ricerca?q=edilizie&frammento=1"):
        assert client.get(other).data != first.data
    elsewhere = client.get("/ricerca?q=edilizie", base_url="https://127.0.0.1")
    assert "https://127.0.0.1/ricerca" in elsewhere.text
    assert len(made) == 4
    other_house.services.engine.apply([], [other_house.ids["guida"]])
    assert client.get("/ricerca?q=edilizie").data != first.data
    assert client.get("/ricerca?q=edilizie").status_code == 200
    assert len(made) == 5


class ToldEngine(WhooshEngine):
    """The real engine with the notices that a test wants to read on the page."""

    notices = Notices()

    def search(self, query: Query) -> Page:
        return replace(super().search(query), notices=self.notices)


class DeadEngine(WhooshEngine):
    def search(self, query: Query) -> Page:
        raise EngineUnavailable

    def similar(self, id: str, limit: int = 4) -> tuple[str, ...]:
        raise EngineUnavailable

    def highlight(self, text: str, page_text: str) -> tuple[()]:
        raise EngineUnavailable

    def matching_pages(self, id: str, text: str) -> tuple[int, ...]:
        raise EngineUnavailable


@pytest.fixture
def told(house: House) -> tuple[ToldEngine, FlaskClient]:
    engine = ToldEngine(None)
    return engine, create_app(services=replace(house.services, engine=engine)).test_client()


@pytest.mark.parametrize(
    ("notices", "sentence", "link"),
    [
        (
            Notices(expansions=(Expansion("SUAP", ("sportello unico",)),)),
            "Per «SUAP» abbiamo cercato anche: sportello unico.",
            "/ricerca?q=SUAP&amp;sinonimi=no",
        ),
        (
            Notices(corrected_from="SUAPP", did_you_mean=Correction("SUAP", 3)),
            "Nessun risultato per «SUAPP»: ecco quelli per «SUAP».",
            "/ricerca?q=SUAP&amp;correggi=no",
        ),
        (
            Notices(did_you_mean=Correction("suolo", 2)),
            "Forse cercavi suolo ( 2 risultati )",
            "/ricerca?q=suolo",
        ),
        (Notices(relaxed=True), "Nessuna scheda contiene tutte le parole", ""),
        (
            Notices(relaxed=True, complete=1),
            "Solo una scheda contiene tutte le parole: le altre ne contengono alcune.",
            "/ricerca?q=SUAP&amp;parziali=no",
        ),
        (Notices(dropped=("xyz",)), "Parole che non compaiono da nessuna parte: xyz.", ""),
        (Notices(truncated=True), "La domanda era molto lunga", ""),
        (Notices(reduced=True), "i risultati possono essere incompleti", ""),
    ],
)
def test_everything_done_beyond_the_question_is_said(
    notices: Notices, sentence: str, link: str, told: tuple[ToldEngine, FlaskClient]
) -> None:
    engine, client = told
    engine.notices = notices
    page = client.get("/ricerca?q=SUAP").text
    check_page(page)
    assert sentence.replace("( ", "(").replace(" )", ")") in words(page).replace("( ", "(").replace(
        " )", ")"
    )
    assert not link or f'href="{link}"' in page


def test_without_its_engine_the_portal_says_so_and_serves_the_rest(house: House) -> None:
    client = create_app(services=replace(house.services, engine=DeadEngine(None))).test_client()
    response = client.get("/ricerca?q=sportello")
    assert response.status_code == 503
    assert response.headers["Retry-After"] == "30"
    check_answer(response)
    check_page(response.text)
    assert "0 risultati" not in response.text
    public_id = house.ids["suap"]
    assert client.get(f"/documenti/{public_id}", follow_redirects=True).status_code == 200
    assert client.get(f"/documenti/{public_id}/leggi?q=sportello").status_code == 200
    assert client.get("/").status_code == 200


def test_too_many_searches_from_one_address_wait_a_minute(house: House) -> None:
    services = replace(house.services, settings=replace(house.services.settings, search_rate=3))
    client = create_app(services=services).test_client()
    answers = [client.get("/ricerca?q=a").status_code for _ in range(4)]
    assert answers == [200, 200, 200, 429]
    refused = client.get("/ricerca?q=a")
    assert refused.headers["Retry-After"] == "60"
    check_page(refused.text)
    other = client.get("/ricerca?q=a", environ_base={"REMOTE_ADDR": "10.1.1.1"})
    assert other.status_code == 200


def test_the_search_page_works_for_every_facet(app: Flask, get_page: GetPage) -> None:
    for facet in Facet:
        values = boxes(get_page("/ricerca").text, facet.value)
        assert values, facet
        for value, (count, _) in values.items():
            page = get_page(f"/ricerca?{facet}={value}").text
            assert words(page).count(f"{count} risultat") >= 1, (facet, value)


def test_best_bets_and_synonyms_of_staff_work_at_the_next_search(
    other_house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = create_app(services=other_house.services).test_client()
    catalogue = other_house.services.catalogue
    page = client.get("/ricerca?q=metrotramvia").text
    assert "In evidenza dalla redazione" not in page
    pinned = [other_house.ids["piano"], other_house.ids["bozza"]]
    catalogue.put_best_bet(["Metrotramvia"], pinned, actor="prova")
    catalogue.put_synonym(["metrotramvia", "sportello unico"], actor="prova")
    page = client.get("/ricerca?q=metrotramvia").text
    check_page(page)
    first = page.index("Il piano strategico di Bari")
    assert page.index("In evidenza dalla redazione") < first
    assert first < page.index("Lo <mark>sportello</mark> <mark>unico</mark>")
    assert "segretissima" not in page
    assert "sportello unico" in words(page[page.index('id="esito"') :])


def test_what_a_record_says_in_another_language_is_marked_for_voices(get_page: GetPage) -> None:
    page = Elements(get_page("/ricerca?lingua=en").text)
    (title,) = [e for e in page.all("a") if e.text == "Dossier pubblicato altrove"]
    assert title.attributes["lang"] == "en"
    italian = Elements(get_page("/ricerca?q=edilizie").text)
    assert not [
        e for e in italian.all("a") if "lang" in e.attributes and "hreflang" not in e.attributes
    ]
