"""Suggestions while typing: only of what is published, leading to it, bounded for one reader."""

from dataclasses import replace

from flask.testing import FlaskClient

from portal.app import create_app
from portal.limits import SUGGESTIONS
from tests.portal.conftest import check_answer
from tests.portal.house import House


def test_titles_and_cities_lead_to_their_page_and_topics_are_words(
    client: FlaskClient, house: House
) -> None:
    answer = client.get("/suggerimenti?q=bar")
    check_answer(answer)
    assert answer.mimetype == "application/json"
    assert {"text": "Bari", "kind": "città", "url": "/citta/bari"} in answer.json
    title = {
        "text": "Il piano strategico di Bari",
        "kind": "analisi",
        "url": f"/documenti/{house.ids['piano']}/il-piano-strategico-di-bari",
    }
    assert title in answer.json
    assert title in client.get("/suggerimenti?q=IL+PIANO+strat").json
    urls = [each["url"] for each in client.get("/suggerimenti?q=semplif").json if "url" in each]
    assert urls == ["/aree/semplificazione"], "label and short label of an area are one page"


def test_in_english_they_lead_to_english_pages(client: FlaskClient) -> None:
    urls = [each["url"] for each in client.get("/en/suggerimenti?q=bar").json if "url" in each]
    assert urls
    assert all(url.startswith("/en/") for url in urls)


def test_what_is_not_published_is_never_suggested(other_house: House) -> None:
    client = create_app(services=other_house.services).test_client()
    assert client.get("/suggerimenti?q=segretissima").json == []
    assert len(client.get("/suggerimenti?q=guida+alle").json) == 1
    # The index is still behind: the catalogue decides.
    other_house.services.catalogue.withdraw(
        other_house.ids["guida"], reason="errata", actor="prova"
    )
    assert client.get("/suggerimenti?q=guida+alle").json == []


def test_anything_typed_gets_a_list(client: FlaskClient) -> None:
    for typed in ("", "%00", "%ED%A0%80", "a" * 300, "%22%22%22", "-", "*", "[a TO z]"):
        answer = client.get(f"/suggerimenti?q={typed}")
        assert answer.status_code == 200, typed
        assert isinstance(answer.json, list)


def test_one_reader_cannot_ask_without_end(house: House) -> None:
    services = replace(house.services, settings=replace(house.services.settings, search_rate=1))
    client = create_app(services=services).test_client()
    statuses = [client.get("/suggerimenti?q=ba").status_code for _ in range(SUGGESTIONS + 1)]
    assert statuses == [200] * SUGGESTIONS + [429]
    assert client.get("/ricerca?q=bari").status_code == 200, "searches are counted apart"
