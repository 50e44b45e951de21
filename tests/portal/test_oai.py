"""OAI-PMH: answers that the schema accepts, and harvests that lose nothing."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml import etree
from oaipmh_scythe import Scythe

from corpus.records import DocumentDraft
from corpus.vocabulary import Kind, State
from portal.app import create_app
from portal.clock import instant
from portal.oai import tokens
from portal.oai.errors import OaiError
from portal.pages import oai
from tests.portal.conftest import check_answer
from tests.portal.house import ACTOR, House
from tests.portal.served import served

OAI = "{http://www.openarchives.org/OAI/2.0/}"
DC = "{http://purl.org/dc/elements/1.1/}"
DATACITE = "{http://datacite.org/schema/kernel-4}"
OAIRE = "{http://namespace.openaire.eu/schema/oaire/}"
SCHEMA = etree.XMLSchema(file=str(Path(__file__).parent / "schemas" / "oai-pmh.xsd"))


def ask(client: FlaskClient, **arguments: str) -> Any:
    """The answer as a tree, held to the schema."""
    named = {name.rstrip("_"): value for name, value in arguments.items()}
    return checked(client.get("/oai", query_string=named))


def checked(response: Any) -> Any:
    assert response.status_code == 200
    assert response.content_type == "text/xml; charset=utf-8"
    check_answer(response)
    tree = etree.fromstring(response.data)
    SCHEMA.assertValid(tree)
    return tree


def headers(tree: Any) -> dict[str, bool]:
    """Id of every record of the answer, and whether it is deleted."""
    return {
        header.findtext(f"{OAI}identifier").rpartition(":")[2]: header.get("status") == "deleted"
        for header in tree.iter(f"{OAI}header")
    }


def whole_list(client: FlaskClient, verb: str, **arguments: str) -> Iterator[Any]:
    """Every answer of a list, following its tokens."""
    tree = ask(client, verb=verb, **arguments)
    yield tree
    while token := tree.findtext(f".//{OAI}resumptionToken"):
        tree = ask(client, verb=verb, resumptionToken=token)
        yield tree


@pytest.fixture
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(oai, "BATCH", 2)


@pytest.fixture
def own(other_house: House) -> FlaskClient:
    """A portal on the collection of ``other_house``."""
    return create_app(services=other_house.services).test_client()


@pytest.mark.parametrize(
    "arguments",
    [
        {"verb": "Identify"},
        {"verb": "ListSets"},
        {"verb": "ListMetadataFormats"},
        {"verb": "ListIdentifiers", "metadataPrefix": "oai_dc"},
        {"verb": "ListRecords", "metadataPrefix": "oai_dc"},
        {"verb": "ListRecords", "metadataPrefix": "oai_openaire"},
        {"verb": "ListRecords", "metadataPrefix": "oai_dc", "set": "citta.bari"},
        {"verb": "ListRecords", "metadataPrefix": "oai_dc", "from_": "2020-01-01"},
        {"verb": "ListRecords", "metadataPrefix": "oai_dc", "until": "9999-12-31"},
        {
            "verb": "ListIdentifiers",
            "metadataPrefix": "oai_dc",
            "from_": "2020-01-01T00:00:00Z",
            "until": "2999-01-01T00:00:00Z",
        },
    ],
)
def test_every_verb_gives_an_answer_that_the_schema_accepts(
    client: FlaskClient, arguments: dict[str, str]
) -> None:
    tree = ask(client, **arguments)
    assert tree.find(f"{OAI}{arguments['verb']}") is not None
    assert tree.find(f"{OAI}request").get("verb") == arguments["verb"]


RECORDS = {"verb": "ListRecords", "metadataPrefix": "oai_dc"}


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ({}, "badVerb"),
        ({"verb": ""}, "badVerb"),
        ({"verb": "identify"}, "badVerb"),
        ({"verb": "Identify", "x": "1"}, "badArgument"),
        ({"verb": "Identify", "resumptionToken": "x"}, "badArgument"),
        ({"verb": "ListRecords"}, "badArgument"),
        ({"verb": "GetRecord", "metadataPrefix": "oai_dc"}, "badArgument"),
        ({"verb": "GetRecord", "identifier": "oai:localhost:2222222"}, "badArgument"),
        ({**RECORDS, "from_": "ieri"}, "badArgument"),
        ({**RECORDS, "from_": "2023-02-30"}, "badArgument"),
        ({**RECORDS, "from_": "2023-01-01T10:00Z"}, "badArgument"),
        ({**RECORDS, "from_": "2023-01-01", "until": "2023-01-01T10:00:00Z"}, "badArgument"),
        ({**RECORDS, "from_": "2023-01-02", "until": "2023-01-01"}, "badArgument"),
        ({**RECORDS, "from_": "²023-01-02"}, "badArgument"),
        ({**RECORDS, "set": "citta bari"}, "badArgument"),
        ({**RECORDS, "set": ""}, "badArgument"),
        ({**RECORDS, "resumptionToken": "x"}, "badArgument"),
        ({**RECORDS, "metadataPrefix": "marc21"}, "cannotDisseminateFormat"),
        ({**RECORDS, "metadataPrefix": "oai dc"}, "badArgument"),
        ({**RECORDS, "until": "2001-01-01"}, "noRecordsMatch"),
        ({**RECORDS, "from_": "9999-12-31"}, "noRecordsMatch"),
        ({**RECORDS, "set": "citta.atlantide"}, "noRecordsMatch"),
        ({**RECORDS, "set": "citta"}, "noRecordsMatch"),
        ({"verb": "ListRecords", "resumptionToken": "x"}, "badResumptionToken"),
        ({"verb": "ListSets", "resumptionToken": "x"}, "badResumptionToken"),
        (
            {"verb": "GetRecord", "metadataPrefix": "oai_dc", "identifier": "oai:localhost:22"},
            "idDoesNotExist",
        ),
        (
            {"verb": "GetRecord", "metadataPrefix": "oai_dc", "identifier": '\x00\ufffe<&"'},
            "idDoesNotExist",
        ),
        ({"verb": "ListMetadataFormats", "identifier": "2222222"}, "idDoesNotExist"),
    ],
)
def test_every_mistake_has_the_error_of_the_protocol(
    client: FlaskClient, arguments: dict[str, str], code: str
) -> None:
    tree = ask(client, **arguments)
    assert [error.get("code") for error in tree.findall(f"{OAI}error")] == [code]
    assert tree.findtext(f"{OAI}error").endswith(".")
    if code in ("badVerb", "badArgument"):
        assert not tree.find(f"{OAI}request").attrib


def test_an_argument_given_twice_is_refused(client: FlaskClient) -> None:
    for query in ("verb=Identify&verb=Identify", "verb=ListRecords&metadataPrefix=a&set=b&set=b"):
        tree = checked(client.get(f"/oai?{query}"))
        assert tree.find(f"{OAI}error") is not None


def test_a_post_asks_the_same_without_coming_from_our_pages(client: FlaskClient) -> None:
    got = ask(client, **RECORDS)
    posted = checked(client.post("/oai", data=RECORDS))
    assert headers(posted) == headers(got) != {}


def test_dublin_core_says_what_the_catalogue_says(client: FlaskClient, house: House) -> None:
    tree = ask(
        client,
        verb="GetRecord",
        metadataPrefix="oai_dc",
        identifier=f"oai:localhost:{house.ids['suap']}",
    )
    said = {
        name: [element.text for element in tree.iter(f"{DC}{name}")]
        for name in ("title", "creator", "publisher", "date", "type", "language", "rights",
                     "coverage", "format", "identifier")
    }  # fmt: skip
    assert said["title"] == ["Lo sportello unico dell'area metropolitana"]
    assert said["creator"] == ["Rossi, Maria", "Bianchi, Anna"]
    assert said["publisher"] == ["Editore di prova"]
    assert said["date"] == ["2023"]
    assert said["type"] == ["Text", "Analisi"]
    assert said["language"] == ["it"]
    assert said["rights"] == ["https://creativecommons.org/licenses/by/4.0/deed.it"]
    assert said["coverage"] == ["Città metropolitana di Napoli", "Città metropolitana di Bari"]
    assert said["format"] == ["application/pdf"]
    page, file = said["identifier"]
    assert page == f"http://localhost/documenti/{house.ids['suap']}"
    with client.get(file) as download:
        assert download.status_code == 200


def test_nothing_is_said_of_what_is_not_known(client: FlaskClient, house: House) -> None:
    tree = ask(
        client,
        verb="GetRecord",
        metadataPrefix="oai_dc",
        identifier=f"oai:localhost:{house.ids['altrove']}",
    )
    for name in ("creator", "publisher", "rights", "format"):
        assert list(tree.iter(f"{DC}{name}")) == [], name
    assert [link.text for link in tree.iter(f"{DC}source")] == ["https://example.org/dossier"]


def test_openaire_has_its_mandatory_fields_and_only_documents(
    client: FlaskClient, house: House
) -> None:
    tree = ask(client, verb="ListRecords", metadataPrefix="oai_openaire")
    assert set(headers(tree)) == {record.public_id for record in house.services.reader.documents()}
    for resource in tree.iter(f"{OAIRE}resource"):
        assert resource.findtext(f"{DATACITE}titles/{DATACITE}title")
        dates = resource.findall(f"{DATACITE}dates/{DATACITE}date")
        assert [date.get("dateType") for date in dates] == ["Issued"]
        kind = resource.find(f"{OAIRE}resourceType")
        assert kind.get("uri").startswith("http://purl.org/coar/resource_type/c_")
        assert kind.get("resourceTypeGeneral") in ("literature", "dataset")
        identifier = resource.find(f"{DATACITE}identifier")
        assert identifier.get("identifierType") == "URL"
        assert client.get(identifier.text, follow_redirects=True).status_code == 200
        rights = resource.find(f"{DATACITE}rights").get("rightsURI")
        file = resource.find(f"{OAIRE}file")
        assert rights.endswith("c_abf2" if file is not None else "c_14cb")
        assert resource.findtext(f"{DC}language") in ("ita", "eng")
    refused = ask(
        client,
        verb="GetRecord",
        metadataPrefix="oai_openaire",
        identifier=f"oai:localhost:{house.ids['soluzione']}",
    )
    assert refused.find(f"{OAI}error").get("code") == "cannotDisseminateFormat"
    formats = ask(
        client, verb="ListMetadataFormats", identifier=f"oai:localhost:{house.ids['soluzione']}"
    )
    assert [f.text for f in formats.iter(f"{OAI}metadataPrefix")] == ["oai_dc"]


def test_sets_hold_the_records_of_a_kind_a_city_an_area(client: FlaskClient, house: House) -> None:
    names = {spec.text for spec in ask(client, verb="ListSets").iter(f"{OAI}setSpec")}
    assert {"tipo.ricerca", "citta.bari", "area.semplificazione"} <= names
    for spec, members in (
        ("citta.bari", {"suap", "piano", "soluzione"}),
        ("area.semplificazione", {"suap", "soluzione"}),
        ("tipo.guida", {"guida"}),
    ):
        tree = ask(client, **RECORDS, set=spec)
        assert set(headers(tree)) == {house.ids[name] for name in members}
        for header in tree.iter(f"{OAI}header"):
            assert spec in {each.text for each in header.iter(f"{OAI}setSpec")}


@pytest.mark.usefixtures("small_batches")
def test_a_list_comes_whole_in_several_answers(client: FlaskClient, house: House) -> None:
    answers = list(whole_list(client, **RECORDS))
    got = [id for tree in answers for id in headers(tree)]
    assert sorted(got) == sorted(house.services.reader.public_ids())
    marks = [tree.find(f".//{OAI}resumptionToken") for tree in answers]
    assert [int(mark.get("cursor")) for mark in marks] == list(range(0, len(got), 2))
    assert {int(mark.get("completeListSize")) for mark in marks} == {len(got)}
    assert not marks[-1].text


@pytest.mark.usefixtures("small_batches")
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_client_of_others_harvests_everything(app: Flask, house: House, method: str) -> None:
    from oaipmh_scythe.config import HTTPConfig

    with (
        served(app) as address,
        Scythe(f"{address}/oai", http_config=HTTPConfig(http_method=method)) as scythe,
    ):
        assert scythe.identify().repositoryName == "Metropoli Strategiche"
        records = list(scythe.list_records(metadata_prefix="oai_dc"))
        got = {record.header.identifier.rpartition(":")[2]: record for record in records}
        assert sorted(got) == sorted(house.services.reader.public_ids())
        suap = got[house.ids["suap"]].metadata
        assert suap["creator"] == ["Rossi, Maria", "Bianchi, Anna"]
        documents = house.services.reader.documents()
        listed = list(scythe.list_identifiers(metadata_prefix="oai_openaire"))
        assert len(listed) == len(documents)
        assert "citta.napoli" in {each.setSpec for each in scythe.list_sets()}
        one = scythe.get_record(
            identifier=f"oai:localhost:{house.ids['suap']}", metadata_prefix="oai_dc"
        )
        assert one.metadata["title"] == suap["title"]


def revise(house: House, public_id: str, **changes: Any) -> None:
    record = house.services.reader.record(public_id)
    draft = DocumentDraft(kind=record.kind, title=record.title, year=record.year)
    house.services.catalogue.revise(public_id, replace(draft, **changes), actor=ACTOR)


@pytest.mark.usefixtures("small_batches")
def test_nothing_is_lost_when_records_change_in_mid_harvest(
    own: FlaskClient, other_house: House
) -> None:
    """The copy that a harvester keeps ends up equal to the collection."""
    catalogue = other_house.services.catalogue
    answers = whole_list(own, **RECORDS)
    copy = headers(next(answers))
    done = next(iter(copy))
    todo = [id for id in other_house.services.reader.public_ids() if id not in copy]
    documents = [id for id in todo if other_house.services.reader.record(id).type == "document"]
    revise(other_house, documents[0], title="Cambiato prima di essere raccolto")
    catalogue.withdraw(documents[1], actor=ACTOR, reason="Superato")
    catalogue.withdraw(done, actor=ACTOR, reason="Superato")
    new = catalogue.add(
        DocumentDraft(kind=Kind.GUIDE, title="Arrivato durante la raccolta"),
        actor=ACTOR,
        state=State.PUBLISHED,
    )
    titles = {}
    for tree in answers:
        copy |= headers(tree)
        for record in tree.iter(f"{OAI}record"):
            titles |= {id: record.findtext(f".//{DC}title") for id in headers(record)}
    assert {id for id, deleted in copy.items() if not deleted} == set(
        other_house.services.reader.public_ids()
    )
    assert {id for id, deleted in copy.items() if deleted} == {documents[1], done}
    assert titles[documents[0]] == "Cambiato prima di essere raccolto"
    assert new in titles


def test_what_changed_since_the_last_harvest_is_told_deletions_included(
    own: FlaskClient, other_house: House
) -> None:
    catalogue, reader = other_house.services.catalogue, other_house.services.reader
    ids = other_house.ids
    later = reader.change(ids["suap"]).at + timedelta(seconds=5)
    catalogue._now = lambda: later  # type: ignore[method-assign]
    catalogue.withdraw(ids["suap"], actor=ACTOR, reason="Superato")
    catalogue.withdraw(ids["bozza"], actor=ACTOR, reason="Mai vista da nessuno")
    revise(other_house, ids["piano"], title="Il piano, riveduto")
    since = ask(own, **RECORDS, from_=instant(later))
    assert headers(since) == {ids["suap"]: True, ids["piano"]: False}
    assert headers(ask(own, **RECORDS, from_=instant(later), set="citta.napoli")) == {
        ids["suap"]: True
    }
    before = ask(own, **RECORDS, until=instant(later - timedelta(seconds=1)))
    assert ids["suap"] not in headers(before)
    deleted = ask(
        own, verb="GetRecord", metadataPrefix="oai_dc", identifier=f"oai:localhost:{ids['suap']}"
    )
    assert deleted.find(f".//{OAI}metadata") is None
    draft = ask(
        own, verb="GetRecord", metadataPrefix="oai_dc", identifier=f"oai:localhost:{ids['bozza']}"
    )
    assert draft.find(f"{OAI}error").get("code") == "idDoesNotExist"
    earliest = ask(own, verb="Identify").findtext(f".//{OAI}earliestDatestamp")
    assert earliest <= min(d.text for d in ask(own, **RECORDS).iter(f"{OAI}datestamp"))


@pytest.mark.usefixtures("small_batches")
def test_a_token_holds_after_a_restart_and_only_for_its_list(
    client: FlaskClient, house: House
) -> None:
    token = ask(client, **RECORDS).findtext(f".//{OAI}resumptionToken")
    restarted = create_app(services=house.services).test_client()
    first = headers(ask(client, verb="ListRecords", resumptionToken=token))
    assert headers(ask(restarted, verb="ListRecords", resumptionToken=token)) == first != {}
    for verb, changed in (
        ("ListIdentifiers", token),
        ("ListRecords", token[:-9] + ("A" if token[-9] != "A" else "B") + token[-8:]),
        ("ListRecords", "A" + token),
        ("ListSets", token),
    ):
        tree = ask(client, verb=verb, resumptionToken=changed)
        assert tree.find(f"{OAI}error").get("code") == "badResumptionToken"
    with pytest.raises(OaiError):
        tokens.read(token, "ListRecords", "another key" * 5)


def test_a_repository_with_nothing_in_it_still_answers(tmp_path: Path) -> None:
    from tests.portal.house import empty_house

    client = create_app(services=empty_house(tmp_path / "vuota").services).test_client()
    assert ask(client, verb="Identify").find(f"{OAI}Identify") is not None
    assert ask(client, **RECORDS).find(f"{OAI}error").get("code") == "noRecordsMatch"


def test_identifiers_of_a_named_site_follow_its_first_name(other_house: House) -> None:
    settings = replace(
        other_house.services.settings,
        hosts=("documenti.ente.it", "localhost"),
        contact_email="biblioteca@ente.it",
    )
    app = create_app(services=replace(other_house.services, settings=settings))
    tree = ask(app.test_client(), verb="Identify")
    assert tree.findtext(f".//{OAI}adminEmail") == "biblioteca@ente.it"
    assert "documenti.ente.it" in etree.tostring(tree.find(f".//{OAI}description")).decode()
    for id in headers(ask(app.test_client(), **RECORDS)):
        assert (
            ask(
                app.test_client(),
                verb="GetRecord",
                metadataPrefix="oai_dc",
                identifier=f"oai:documenti.ente.it:{id}",
            ).find(f"{OAI}GetRecord")
            is not None
        )
