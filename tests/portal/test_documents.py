"""Document pages: addresses that last, facts before the click, the text page by page."""

import re

import pytest
from flask.testing import FlaskClient

from corpus.records import DocumentDraft
from corpus.vocabulary import FileFormat, Kind
from indexer.extract.base import FailureKind
from portal.app import create_app
from tests.portal.conftest import GetPage, check_answer
from tests.portal.house import ACTOR, House
from tests.portal.pages_checker import Elements, check_page


def test_any_slug_leads_to_the_one_address(client: FlaskClient, house: House) -> None:
    public_id = house.ids["suap"]
    right = f"/documenti/{public_id}/lo-sportello-unico-dell-area-metropolitana"
    for wrong in (f"/documenti/{public_id}", f"/documenti/{public_id}/vecchio-titolo"):
        response = client.get(wrong)
        assert response.status_code == 301
        assert response.headers["Location"] == right
    assert client.get(right).status_code == 200


def test_the_address_follows_the_title_and_the_old_one_still_works(other_house: House) -> None:
    public_id = other_house.ids["suap"]
    draft = DocumentDraft(kind=Kind.RESEARCH, title="Titolo nuovo")
    other_house.services.catalogue.revise(public_id, draft, actor=ACTOR)
    client = create_app(services=other_house.services).test_client()
    old = client.get(f"/documenti/{public_id}/lo-sportello-unico-dell-area-metropolitana")
    assert old.headers["Location"] == f"/documenti/{public_id}/titolo-nuovo"


def test_a_solution_asked_among_documents_is_found_where_it_is(
    client: FlaskClient, house: House
) -> None:
    public_id = house.ids["soluzione"]
    response = client.get(f"/documenti/{public_id}")
    assert response.headers["Location"] == f"/soluzioni/{public_id}/sportelli-in-rete-a-bari"


def test_facts_stand_before_the_click(get_page: GetPage, house: House) -> None:
    page = get_page(f"/documenti/{house.ids['suap']}", follow_redirects=True)
    version = house.services.reader.file_of(house.ids["suap"])
    words = " ".join(re.sub(r"<[^>]+>", " ", page.text).split())
    assert "Scarica (PDF, 13 byte)" in words
    assert "Pagine 3" in words
    assert version.sha256 in words
    assert "segnalibri: no" in words
    assert "struttura con tag: sì" in words
    assert "Creative Commons Attribuzione 4.0" in words
    assert "M. Rossi e A. Bianchi, Lo sportello unico" in words
    assert "Sportelli in rete a Bari" in words, "the solution it belongs to"


def test_a_link_to_elsewhere_says_so_and_offers_no_file(get_page: GetPage, house: House) -> None:
    page = get_page(f"/documenti/{house.ids['altrove']}", follow_redirects=True)
    assert 'href="https://example.org/dossier"' in page.text
    assert "non ne conserva una copia" in page.text
    get_page(f"/documenti/{house.ids['altrove']}/file", 404)


def test_a_file_not_read_yet_is_said_to_be_in_the_works(get_page: GetPage, house: House) -> None:
    public_id = house.ids["attesa"]
    assert "In lavorazione" in get_page(f"/documenti/{public_id}", follow_redirects=True).text
    assert "In lavorazione" in get_page(f"/documenti/{public_id}/leggi").text


def test_a_file_that_cannot_be_read_says_why(other_house: House) -> None:
    public_id = other_house.ids["attesa"]
    sha256 = other_house.services.reader.file_of(public_id).sha256
    reason = "Il file è protetto da una password."
    other_house.services.derived.put_failure(sha256, FailureKind.ENCRYPTED, reason)
    client = create_app(services=other_house.services).test_client()
    for address in (
        f"/documenti/{public_id}/un-rapporto-appena-arrivato",
        f"/documenti/{public_id}/leggi",
    ):
        page = client.get(address)
        check_page(page.text)
        assert reason in page.text


def test_drafts_and_unknown_ids_are_one_and_the_same(get_page: GetPage, house: House) -> None:
    draft = get_page(f"/documenti/{house.ids['bozza']}", 404).text
    unknown = get_page("/documenti/2222222", 404).text
    assert draft.replace(house.ids["bozza"], "2222222") == unknown
    for ending in ("file", "leggi", "v/1", "v/1/file", "v/1/leggi"):
        get_page(f"/documenti/{house.ids['bozza']}/{ending}", 404)


def test_withdrawn_answers_gone_with_reason_and_successor(other_house: House) -> None:
    public_id, successor = other_house.ids["suap"], other_house.ids["piano"]
    other_house.services.catalogue.withdraw(
        public_id, actor=ACTOR, reason="Superato dai fatti.", successor_id=successor
    )
    client = create_app(services=other_house.services).test_client()
    for ending in ("", "/qualunque-titolo", "/file", "/leggi", "/v/1", "/v/1/file"):
        response = client.get(f"/documenti/{public_id}{ending}")
        assert response.status_code == 410, ending
        check_answer(response)
        check_page(response.text)
        assert "Superato dai fatti." in response.text
        assert f"/documenti/{successor}/il-piano-strategico-di-bari" in response.text


def test_versions_stay_readable_and_point_to_the_latest(other_house: House) -> None:
    public_id = other_house.ids["piano"]
    file = other_house.store(b"second edition", FileFormat.PDF, "piano-2.pdf")
    other_house.read(file, ("Il piano riscritto.",))
    other_house.services.catalogue.add_version(public_id, file, actor=ACTOR)
    other_house.services.catalogue.publish(public_id, actor=ACTOR)
    client = create_app(services=other_house.services).test_client()
    latest = client.get(f"/documenti/{public_id}/il-piano-strategico-di-bari")
    check_page(latest.text)
    assert "Versione 1" in latest.text
    assert "Versione 2" in latest.text
    first = client.get(f"/documenti/{public_id}/v/1")
    check_page(first.text)
    assert "Questa è la versione 1" in first.text
    assert f'href="/documenti/{public_id}/v/1/file"' in first.text
    assert client.get(f"/documenti/{public_id}/file", buffered=True).data == b"second edition"
    assert client.get(f"/documenti/{public_id}/v/1/file", buffered=True).data == b"bytes of piano"
    assert "Il piano riscritto" not in client.get(f"/documenti/{public_id}/v/1/leggi").text
    assert client.get(f"/documenti/{public_id}/v/3").status_code == 404


def test_reading_marks_the_words_and_leads_from_hit_to_hit(get_page: GetPage, house: House) -> None:
    public_id = house.ids["suap"]
    first = get_page(f"/documenti/{public_id}/leggi?pagina=1&q=sportello").text
    assert "<mark>sportello</mark>" in first
    assert "<p>Premessa.</p>" in first
    assert f'href="/documenti/{public_id}/leggi?pagina=3&amp;q=sportello" rel="nofollow"' in first
    assert f'href="/documenti/{public_id}/leggi?pagina=2&amp;q=sportello" rel="next"' in first
    assert f'href="/documenti/{public_id}/file#page=1"' in first
    middle = get_page(f"/documenti/{public_id}/leggi?pagina=2&q=sportello").text
    links = [" ".join(link.text.split()) for link in Elements(middle).all("a")]
    assert links.count("precedente con le parole cercate") == 2, "above the text and below it"
    assert links.count("successiva con le parole cercate") == 2
    said = [" ".join(each.text.split()) for each in Elements(middle).all("p")]
    assert any(each.startswith("Pagine con le parole cercate: 2 su 3") for each in said)
    last = get_page(f"/documenti/{public_id}/leggi?pagina=3&q=sportello").text
    assert "uccessiva" not in last.partition("<footer")[0]
    none = get_page(f"/documenti/{public_id}/leggi?q=balena").text
    assert "Le parole cercate non compaiono in questo documento." in none


def test_headings_of_the_outline_are_headings_of_the_text(other_house: House) -> None:
    pages = ("Premessa\nIl testo della premessa.", "Il testo prima.\nMETODO \nIl metodo.")
    public_id = other_house.document("titoli", "Titoli", pages)
    client = create_app(services=other_house.services).test_client()
    first = client.get(f"/documenti/{public_id}/leggi?pagina=1").text
    check_page(first)
    assert '<h2 class="h5">Premessa</h2>\n<p>Il testo della premessa.</p>' in first
    second = client.get(f"/documenti/{public_id}/leggi?pagina=2&q=metodo").text
    assert '<h2 class="h5"><mark>METODO</mark></h2>' in second


def test_laws_in_the_text_lead_to_their_official_site(other_house: House) -> None:
    text = (
        "Secondo l'art. 1 della legge 7 aprile 2014, n. 56 e il GDPR.\n• Il d.lgs. 267/2000\n• Fine"
    )
    public_id = other_house.document("leggi", "Le leggi", (text,))
    client = create_app(services=other_house.services).test_client()
    page = client.get(f"/documenti/{public_id}/leggi?q=aprile").text
    check_page(page)
    laws = [
        link for link in Elements(page).all("a") if link.attributes.get("class") == "portal-law"
    ]
    assert [" ".join(link.text.split()) for link in laws] == [
        "art. 1 della legge 7 aprile 2014, n. 56 (su Normattiva, sito esterno)",
        "GDPR (su EUR-Lex, sito esterno)",
        "d.lgs. 267/2000 (su Normattiva, sito esterno)",
    ]
    assert laws[0].attributes["href"].startswith("https://www.normattiva.it/")
    for link in laws:
        assert {"noopener", "noreferrer"} <= set(link.attributes["rel"].split())
        assert "target" not in link.attributes
    assert "legge 7 <mark>aprile</mark> 2014" in page
    assert page.count("<li>", page.index("portal-text"), page.index("</article>")) == 2


@pytest.mark.parametrize("wanted", ["4", "0", "-1", "²", "1e3", "9" * 30, "uno", "%00"])
def test_a_page_of_text_that_is_not_there_is_said_kindly(
    wanted: str, get_page: GetPage, house: House
) -> None:
    page = get_page(f"/documenti/{house.ids['suap']}/leggi?pagina={wanted}", 404)
    assert "il documento ne ha 3" in page.text


def test_the_text_of_a_sender_is_never_markup(other_house: House) -> None:
    public_id = other_house.document(
        "ostile",
        "<script>alert(1)</script>\u202eofni",
        ("<img src=x onerror=alert(1)>\x00\n\n</p><h1>finto</h1>",),
        filename="<b>x</b>.pdf",
        summary="<i>corsivo</i>",
    )
    client = create_app(services=other_house.services).test_client()
    for address in (
        f"/documenti/{public_id}",
        f"/documenti/{public_id}/leggi?q=finto",
        "/ricerca?q=finto",
    ):
        page = client.get(address, follow_redirects=True).text
        check_page(page)
        assert "<script>alert" not in page
        assert "<img src=x" not in page
        assert "<i>corsivo" not in page


def test_a_badge_says_how_accessible_the_file_is(get_page: GetPage, house: House) -> None:
    page = get_page(f"/documenti/{house.ids['suap']}", follow_redirects=True).text
    assert "portal-badge-da-migliorare" in page
    assert "Da migliorare" in page
