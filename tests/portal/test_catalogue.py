"""DCAT-AP_IT: what the national profile makes mandatory, in three forms that say the same."""

import subprocess
import sys
from dataclasses import replace
from typing import Any

import pytest
from flask.testing import FlaskClient
from rdflib import DCAT, DCTERMS, FOAF, RDF, XSD, Graph, Literal, Namespace, URIRef
from rdflib.compare import isomorphic

from corpus.vocabulary import FileFormat
from portal.app import create_app
from tests.portal.conftest import check_answer
from tests.portal.house import ACTOR, House

IT = Namespace("http://dati.gov.it/onto/dcatapit#")
VCARD = Namespace("http://www.w3.org/2006/vcard/ns#")
EU = "http://publications.europa.eu/resource/authority/"
FORMS = {"ttl": ("text/turtle", "turtle"), "jsonld": ("application/ld+json", "json-ld"),
         "rdf": ("application/rdf+xml", "xml")}  # fmt: skip


def graph(client: FlaskClient, form: str = "ttl") -> Graph:
    response = client.get(f"/catalogo.{form}")
    assert response.status_code == 200
    check_answer(response)
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    media_type, name = FORMS[form]
    assert response.content_type.partition(";")[0] == media_type
    return Graph().parse(data=response.text, format=name)


@pytest.fixture
def own(other_house: House) -> FlaskClient:
    """A portal with a table under an open licence, a closed one, and the files of the night."""
    for name, licence in (("tabella", "CC-BY-4.0"), ("chiusa", "CC-BY-NC-ND-4.0")):
        other_house.document(
            name,
            f"Dati in una {name}",
            content=f"PK {name}".encode(),
            format=FileFormat.XLSX,
            filename=f"{name}.xlsx",
            licence=licence,
            topics=("cifre",),
        )
    other_house.services.dumps.make()
    return create_app(services=other_house.services).test_client()


def one(found: Graph, subject: Any, name: Any) -> Any:
    values = list(found.objects(subject, name))
    assert len(values) == 1, (subject, name, values)
    return values[0]


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph:DeprecationWarning")  # rdflib's own parser
def test_the_three_forms_say_the_same(own: FlaskClient) -> None:
    turtle = graph(own)
    assert isomorphic(turtle, graph(own, "jsonld"))
    assert isomorphic(turtle, graph(own, "rdf"))


def test_the_catalogue_has_what_is_mandatory(own: FlaskClient) -> None:
    found = graph(own)
    (catalogue,) = found.subjects(RDF.type, IT.Catalog)
    assert (catalogue, RDF.type, DCAT.Catalog) in found
    for name in (DCTERMS.title, DCTERMS.description):
        assert one(found, catalogue, name).language == "it"
    for name in (DCTERMS.modified, DCTERMS.issued):
        assert one(found, catalogue, name).datatype == XSD.date
    check_agent(found, one(found, catalogue, DCTERMS.publisher))
    assert set(found.objects(catalogue, DCAT.dataset)) == set(found.subjects(RDF.type, IT.Dataset))


def check_agent(found: Graph, agent: Any) -> None:
    assert {IT.Agent, FOAF.Agent} <= set(found.objects(agent, RDF.type))
    assert one(found, agent, FOAF.name)
    assert isinstance(one(found, agent, DCTERMS.identifier), Literal)


def test_every_data_set_has_what_is_mandatory(own: FlaskClient, other_house: House) -> None:
    found = graph(own)
    sets = list(found.subjects(RDF.type, IT.Dataset))
    identifiers = {str(one(found, each, DCTERMS.identifier)) for each in sets}
    assert identifiers == {"schede", other_house.ids["tabella"]}
    for each in sets:
        assert (each, RDF.type, DCAT.Dataset) in found
        assert one(found, each, DCTERMS.title)
        assert one(found, each, DCTERMS.description)
        assert one(found, each, DCTERMS.modified).datatype == XSD.date
        themes = [str(theme) for theme in found.objects(each, DCAT.theme)]
        assert themes
        assert all(theme.startswith(f"{EU}data-theme/") for theme in themes)
        check_agent(found, one(found, each, DCTERMS.rightsHolder))
        frequency = str(one(found, each, DCTERMS.accrualPeriodicity))
        assert frequency in (f"{EU}frequency/DAILY", f"{EU}frequency/IRREG")
        assert list(found.objects(each, DCAT.distribution))


def test_every_distribution_has_what_is_mandatory_and_its_address_answers(
    own: FlaskClient,
) -> None:
    found = graph(own)
    ways = list(found.subjects(RDF.type, IT.Distribution))
    assert len(ways) == 4
    for way in ways:
        assert (way, RDF.type, DCAT.Distribution) in found
        assert str(one(found, way, DCTERMS.format)).startswith(f"{EU}file-type/")
        licence = one(found, way, DCTERMS.license)
        assert str(licence).endswith("licences/A21_CCBY40")
        assert (licence, RDF.type, IT.LicenseDocument) in found
        assert one(found, licence, DCTERMS.type)
        with own.get(str(one(found, way, DCAT.accessURL))) as answer:
            assert answer.status_code == 200
            for size in found.objects(way, DCAT.byteSize):
                assert len(answer.data) == int(size)
                assert size.datatype == XSD.nonNegativeInteger


def test_every_value_of_a_european_list_has_its_type(own: FlaskClient) -> None:
    found = graph(own)
    for value in set(found.objects()):
        if isinstance(value, URIRef) and str(value).startswith(EU):
            assert list(found.objects(value, RDF.type)), value


def test_who_can_be_asked_is_told_when_there_is_an_address(other_house: House) -> None:
    services = other_house.services
    settings = replace(services.settings, contact_email="dati@ente.it", ipa_code="c_x")
    client = create_app(services=replace(services, settings=settings)).test_client()
    found = graph(client)
    (contact,) = found.subjects(RDF.type, IT.Organization)
    assert one(found, contact, VCARD.hasEmail) == URIRef("mailto:dati@ente.it")
    assert one(found, contact, VCARD.fn)
    (agent,) = found.subjects(RDF.type, IT.Agent)
    assert one(found, agent, DCTERMS.identifier) == Literal("c_x")
    assert not list(
        graph(create_app(services=services).test_client()).subjects(RDF.type, IT.Organization)
    )


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        (None, "text/turtle"), ("*/*", "text/turtle"), ("text/turtle", "text/turtle"),
        ("application/ld+json", "application/ld+json"),
        ("application/rdf+xml;q=0.9, text/turtle;q=0.1", "application/rdf+xml"),
        ("image/png", "text/turtle"),
    ],
)  # fmt: skip
def test_a_program_gets_the_form_that_it_prefers(
    client: FlaskClient, accept: str | None, media_type: str
) -> None:
    answer = client.get("/catalogo", headers={"Accept": accept} if accept else {})
    assert answer.status_code == 200
    assert answer.content_type.partition(";")[0] == media_type
    assert "Accept" in answer.headers["Vary"].split(", ")
    same = client.get(answer.headers["Content-Location"])
    assert same.data == answer.data


def test_a_browser_is_led_to_the_page(client: FlaskClient) -> None:
    accept = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
    answer = client.get("/catalogo", headers={"Accept": accept})
    assert answer.status_code == 303
    assert answer.headers["Location"] == "/interfacce#catalogo"


def test_what_was_withdrawn_leaves_the_catalogue_at_once(
    own: FlaskClient, other_house: House
) -> None:
    gone = other_house.ids["tabella"]
    assert gone in graph(own).serialize()
    other_house.services.catalogue.withdraw(gone, actor=ACTOR, reason="Superata")
    left = graph(own).serialize()
    assert gone not in left
    assert "/dati/" not in left  # its files are not handed out until they are made anew


def test_rdflib_is_not_imported_until_it_is_needed() -> None:
    script = "import sys, portal.app; print('rdflib' in sys.modules, 'pydantic' in sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert loaded.stdout.split() == ["False", "False"]
