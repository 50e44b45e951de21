"""The desk of who administers: inviting, changing, shutting out, letting back in; reset by mail."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from corpus.vocabulary import Role
from portal.app import create_app
from portal.mail import Letter, Mail
from tests.portal.house import House
from tests.portal.people import PASSWORD, hire
from tests.portal.staff_browser import StaffBrowser

DESK = "/redazione/utenti"
NEW = "cinque merli nel melo di pietra"


class Post(Mail):
    """A post office that keeps what it should send."""

    def __init__(self, house: House, enabled: bool = True) -> None:
        super().__init__(replace(house.services.settings, smtp_host="x" if enabled else ""))
        self.letters: list[Letter] = []

    def deliver(self, letter: Letter) -> None:
        self.letters.append(letter)


@pytest.fixture
def staff_house(staff_house: House) -> House:
    hire(staff_house, "capo@ente.it", Role.ADMINISTRATOR, name="Carla Capo")
    return staff_house


@pytest.fixture
def app(staff_house: House) -> Flask:
    return create_app(services=staff_house.services)


@pytest.fixture
def capo(app: Flask) -> StaffBrowser:
    return StaffBrowser(app, "capo@ente.it")


def link_in(page: str) -> str:
    found = re.search(r'id="collegamento">http://localhost(/accedi/[^<]+)<', page)
    assert found
    return found[1]


def test_a_colleague_is_invited_and_comes_in(
    capo: StaffBrowser, app: Flask, staff_house: House
) -> None:
    shown = capo.submit(
        DESK + "/nuovo",
        name="Anna Bianchi",
        email="Anna@ente.it",
        role="revisore",
        cities=["bari", "napoli"],
    )
    assert shown.status_code == 200
    assert "daglielo tu" in shown.text
    assert shown.headers["Cache-Control"] == "no-store"
    link = link_in(shown.text)
    assert "invitato, non è ancora entrato" in capo.get(DESK)
    assert link.rpartition("/")[2] not in capo.page
    anna = StaffBrowser(app)
    anna.get(link)
    profile = anna.follow(anna.send(link, password=NEW, again=NEW))
    assert "revisore" in profile
    assert "Napoli, Bari" in profile
    assert "Napoli, Bari" in capo.get(DESK)
    actions = [entry.action for entry in staff_house.services.reader.log()]
    assert {"add_account", "create_link", "use_link", "set_password", "sign_in"} <= set(actions)
    assert {entry.actor for entry in staff_house.services.reader.log()} >= {"capo@ente.it"}
    assert staff_house.services.reader.first_broken_log_entry() is None


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"email": "capo@ente.it"}, "ha già un accesso"),
        ({"email": "anna"}, "come nome@ente.it"),
        ({"name": " "}, "Scrivi nome e cognome"),
        ({"name": ""}, "Questo campo serve"),
        ({"role": "imperatore"}, "portal-error"),
        ({"cities": ["atlantide"]}, "portal-error"),
    ],
)
def test_an_invitation_that_cannot_be_says_what_to_mend(
    capo: StaffBrowser, staff_house: House, fields: dict[str, object], words: str
) -> None:
    good = {"name": "Anna", "email": "anna@ente.it", "role": "redattore"}
    refused = capo.submit(DESK + "/nuovo", **(good | fields))
    assert refused.status_code == 422
    assert words in refused.text
    assert len(staff_house.services.reader.accounts()) == 1


def test_a_new_role_takes_effect_and_ends_the_sessions(
    capo: StaffBrowser, app: Flask, staff_house: House
) -> None:
    anna = hire(staff_house, "anna@ente.it")
    browser = StaffBrowser(app, "anna@ente.it")
    done = capo.submit(f"{DESK}/{anna}", name="Anna B.", role="revisore", cities=["bari"])
    assert "Fatto" in capo.follow(done)
    changed = staff_house.services.reader.account_by_id(anna)
    assert changed
    assert (changed.name, changed.role, changed.cities) == ("Anna B.", Role.REVIEWER, ("bari",))
    assert browser.client.get("/redazione").status_code == 303


def test_shutting_out_and_letting_in_again(
    capo: StaffBrowser, app: Flask, staff_house: House
) -> None:
    anna = hire(staff_house, "anna@ente.it")
    browser = StaffBrowser(app, "anna@ente.it")
    capo.follow(capo.submit(f"{DESK}/{anna}/disattiva"))
    assert "disattivato" in capo.get(DESK)
    assert browser.client.get("/redazione").status_code == 303
    assert StaffBrowser(app).sign_in("anna@ente.it").status_code == 422
    assert capo.submit(f"{DESK}/{anna}/collegamento").status_code == 404
    capo.follow(capo.submit(f"{DESK}/{anna}/riattiva"))
    assert StaffBrowser(app).sign_in("anna@ente.it").status_code == 303


def test_a_link_gives_a_new_password_once(
    capo: StaffBrowser, app: Flask, staff_house: House
) -> None:
    anna = hire(staff_house, "anna@ente.it")
    browser = StaffBrowser(app, "anna@ente.it")
    link = link_in(capo.submit(f"{DESK}/{anna}/collegamento").text)
    assert "/nuova-password/" in link
    lost = StaffBrowser(app)
    assert "Nuova password" in lost.get(link)
    lost.get(link)  # a scanner of mail that opens links uses nothing up
    assert lost.send(link, password=NEW, again=NEW).status_code == 303
    assert "già stato usato" in StaffBrowser(app).get(link, 404)
    assert browser.client.get("/redazione").status_code == 303, "the old sessions have ended"
    assert StaffBrowser(app).sign_in("anna@ente.it").status_code == 422
    assert StaffBrowser(app).sign_in("anna@ente.it", NEW).status_code == 303


def test_a_link_of_who_was_shut_out_opens_nothing(
    capo: StaffBrowser, app: Flask, staff_house: House
) -> None:
    anna = hire(staff_house, "anna@ente.it")
    link = link_in(capo.submit(f"{DESK}/{anna}/collegamento").text)
    staff_house.services.catalogue.change_account(anna, active=False, actor="capo")
    StaffBrowser(app).get(link, 404)


def test_a_link_stands_in_for_the_password_but_not_for_the_second_step(
    capo: StaffBrowser, app: Flask, staff_house: House
) -> None:
    anna = hire(staff_house, "anna@ente.it")
    staff_house.services.catalogue.set_totp(anna, "GEZDGNBVGY3TQOJQ", 1, actor="anna")
    link = link_in(capo.submit(f"{DESK}/{anna}/collegamento").text)
    thief = StaffBrowser(app)
    answer = thief.submit(link, password=NEW, again=NEW)
    assert answer.status_code == 200
    assert "Secondo passo" in answer.text
    assert "Set-Cookie" not in answer.headers
    capo.follow(capo.submit(f"{DESK}/{anna}/secondo-passo"))
    assert StaffBrowser(app).sign_in("anna@ente.it", NEW).status_code == 303


def test_nobody_changes_their_own_role_or_state_here(
    capo: StaffBrowser, staff_house: House
) -> None:
    assert "li cambia un'altra persona" in capo.get(f"{DESK}/1").replace("&#39;", "'")
    capo.get("/accedi/profilo/password")
    for address in (f"{DESK}/1", f"{DESK}/1/disattiva"):
        assert capo.send(address, name="x", role="redattore").status_code == 403
    assert staff_house.services.reader.accounts()[0].role is Role.ADMINISTRATOR


def test_the_last_who_administers_everything_stays(
    capo: StaffBrowser, staff_house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Reached when two shut each other out at the same time: one of them is told."""
    second = hire(staff_house, "due@ente.it", Role.ADMINISTRATOR)
    demote = {"name": "Due", "role": "redattore"}
    capo.get(f"{DESK}/{second}")
    real = staff_house.services.catalogue.change_account

    def after_the_other(account: int, **changes: object) -> None:
        real(1, role=Role.EDITOR, actor="due@ente.it")
        real(account, **changes)  # type: ignore[arg-type]

    monkeypatch.setattr(
        type(staff_house.services.catalogue),
        "change_account",
        lambda _, n, **c: after_the_other(n, **c),
    )
    refused = capo.send(f"{DESK}/{second}", **demote)
    assert refused.status_code == 422
    assert "ultima persona" in refused.text
    kept = staff_house.services.reader.account_by_id(second)
    assert kept
    assert kept.role is Role.ADMINISTRATOR


def test_who_is_limited_to_cities_sees_to_those_colleagues_alone(
    app: Flask, staff_house: House
) -> None:
    hire(staff_house, "bari@ente.it", Role.ADMINISTRATOR, cities=("bari",))
    near = hire(staff_house, "vicina@ente.it", cities=("bari",))
    far = hire(staff_house, "lontana@ente.it", cities=("napoli",))
    browser = StaffBrowser(app, "bari@ente.it")
    page = browser.get(DESK)
    assert "vicina@ente.it" in page
    assert "lontana@ente.it" not in page
    assert "capo@ente.it" not in page
    browser.get(f"{DESK}/{near}")
    for number in (1, far):
        browser.get(f"{DESK}/{number}", 403)
        browser.get(f"{DESK}/{number}/collegamento", 403)
    fields = {"name": "Io", "email": "io@ente.it", "role": "amministratore"}
    assert browser.submit(DESK + "/nuovo", **fields).status_code == 422, "no city: everything"
    assert browser.submit(DESK + "/nuovo", **fields, cities=["napoli"]).status_code == 422
    assert browser.submit(f"{DESK}/{near}", name="V", role="redattore").status_code == 422
    assert browser.submit(DESK + "/nuovo", **fields, cities=["bari"]).status_code == 200


def test_after_ten_minutes_the_password_is_asked_again(
    capo: StaffBrowser, staff_house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    anna = hire(staff_house, "anna@ente.it")
    address = f"{DESK}/{anna}/disattiva"
    assert "La tua password" not in capo.get(address)
    session = staff_house.services.sessions.of(1)[0].session
    monkeypatch.setattr(
        staff_house.services.sessions, "_now", lambda: datetime.now(UTC) - timedelta(minutes=11)
    )
    staff_house.services.sessions.prove(session)
    monkeypatch.undo()
    assert "La tua password" in capo.get(address)
    for wrong in ({}, {"own_password": "x"}):
        assert capo.send(address, **wrong).status_code == 422
    assert staff_house.services.reader.accounts()[0].active
    assert capo.send(address, own_password=PASSWORD).status_code == 303
    assert "La tua password" not in capo.get(f"{DESK}/{anna}/riattiva"), "just proved"


def test_unknown_accounts_are_not_found(capo: StaffBrowser) -> None:
    for number in ("99", "999999999999999999999"):
        capo.get(f"{DESK}/{number}", 404)
    assert capo.client.get(f"{DESK}/1/altro").status_code == 404


def test_the_invitation_is_mailed_where_there_is_mail(staff_house: House) -> None:
    post = Post(staff_house)
    app = create_app(services=replace(staff_house.services, mail=post))
    capo = StaffBrowser(app, "capo@ente.it")
    shown = capo.submit(DESK + "/nuovo", name="Anna", email="anna@ente.it", role="redattore")
    assert post.wait(5)
    (letter,) = post.letters
    assert letter.to == "anna@ente.it"
    assert link_in(shown.text) in letter.text
    assert "7 giorni" in letter.text


def test_a_forgotten_password_brings_the_same_answer_to_everybody(staff_house: House) -> None:
    post = Post(staff_house)
    off = hire(staff_house, "spenta@ente.it")
    staff_house.services.catalogue.change_account(off, active=False, actor="capo")
    app = create_app(services=replace(staff_house.services, mail=post))
    answers = set()
    for email in ("capo@ente.it", "nessuno@ente.it", "spenta@ente.it", "scritto male"):
        browser = StaffBrowser(app)
        sent = browser.submit("/accedi/password-dimenticata", email=email)
        answers.add((sent.status_code, sent.text))
    assert len(answers) == 1
    assert post.wait(5)
    (letter,) = post.letters
    assert letter.to == "capo@ente.it"
    post.letters.clear()
    found = re.search(r"http://\S+(/accedi/nuova-password/\S+)", letter.text)
    assert found
    capo = StaffBrowser(app)
    capo.follow(capo.submit(found[1], password=NEW, again=NEW))
    assert StaffBrowser(app).sign_in("capo@ente.it", NEW).status_code == 303
    assert post.wait(5)
    assert [(each.to, "password è stata scelta" in each.text) for each in post.letters] == [
        ("capo@ente.it", True)
    ]


def test_whose_second_step_is_taken_away_is_told(staff_house: House) -> None:
    anna = hire(staff_house, "anna@ente.it")
    staff_house.services.catalogue.set_totp(anna, "GEZDGNBVGY3TQOJQ", 1, actor="anna")
    post = Post(staff_house)
    app = create_app(services=replace(staff_house.services, mail=post))
    capo = StaffBrowser(app, "capo@ente.it")
    assert capo.submit(f"{DESK}/{anna}/secondo-passo").status_code == 303
    assert post.wait(5)
    (letter,) = post.letters
    assert letter.to == "anna@ente.it"
    assert "Se non sei stato tu" in letter.text


def test_the_address_in_a_letter_never_comes_from_the_request(staff_house: House) -> None:
    settings = replace(
        staff_house.services.settings, hosts=("portale.ente.it", "localhost"), https=True
    )
    post = Post(staff_house)
    app = create_app(services=replace(staff_house.services, mail=post, settings=settings))
    StaffBrowser(app).submit("/accedi/password-dimenticata", email="capo@ente.it")
    assert post.wait(5)
    assert "https://portale.ente.it/accedi/nuova-password/" in post.letters[0].text


def test_asking_for_links_is_counted(staff_house: House) -> None:
    post = Post(staff_house)
    app = create_app(services=replace(staff_house.services, mail=post))
    for email in ("capo@ente.it", "nessuno@ente.it"):
        browser = StaffBrowser(app)
        answers = [
            browser.submit("/accedi/password-dimenticata", email=email).status_code
            for _ in range(4)
        ]
        assert answers == [200, 200, 200, 429]
    assert post.wait(5)
    assert len(post.letters) == 3


def test_without_mail_the_page_says_whom_to_ask(app: Flask) -> None:
    browser = StaffBrowser(app)
    assert "Chiedi a chi amministra" in browser.get("/accedi/password-dimenticata")
    sent = browser.send("/accedi/password-dimenticata", email="capo@ente.it")
    assert sent.status_code == 422
