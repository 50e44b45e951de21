"""The search desk: what readers ask, and best bets and synonyms tried before they are kept."""

import pytest
from flask import Flask

from corpus.records import Asked
from corpus.vocabulary import Role
from portal import clock
from portal.app import create_app
from tests.portal.desk import Colleague, sign_in
from tests.portal.house import House

BET, SYNONYM = "/redazione/ricerca/in-evidenza", "/redazione/ricerca/sinonimi"


@pytest.fixture
def desk(other_house: House) -> Flask:
    return create_app(services=other_house.services)


@pytest.fixture
def rita(desk: Flask, other_house: House) -> Colleague:
    return sign_in(desk, other_house, "rita@ente.it", Role.REVIEWER)


def test_the_desk_shows_questions_of_several_readers_only(
    rita: Colleague, other_house: House
) -> None:
    today = clock.today()
    other_house.services.catalogue.add_usage(
        {},
        [
            Asked("tassa rifiuti", 5, 3, 5, today),
            Asked("sportello", 9, 4, 0, today),
            Asked("domanda di uno solo", 7, 1, 7, today),
        ],
    )
    page = rita.get("/redazione/ricerca")
    assert page.count("tassa rifiuti</a>") == 2  # in vain, and among the frequent ones
    assert page.count("sportello</a>") == 1
    assert "5 su 5" in page
    assert "domanda di uno solo" not in page


def test_a_best_bet_is_seen_before_it_is_kept_and_then_leads_the_results(
    rita: Colleague, other_house: House
) -> None:
    client, ids = rita.client, other_house.ids
    form = rita.get(f"{BET}/0?domanda=pratiche")
    assert "Guida alle pratiche edilizie" in form
    fields = {
        "queries": "pratiche",
        "records": f"http://localhost/documenti/{ids['altrove']}/dossier",
        "chosen": ids["guida"],
    }
    preview = rita.post(f"{BET}/0", 200, anteprima="sì", **fields).text
    assert preview.index("Dossier pubblicato altrove") < preview.index("Guida alle pratiche")
    assert "portal-move-nuovo" in preview
    assert other_house.services.reader.best_bets() == ()
    rita.post(f"{BET}/0", **fields)
    (bet,) = other_house.services.reader.best_bets()
    assert bet.records == (ids["altrove"], ids["guida"])
    results = client.get("/ricerca?q=pratiche").text
    assert results.index("Dossier pubblicato altrove") < results.index("Guida alle pratiche")
    assert "Dossier pubblicato altrove" in rita.get("/redazione/ricerca?fatto=in-evidenza")

    assert "pratiche" in rita.get(f"{BET}/{bet.id}/togli")
    rita.post(f"{BET}/{bet.id}/togli")
    assert other_house.services.reader.best_bets() == ()
    rita.get(f"{BET}/{bet.id}", 404)


def test_a_synonym_is_seen_before_it_is_kept_and_then_widens_the_search(
    rita: Colleague, other_house: House
) -> None:
    fields = {"expressions": "bottega\nsportello"}
    assert "portal-move-nuovo" in rita.post(f"{SYNONYM}/0", 200, anteprima="sì", **fields).text
    assert other_house.services.reader.synonyms() == ()
    rita.post(f"{SYNONYM}/0", **fields)
    assert "Lo sportello" in rita.client.get("/ricerca?q=bottega").text
    (group,) = other_house.services.reader.synonyms()
    rita.post(f"{SYNONYM}/{group.id}", expressions="bottega\nnegozio")
    assert other_house.services.reader.synonyms()[0].expressions == ("bottega", "negozio")
    rita.post(f"{SYNONYM}/{group.id}/togli")
    assert other_house.services.reader.synonyms() == ()


@pytest.mark.parametrize(
    ("address", "fields", "words"),
    [
        (f"{BET}/0", {"queries": "", "records": ""}, "Scrivi almeno una domanda"),
        (f"{BET}/0", {"queries": "x", "records": ""}, "Scegli almeno una scheda"),
        (f"{BET}/0", {"queries": "x", "records": "/soluzioni/nulla"}, "controllalo"),
        (f"{BET}/0", {"queries": "x" * 300, "records": "2222222"}, "256 caratteri"),
        (f"{SYNONYM}/0", {"expressions": "una sola"}, "almeno due espressioni"),
    ],
)
def test_what_is_missing_is_said_beside_its_field(
    rita: Colleague, address: str, fields: dict[str, str], words: str
) -> None:
    assert rita.post(address, 422, **fields).text.count(words) == 2  # summary and field


@pytest.mark.parametrize("text", ["\x00", "\ud800", "a\n" * 400, "💥" * 300, "' OR 1=1 --"])
def test_no_text_breaks_the_desk(rita: Colleague, text: str) -> None:
    for address, field in ((f"{BET}/0", "queries"), (f"{SYNONYM}/0", "expressions")):
        safe = text.encode("utf-8", "replace").decode()
        rita.post(address, 200, anteprima="sì", **{field: safe})
        assert rita.client.get(address, query_string={"domanda": safe}).status_code == 200
