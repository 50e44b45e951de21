"""Citing: what Zotero saves of a page, what a person copies, what programs are led to."""

import json
import re
from dataclasses import replace
from datetime import date

import pytest
import rispy
from flask import Flask
from flask.testing import FlaskClient

from corpus.records import CourseDraft, EventDraft
from corpus.vocabulary import FileFormat, Kind, State
from portal.takeaway.bibliography import Form, Name, Reference
from portal.takeaway.citation_styles import apa, initials, italian
from tests.portal.conftest import GetPage
from tests.portal.house import ACTOR, House, empty_house
from tests.portal.pages_checker import Elements
from tests.portal.zotero import Item, save

REFERENCE = Reference(
    key="metropoli-abc2345",
    form=Form.REPORT,
    title="Diagnosi del territorio",
    authors=(Name("Allulli", "Massimo"), Name("De Luca", "Jean-Pierre Maria")),
    year=2020,
    day=date(2020, 2, 2),
    publisher="ISTAT",
    language="it",
    abstract="",
    keywords=(),
    address="https://x.it/documenti/abc2345",
    pdf=None,
)


@pytest.fixture(scope="module")
def programme(tmp_path_factory: pytest.TempPathFactory) -> House:
    """One record of each type, with hard names."""
    house = empty_house(tmp_path_factory.mktemp("casa"), search_rate=100_000)
    house.document(
        "rapporto",
        "Rapporto </script><b>& \"altri\" 'guai'",
        ("Testo.",),
        authors=("Giuseppe Maria De Luca",),
        publisher="ANCI",
        year=2020,
        licence="CC-BY-4.0",
        topics=("SUAP", "aree interne"),
        summary="Che cosa dice </script> il rapporto.",
        cities=("bari",),
    )
    house.document(
        "ente", "Relazione annuale", ("Testo.",), authors=("Comune di Bari, area tecnica", "ISTAT")
    )
    house.document("libro", "Un libro", form="libro", authors=("Maria Rossi",), year=2019)
    house.document("rivista", "Un articolo", kind=Kind.ARTICLE, authors=("Maria Rossi",))
    house.document("tabella", "I dati", content=b"xlsx", format=FileFormat.XLSX)
    add = house.services.catalogue.add
    house.ids["evento"] = add(
        EventDraft(kind=Kind.EVENT, title="Convegno", start=date(2023, 5, 4), place="Bari, Fiera"),
        actor=ACTOR,
        state=State.PUBLISHED,
    )
    house.ids["corso"] = add(
        CourseDraft(kind=Kind.TRAINING, title="Corso", form="a distanza", hours=10, year=2022),
        actor=ACTOR,
        state=State.PUBLISHED,
    )
    return house


@pytest.fixture(scope="module")
def reader(programme: House) -> FlaskClient:
    from portal.app import create_app

    return create_app(services=programme.services).test_client()


def saved(reader: FlaskClient, programme: House, name: str) -> Item:
    from portal.addresses import SECTIONS

    record = programme.services.reader.record(programme.ids[name])
    address = f"{SECTIONS[record.type]}/{record.public_id}"
    answer = reader.get(address, follow_redirects=True)
    item = save(answer.text, f"http://localhost{answer.request.path}")
    assert item is not None
    return item


def test_zotero_saves_a_report_with_its_pdf(reader: FlaskClient, programme: House) -> None:
    item = saved(reader, programme, "rapporto")
    public_id = programme.ids["rapporto"]
    assert item.type == "report"
    assert item.fields["title"] == "Rapporto </script><b>& \"altri\" 'guai'"
    assert item.fields["institution"] == "ANCI"
    assert item.fields["date"] == "2020"
    assert item.fields["abstractNote"] == "Che cosa dice </script> il rapporto."
    assert item.fields["rights"] == "https://creativecommons.org/licenses/by/4.0/"
    assert item.creators == [("De Luca", "Giuseppe Maria")]  # one author, not two
    assert item.pdf == f"http://localhost/documenti/{public_id}/file"
    with reader.get(item.pdf) as file:
        assert file.mimetype == "application/pdf"
    assert reader.get(item.fields["url"]).status_code == 200


def test_zotero_keeps_the_name_of_a_body_whole(reader: FlaskClient, programme: House) -> None:
    item = saved(reader, programme, "ente")
    assert item.creators == [("Comune di Bari - area tecnica", ""), ("ISTAT", "")]
    assert item.type == "report"
    assert (
        "institution" not in item.fields
    )  # the portal did not publish it, and nobody says who did
    assert "date" not in item.fields or not item.fields["date"]


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("libro", "book"),
        ("rivista", "magazineArticle"),
        ("evento", "webpage"),
        ("corso", "webpage"),
    ],
)
def test_zotero_knows_what_it_saves(
    name: str, kind: str, reader: FlaskClient, programme: House
) -> None:
    item = saved(reader, programme, name)
    assert item.type == kind
    assert item.fields["title"] == programme.services.reader.record(programme.ids[name]).title
    assert item.pdf is None


def test_lists_and_pages_that_are_no_record_are_not_saved_as_works(client: FlaskClient) -> None:
    for address in ("/", "/ricerca", "/documenti", "/soluzioni"):
        page = client.get(address).text
        assert save(page, "http://localhost" + address) is None, address


def structured(html: str) -> list[dict[str, object]]:
    scripts = [e for e in Elements(html).all("script") if "type" in e.attributes]
    return [json.loads(script.text) for script in scripts]


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("rapporto", "Report"),
        ("libro", "Book"),
        ("rivista", "Article"),
        ("tabella", "Dataset"),
        ("evento", "Event"),
        ("corso", "Course"),
    ],
)
def test_a_page_says_in_schema_org_words_what_it_shows(
    name: str, kind: str, reader: FlaskClient, programme: House
) -> None:
    record = programme.services.reader.record(programme.ids[name])
    from portal.addresses import SECTIONS

    path = f"{SECTIONS[record.type]}/{record.public_id}"
    page = reader.get(path, follow_redirects=True).text
    data, way = structured(page)
    assert data["@context"] == "https://schema.org"
    assert data["@type"] == kind
    assert data["name"] == record.title
    assert way["@type"] == "BreadcrumbList"
    assert "" not in data.values()
    assert None not in data.values()
    assert reader.get(f"/cita/{record.public_id}.jsonld").get_json()["name"] == record.title


def test_an_event_has_its_day_and_place_and_the_report_its_file(
    reader: FlaskClient, programme: House
) -> None:
    event = reader.get(f"/cita/{programme.ids['evento']}.jsonld").get_json()
    assert event["startDate"] == "2023-05-04"
    assert event["location"]["name"] == "Bari, Fiera"
    report = reader.get(f"/cita/{programme.ids['rapporto']}.jsonld").get_json()
    assert report["encoding"]["encodingFormat"] == "application/pdf"
    assert report["author"] == [
        {
            "@type": "Person",
            "name": "Giuseppe Maria De Luca",
            "givenName": "Giuseppe Maria",
            "familyName": "De Luca",
        }
    ]
    assert report["spatialCoverage"][0]["name"] == "Città metropolitana di Bari"


def test_the_home_page_says_how_the_site_is_searched(client: FlaskClient) -> None:
    (site,) = structured(client.get("/").text)
    template = site["potentialAction"]["target"]["urlTemplate"]  # type: ignore[index]
    address = template.replace("{search_term_string}", "sportello")
    assert client.get(address).status_code == 200


def typed_links(answer_header: str) -> list[tuple[str, str]]:
    found = re.findall(r'<([^>]+)>; rel="([^"]+)"', answer_header)
    return [(rel, href) for href, rel in found]


def test_the_page_and_its_link_set_lead_a_program_to_everything(
    reader: FlaskClient, programme: House
) -> None:
    public_id = programme.ids["rapporto"]
    answer = reader.get(f"/documenti/{public_id}", follow_redirects=True)
    links = typed_links(answer.headers["Link"])
    assert ("cite-as", f"http://localhost/documenti/{public_id}") in links
    assert ("item", f"http://localhost/documenti/{public_id}/file") in links
    assert ("license", "https://creativecommons.org/licenses/by/4.0/") in links
    assert ("type", "https://schema.org/Report") in links
    described = [href for rel, href in links if rel == "describedby"]
    assert len(described) == 4
    for address in (*described, dict(links)["linkset"], dict(links)["item"]):
        with reader.get(address) as target:
            assert target.status_code == 200, address
    answer = reader.get(dict(links)["linkset"])
    assert answer.mimetype == "application/linkset+json"
    contexts = {context["anchor"]: context for context in answer.get_json()["linkset"]}
    page = contexts[f"http://localhost{reader.get(f'/documenti/{public_id}').location}"]
    assert page["cite-as"] == [{"href": f"http://localhost/documenti/{public_id}"}]
    file = contexts[f"http://localhost/documenti/{public_id}/file"]
    assert file["collection"][0]["type"] == "text/html"


def test_a_file_leads_back_to_the_page_that_describes_it(
    reader: FlaskClient, programme: House
) -> None:
    public_id = programme.ids["rapporto"]
    page = reader.get(f"/documenti/{public_id}").location
    for fixed, landing in (("", page), ("/v/1", f"/documenti/{public_id}/v/1")):
        with reader.head(f"/documenti/{public_id}{fixed}/file") as file:
            links = dict(typed_links(file.headers["Link"]))
        assert links["collection"] == f"http://localhost{landing}"
        assert reader.get(links["linkset"]).status_code == 200


def test_a_version_is_cited_by_its_own_address(get_page: GetPage, house: House) -> None:
    public_id = house.ids["suap"]
    page = get_page(f"/documenti/{public_id}/v/1").text
    assert f"http://localhost/documenti/{public_id}/v/1" in page
    assert "consultato il" not in page  # a version does not change
    (entry,) = rispy.loads(get_page_text(get_page, page, f"/cita/{public_id}/v/1.ris"))
    assert entry["urls"] == [f"http://localhost/documenti/{public_id}/v/1"]
    assert entry["edition"] == "1"


def get_page_text(get_page: GetPage, page: str, address: str) -> str:
    """The RIS text of the box, which is that of the file but for the line ends."""
    box = next(e for e in Elements(page).all("pre") if e.attributes["id"] == "cita-ris")
    assert address in page
    return box.text


@pytest.mark.parametrize("address", ["/cita/{}/v/9.ris", "/cita/{}/v/9.jsonld", "/linkset/{}/v/9"])
def test_a_version_that_is_not_there_is_not_cited(
    address: str, client: FlaskClient, house: House
) -> None:
    assert client.get(address.format(house.ids["suap"])).status_code == 404


@pytest.mark.parametrize("address", ["/cita/{}.bib", "/cita/{}.jsonld", "/linkset/{}"])
def test_a_draft_is_neither_cited_nor_described(
    address: str, client: FlaskClient, house: House
) -> None:
    assert client.get(address.format(house.ids["bozza"])).status_code == 404


def test_initials() -> None:
    assert initials("Francesco Domenico") == "F. D."
    assert initials("Jean-Pierre") == "J.-P."


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        (
            {},
            "M. Allulli e J.-P. M. De Luca, Diagnosi del territorio, ISTAT, 2020, "
            "https://x.it/documenti/abc2345",
        ),
        (
            {"authors": (Name("ISTAT"),), "year": None, "day": None},
            "ISTAT, Diagnosi del territorio, s.d., https://x.it/documenti/abc2345",
        ),
        (
            {"authors": (), "accessed": date(2026, 11, 25)},
            "Diagnosi del territorio, ISTAT, 2020, https://x.it/documenti/abc2345 "
            "(consultato il 25 novembre 2026)",
        ),
        (
            {"authors": (), "version": 2},
            "Diagnosi del territorio, versione 2, ISTAT, 2020, https://x.it/documenti/abc2345",
        ),
    ],
)
def test_the_italian_form(changes: dict[str, object], text: str, app: Flask) -> None:
    with app.test_request_context():
        assert str(italian(replace(REFERENCE, **changes))) == text  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        (
            {},
            "Allulli, M., & De Luca, J.-P. M. (2020). Diagnosi del territorio. ISTAT. "
            "https://x.it/documenti/abc2345",
        ),
        (
            {"authors": (Name("ISTAT"),), "year": None, "day": None},
            "ISTAT. (s.d.). Diagnosi del territorio. https://x.it/documenti/abc2345",
        ),
        (
            {"authors": (), "form": Form.WEB_PAGE},
            "Diagnosi del territorio. (2020, 2 febbraio). ISTAT. https://x.it/documenti/abc2345",
        ),
        (
            {"authors": (), "version": 2, "title": "Che fare?"},
            "Che fare? (Versione 2). (2020). ISTAT. https://x.it/documenti/abc2345",
        ),
        (
            {"authors": (Name("Rossi", "Maria"),), "title": "Che fare?"},
            "Rossi, M. (2020). Che fare? ISTAT. https://x.it/documenti/abc2345",
        ),
        (
            {"authors": (Name("Rossi", "Maria"),), "publisher": ""},
            "Rossi, M. (2020). Diagnosi del territorio. https://x.it/documenti/abc2345",
        ),
    ],
)
def test_the_apa_style(changes: dict[str, object], text: str, app: Flask) -> None:
    with app.test_request_context():
        assert str(apa(replace(REFERENCE, **changes))) == text  # type: ignore[arg-type]


def test_apa_prints_nineteen_authors_and_the_last_of_a_crowd(app: Flask) -> None:
    crowd = tuple(Name(f"Autore{number}", "Anna") for number in range(25))
    with app.test_request_context():
        text = str(apa(replace(REFERENCE, authors=crowd)))
    assert "Autore18, A., … Autore24, A. (2020)" in text
    assert "Autore19" not in text
