"""English at /en/: the same pages, their links, forms and redirects in the same language."""

import re
from urllib.parse import urlsplit

import pytest
from flask.testing import FlaskClient
from jinja2 import DictLoader, Environment

from corpus.records import EventDraft, GapView
from corpus.vocabulary import Kind, State
from portal import languages
from portal.app import create_app
from portal.i18n import DEFAULT_LOCALE, answer_in
from tests.portal.conftest import check_answer
from tests.portal.house import ACTOR, House
from tests.portal.pages_checker import Elements, check_page

PAGES = (
    "/",
    "/ricerca",
    "/ricerca?q=sportello&citta=bari",
    "/ricerca?q=zzzzqqq&citta=bari",
    "/documenti",
    "/citta",
    "/citta/bari",
    "/aree",
    "/soluzioni",
    "/progetto",
    "/formazione",
    "/eventi",
    "/contattaci",
    "/privacy",
    "/cookie",
    "/note-legali",
    "/crediti",
    "/accessibilita",
    "/esportazioni",
)


@pytest.mark.parametrize("path", PAGES)
def test_an_english_page_leads_to_english_pages_only(client: FlaskClient, path: str) -> None:
    response = client.get("/en" + path)
    assert response.status_code == 200
    check_answer(response)
    check_page(response.text, "en")
    page = Elements(response.text)
    strays = [
        address
        for element in page.all("a", "form")
        for address in (element.attributes.get("href") or element.attributes.get("action") or "",)
        if address.startswith("/")
        and not address.startswith("/en/")
        and not languages.has_one_language(address)
        and element.attributes.get("hreflang") != "it"
    ]
    assert strays == []


@pytest.mark.parametrize("path", PAGES)
def test_an_italian_page_names_english_only_in_the_switch(client: FlaskClient, path: str) -> None:
    page = Elements(client.get(path).text)
    english = [e for e in page.all("a") if e.attributes.get("href", "").startswith("/en/")]
    assert [e.attributes["href"] for e in english] == ["/en" + path]
    assert english[0].attributes["lang"] == "en"


def test_each_language_names_the_other_for_robots(client: FlaskClient) -> None:
    for address, canonical in (
        ("/citta/bari", "/citta/bari"),
        ("/en/citta/bari", "/en/citta/bari"),
    ):
        links = Elements(client.get(address).text).all("link")
        assert [
            (e.attributes["hreflang"], urlsplit(e.attributes["href"]).path)
            for e in links
            if e.attributes.get("rel") == "alternate" and "hreflang" in e.attributes
        ] == [("it", "/citta/bari"), ("en", "/en/citta/bari")]
        assert [
            urlsplit(e.attributes["href"]).path
            for e in links
            if e.attributes.get("rel") == "canonical"
        ] == [canonical]


def test_a_redirect_stays_in_the_language(client: FlaskClient, house: House) -> None:
    record = house.services.reader.documents()[0]
    response = client.get(f"/en/documenti/{record.public_id}")
    assert response.status_code == 301
    assert response.headers["Location"].startswith(f"/en/documenti/{record.public_id}/")


def test_the_bare_prefix_leads_to_the_home_page(client: FlaskClient) -> None:
    assert client.get("/en").headers["Location"] == "/en/"


@pytest.mark.parametrize(
    "path", ["/en/accedi", "/en/static/css/portal.css", "/en/en/citta", "/enx"]
)
def test_what_has_one_language_is_not_found_in_another(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_a_missing_page_speaks_the_language_of_its_address(client: FlaskClient) -> None:
    assert '<html lang="en">' in client.get("/en/nulla").text
    assert '<html lang="it">' in client.get("/nulla").text


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        ('<a href="/citta">', '<a href="/en/citta">'),
        ('<a href="/citta/{{ x }}">', '<a href="/en/citta/bari">'),
        ('<a href="{{ path }}">', '<a href="/en/aree">'),
        ('<a href="{{ path | upper }}">', '<a href="/en/AREE">'),
        ('<a href="{{ path }}#uno">', '<a href="/en/aree#uno">'),
        ('<a href="https://x.it/{{ x }}">', '<a href="https://x.it/bari">'),
        ('<a href="//x.it">', '<a href="//x.it">'),
        ('<a href="#main">', '<a href="#main">'),
        ('<form action="/ricerca">', '<form action="/en/ricerca">'),
        ('<input data-suggest-url="{{ path }}">', '<input data-suggest-url="/en/aree">'),
        ('<a href="/accedi">', '<a href="/accedi">'),
        ('<link href="/static/a.css">', '<link href="/static/a.css">'),
    ],
)
def test_addresses_of_a_template_are_sent_in_the_language(written: str, sent: str) -> None:
    environment = Environment(
        loader=DictLoader({"page": written}),
        extensions=[languages.LocalAddresses],
        autoescape=True,
    )
    environment.globals.update(local=languages.local)
    answer_in("en")
    try:
        assert environment.get_template("page").render(x="bari", path="/aree") == sent
    finally:
        answer_in(DEFAULT_LOCALE)


def test_what_is_only_in_italian_says_so_on_an_english_page(other_house: House) -> None:
    catalogue = other_house.services.catalogue
    catalogue.put_gap(GapView("torino", "semplificazione", "Se ne parlò in un convegno."))
    catalogue.add(
        EventDraft(kind=Kind.EVENT, title="Un incontro", date_note="in primavera"),
        actor=ACTOR,
        state=State.PUBLISHED,
    )
    client = create_app(services=other_house.services).test_client()
    for path in ("/soluzioni", "/citta/torino", "/aree/semplificazione"):
        assert re.search(r'<\w+[^>]* lang="it">Se ne parlò', client.get("/en" + path).text), path
        assert 'lang="it">Se ne parlò' not in client.get(path).text
    assert '<span lang="it">in primavera</span>' in client.get("/en/eventi").text
