"""The frame of the editorial desk: who gets in, which sections each role sees."""

import pytest
from flask import Flask

from corpus.vocabulary import Role
from portal.app import create_app
from tests.portal.desk import Colleague, sign_in
from tests.portal.house import House
from tests.portal.pages_checker import check_page


@pytest.fixture
def desk(other_house: House) -> Flask:
    return create_app(services=other_house.services)


def colleague(desk: Flask, house: House, role: Role) -> Colleague:
    return sign_in(desk, house, f"{role.value}@ente.it", role)


def test_a_reader_is_led_to_the_sign_in_page(desk: Flask) -> None:
    response = desk.test_client().get("/redazione")
    assert response.status_code == 303
    assert response.headers["Location"] == "/accedi?poi=/redazione"


def test_a_form_sent_after_the_session_ended_says_so_and_leads_back_to_it(desk: Flask) -> None:
    client = desk.test_client()
    page = "/redazione/contenuti/abc2345?fatto=salvata"
    sent = client.post(
        "/redazione/contenuti/abc2345/commenta",
        headers={"Origin": "http://localhost", "Referer": f"http://localhost{page}"},
    )
    assert sent.status_code == 303
    told = client.get(sent.headers["Location"]).text
    check_page(told)
    assert "non è stato salvato nulla" in told
    assert f'value="{page}"' in told
    elsewhere = client.post(
        "/redazione/carica",
        headers={"Origin": "http://localhost", "Referer": "https://altrove.it/x"},
    )
    assert "altrove" not in elsewhere.headers["Location"]
    out = client.post("/accedi/esci", headers={"Origin": "http://localhost"})
    assert out.headers["Location"] == "/accedi"  # nothing was lost by signing out late


@pytest.mark.parametrize("role", Role)
def test_the_board_opens_for_every_role(role: Role, desk: Flask, other_house: House) -> None:
    page = colleague(desk, other_house, role).get("/redazione")
    assert 'href="/redazione" aria-current="page"' in page
    assert "Esci" in page
    assert 'content="noindex, nofollow"' in page


def test_public_pages_never_ask_who_is_signed_in(desk: Flask, other_house: House) -> None:
    anna = colleague(desk, other_house, Role.ADMINISTRATOR)
    response = anna.client.get("/")
    assert response.headers["Cache-Control"] == "no-cache"
    assert 'href="/accedi"' in response.text
    assert 'href="/redazione"' not in response.text


def test_an_error_at_the_desk_keeps_its_menu_and_leads_back(
    desk: Flask, other_house: House
) -> None:
    dario = colleague(desk, other_house, Role.EDITOR)
    page = dario.get("/redazione/utenti", status=403)
    assert "Il tuo ruolo è redattore" in page
    assert 'href="/redazione">Vai alla bacheca' in page
    assert 'href="/redazione/contenuti"' in page
    assert 'href="/accedi"' not in page
    assert "Vai alla bacheca" in dario.get("/redazione/boh", status=404)
    token = dario.client.post("/redazione/carica", headers={"Origin": "http://localhost"})
    assert token.status_code == 400
    assert "Vai alla bacheca" in token.text
    outside = desk.test_client().get("/redazione/boh")
    assert outside.status_code == 404
    assert "Puoi anche ripartire da qui" in outside.text


def test_who_works_for_other_cities_is_led_back_to_the_record(
    desk: Flask, other_house: House
) -> None:
    dario = sign_in(desk, other_house, "dario@ente.it", Role.EDITOR, ("messina",))
    address = f"/redazione/contenuti/{other_house.ids['suap']}"
    page = dario.get(f"{address}/modifica", status=403)
    assert "Il tuo accesso vale solo per ciò che riguarda: Messina" in page
    assert f'href="{address}">Torna alla scheda' in page
    assert "Il tuo ruolo" not in page
