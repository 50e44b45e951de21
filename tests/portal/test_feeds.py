"""Feeds, map of the site, browser search, robots.txt: valid, true, and of public pages alone."""

import re
from dataclasses import replace
from datetime import datetime
from urllib.parse import urlsplit
from urllib.robotparser import RobotFileParser
from xml.etree import ElementTree

import pytest
from flask.testing import FlaskClient

from corpus.records import DocumentDraft
from corpus.vocabulary import Kind, State
from portal.app import create_app
from portal.takeaway import sitemap
from portal.takeaway.sitemap import Place
from tests.portal.conftest import GetPage
from tests.portal.house import ACTOR, House
from tests.portal.pages_checker import Elements

ATOM = "{http://www.w3.org/2005/Atom}"
MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


def read(xml: bytes) -> ElementTree.Element:
    return ElementTree.fromstring(xml)  # noqa: S314  our own answer


def feed(client: FlaskClient, address: str) -> ElementTree.Element:
    """The feed at this address, held to what RFC 4287 asks of every feed and entry."""
    answer = client.get(address)
    assert answer.status_code == 200
    assert answer.mimetype == "application/atom+xml"
    assert "Set-Cookie" not in answer.headers
    root = read(answer.data)
    assert root.tag == f"{ATOM}feed"
    hold(root)
    assert root.find(f"{ATOM}author/{ATOM}name") is not None
    links = {link.get("rel"): link.get("href") for link in root.findall(f"{ATOM}link")}
    assert links["self"] == f"http://localhost{address}"
    for entry in root.findall(f"{ATOM}entry"):
        hold(entry)
    ids = [e.findtext(f"{ATOM}id") for e in root.findall(f"{ATOM}entry")]
    assert len(ids) == len(set(ids))
    return root


def hold(element: ElementTree.Element) -> None:
    for name in ("id", "title", "updated"):
        assert len(element.findall(ATOM + name)) == 1, name
    assert urlsplit(element.findtext(f"{ATOM}id") or "").scheme == "http"
    assert INSTANT.fullmatch(element.findtext(f"{ATOM}updated") or "")
    alternates = [x for x in element.findall(f"{ATOM}link") if x.get("rel") == "alternate"]
    assert len(alternates) == 1


def titles(root: ElementTree.Element) -> list[str]:
    return [entry.findtext(f"{ATOM}title") or "" for entry in root.findall(f"{ATOM}entry")]


def test_a_feed_holds_exactly_the_filtered_search(client: FlaskClient, house: House) -> None:
    everything = feed(client, "/ricerca.atom")
    assert len(titles(everything)) == len(house.services.reader.public_ids())
    assert titles(feed(client, "/ricerca.atom?tipo=guida")) == ["Guida alle pratiche edilizie"]
    narrowed = feed(client, "/ricerca.atom?q=sportello&citta=bari&anno=2023")
    assert titles(narrowed) == ["Lo sportello unico dell'area metropolitana"]
    assert narrowed.findtext(f"{ATOM}title") == (
        "Metropoli Strategiche: sportello · Città: Bari · Anno: 2023"
    )
    assert narrowed.findtext(f"{ATOM}id") == (
        "http://localhost/ricerca?q=sportello&citta=bari&anno=2023"
    )


def test_a_feed_never_answers_another_question(client: FlaskClient) -> None:
    # The page would correct the word, or leave one out, and say so; a feed has nobody to tell.
    assert titles(feed(client, "/ricerca.atom?q=sportelo")) == []
    assert titles(feed(client, "/ricerca.atom?q=sportello+xyzzy")) == []


def test_ids_last_and_dates_are_those_of_the_change(other_house: House) -> None:
    client = create_app(services=other_house.services).test_client()
    before = feed(client, "/ricerca.atom?tipo=guida")
    (entry,) = before.findall(f"{ATOM}entry")
    public_id = other_house.ids["guida"]
    assert entry.findtext(f"{ATOM}id") == f"http://localhost/documenti/{public_id}"
    record = other_house.services.reader.record(public_id)
    other_house.services.catalogue.revise(
        public_id,
        DocumentDraft(kind=Kind.GUIDE, title="Titolo nuovo", cities=("milano",), year=2023),
        actor=ACTOR,
    )
    other_house.index(public_id)
    after = feed(client, "/ricerca.atom?tipo=guida")
    (changed,) = after.findall(f"{ATOM}entry")
    assert changed.findtext(f"{ATOM}id") == entry.findtext(f"{ATOM}id")
    assert changed.findtext(f"{ATOM}title") == "Titolo nuovo"
    assert changed.findtext(f"{ATOM}published") == entry.findtext(f"{ATOM}published")
    updated = datetime.fromisoformat(changed.findtext(f"{ATOM}updated") or "")
    assert updated >= record.updated_at.replace(microsecond=0)
    assert after.findtext(f"{ATOM}updated") == changed.findtext(f"{ATOM}updated")


def test_the_last_change_comes_first_and_drafts_never(other_house: House) -> None:
    client = create_app(services=other_house.services).test_client()
    other_house.document("nuovo", "Appena pubblicato", year=1999)
    root = feed(client, "/ricerca.atom")
    assert titles(root)[0] == "Appena pubblicato"
    assert "segretissima" not in client.get("/ricerca.atom").text
    assert not any("Bozza" in title for title in titles(root))


def test_a_file_is_enclosed_with_its_true_length(client: FlaskClient) -> None:
    (entry,) = feed(client, "/ricerca.atom?tipo=guida").findall(f"{ATOM}entry")
    (link,) = [x for x in entry.findall(f"{ATOM}link") if x.get("rel") == "enclosure"]
    with client.get(link.get("href") or "") as file:
        assert len(file.data) == int(link.get("length") or 0)
        assert file.mimetype == link.get("type")


def test_a_hostile_title_leaves_the_feed_whole(other_house: House) -> None:
    client = create_app(services=other_house.services).test_client()
    title = 'Un <b>titolo</b> & ]]> "strano"'
    other_house.document("strano", title, year=2024)
    assert titles(feed(client, "/ricerca.atom?anno=2024")) == [title]


def test_what_no_xml_may_hold_leaves_a_feed_whole(client: FlaskClient) -> None:
    assert titles(feed(client, "/ricerca.atom?q=%EF%BF%BE%EF%BF%BFassente")) == []


def test_the_page_of_a_search_leads_to_its_feed(get_page: GetPage) -> None:
    page = Elements(get_page("/ricerca?q=sportello&citta=bari&pagina=1").text)
    (link,) = [e for e in page.all("link") if e.attributes.get("type") == "application/atom+xml"]
    assert link.attributes["href"] == "/ricerca.atom?q=sportello&citta=bari"
    assert link.attributes["title"].endswith("sportello · Città: Bari")


def site_map(client: FlaskClient, address: str = "/sitemap.xml") -> dict[str, str | None]:
    root = read(client.get(address).data)
    assert root.tag == f"{MAP}urlset"
    return {
        url.findtext(f"{MAP}loc") or "": url.findtext(f"{MAP}lastmod")
        for url in root.findall(f"{MAP}url")
    }


def test_the_map_holds_every_public_page_and_all_of_them_answer(
    client: FlaskClient, house: House
) -> None:
    places = site_map(client)
    for public_id in house.services.reader.public_ids():
        record = house.services.reader.record(public_id)
        (address,) = [a for a in places if f"/{public_id}/" in a and "/en/" not in a]
        changed = datetime.fromisoformat(places[address] or "")
        assert changed == record.updated_at.replace(microsecond=0)
    assert not any(house.ids["bozza"] in address for address in places)
    for address in places:
        answer = client.get(address)
        assert answer.status_code == 200, address
        assert "noindex" not in answer.headers.get("X-Robots-Tag", ""), address
        assert "noindex" not in answer.text, address


def test_the_map_names_each_page_in_every_language(client: FlaskClient) -> None:
    text = client.get("/sitemap.xml").text
    assert '<xhtml:link rel="alternate" hreflang="en" href="http://localhost/en/progetto"' in text
    assert "<loc>http://localhost/en/progetto</loc>" in text


def test_a_large_portal_has_an_index_of_maps(
    client: FlaskClient, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = site_map(client)
    monkeypatch.setattr("portal.pages.feeds.PART", 10)
    monkeypatch.setattr(sitemap, "PART", 10)
    client = create_app(services=house.services).test_client()
    root = read(client.get("/sitemap.xml").data)
    assert root.tag == f"{MAP}sitemapindex"
    together: dict[str, str | None] = {}
    for file in root.findall(f"{MAP}sitemap"):
        together |= site_map(client, file.findtext(f"{MAP}loc") or "")
    assert together == whole
    assert client.get("/sitemap-999.xml").status_code == 404


def test_the_map_is_made_once_until_something_changes(
    other_house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = []
    urlset = sitemap.urlset
    monkeypatch.setattr(sitemap, "urlset", lambda *given: made.append(1) or urlset(*given))
    client = create_app(services=other_house.services).test_client()
    before = site_map(client)
    assert site_map(client) == before
    assert len(made) == 1
    elsewhere = client.get("/sitemap.xml", base_url="http://127.0.0.1").text
    assert "<loc>http://127.0.0.1/progetto</loc>" in elsewhere
    other_house.document("nuovo", "Appena pubblicato", year=1999)
    assert len(site_map(client)) == len(before) + 2
    other_house.services.catalogue.withdraw(other_house.ids["nuovo"], actor=ACTOR, reason="Errore")
    assert site_map(client) == before


def test_a_map_without_pages_is_still_one() -> None:
    assert sitemap.parts([]) == 1
    assert "<urlset" in sitemap.urlset([Place("/")], "https://x.it")


def test_robots_may_read_what_the_map_names_and_nothing_filtered(client: FlaskClient) -> None:
    text = client.get("/robots.txt").text
    robots = RobotFileParser()
    robots.parse(text.splitlines())
    assert robots.site_maps() == ["http://localhost/sitemap.xml"]
    for address in site_map(client):
        assert robots.can_fetch("Bot", address), address
    for address in ("/ricerca?q=x", "/en/ricerca?q=x", "/ricerca.csv?q=x", "/selezione?id=2222222"):
        assert not robots.can_fetch("Bot", f"http://localhost{address}"), address


def test_a_browser_can_add_the_search_of_the_portal(client: FlaskClient, get_page: GetPage) -> None:
    (link,) = [
        e for e in Elements(get_page("/").text).all("link") if e.attributes.get("rel") == "search"
    ]
    answer = client.get(link.attributes["href"])
    assert answer.mimetype == "application/opensearchdescription+xml"
    name = "{http://a9.com/-/spec/opensearch/1.1/}"
    root = read(answer.data)
    assert 0 < len(root.findtext(f"{name}ShortName") or "") <= 16
    assert 0 < len(root.findtext(f"{name}LongName") or "") <= 48
    (html,) = [u for u in root.findall(f"{name}Url") if u.get("type") == "text/html"]
    template = html.get("template") or ""
    assert client.get(template.replace("{searchTerms}", "sportello")).status_code == 200


def test_feeds_count_against_the_limit_of_searches(house: House) -> None:
    services = replace(house.services, settings=replace(house.services.settings, search_rate=1))
    client = create_app(services=services).test_client()
    assert client.get("/ricerca.atom").status_code == 200
    assert client.get("/ricerca.atom").status_code == 429


def test_only_published_records_are_in_the_list_of_pages(house: House) -> None:
    pages = house.services.reader.public_pages()
    assert {page.public_id for page in pages} == set(house.services.reader.public_ids())
    states = {house.services.reader.record(page.public_id).state for page in pages}
    assert states == {State.PUBLISHED}
