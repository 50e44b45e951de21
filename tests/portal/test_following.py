"""Following a search by mail: asked, confirmed, told once, stopped with one click, forgotten."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text
from werkzeug.test import TestResponse

from corpus.database import Database
from corpus.home import DataHome
from corpus.subscriptions import PENDING, UNCONFIRMED, Subscriptions
from corpus.vocabulary import Kind, Rhythm
from indexer.engine import Facet, Query
from portal.app import create_app
from portal.chores import all_chores
from portal.limits import LETTERS
from portal.mail import Mail
from portal.services import Services
from portal.takeaway.following import Digests, kept_search, next_time, query_of, token
from tests.portal.conftest import check_answer
from tests.portal.house import House
from tests.portal.pages_checker import check_page
from tests.portal.test_mail import Box, server

ORIGIN = {"Origin": "http://localhost"}


@dataclass
class Clock:
    """The time that subscriptions and digests believe."""

    ahead: timedelta = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead

    def pass_(self, **time: int) -> None:
        self.ahead += timedelta(**time)


@dataclass
class Post:
    """A portal with a server of mail, a clock to turn, and the letters that arrived."""

    house: House
    services: Services
    box: Box
    clock: Clock = field(default_factory=Clock)

    def __post_init__(self) -> None:
        self.client = create_app(services=self.services).test_client()
        self.digests = Digests(self.services, self.clock)

    def ask(self, email: str = "anna@ente.it", **fields: str) -> TestResponse:
        data = {"email": email, "ogni": "settimana", "ricerca": "tipo=guida"} | fields
        return self.client.post("/segui", data=data, headers=ORIGIN)

    def letters(self) -> list[EmailMessage]:
        assert self.services.mail.wait(10)
        return self.box.letters

    def link(self, kind: str) -> str:
        """The path of the last link of this kind that arrived."""
        links = re.findall(rf"http://127.0.0.1:8000(/segui/{kind}/\S+)", body(self.letters()[-1]))
        return str(links[-1])

    def follow(self, **fields: str) -> None:
        assert self.ask(**fields).status_code == 303
        assert self.client.post(self.link("conferma"), headers=ORIGIN).status_code == 200

    def rows(self) -> int:
        database = Database(DataHome(self.services.settings.home).catalogue)
        with database.session() as session:
            return session.execute(text("SELECT count(*) FROM subscription")).scalar_one()


def body(letter: EmailMessage) -> str:
    return str(letter.get_content())


@pytest.fixture
def post(other_house: House) -> Iterator[Post]:
    box = Box()
    with server(box) as port:
        old = other_house.services
        settings = replace(
            old.settings,
            smtp_host="127.0.0.1",
            smtp_port=port,
            smtp_security="nessuna",
            smtp_from="portale@ente.it",
        )
        clock = Clock()
        database = Database(DataHome(settings.home).catalogue)
        services = replace(
            old,
            settings=settings,
            mail=Mail(settings),
            subscriptions=Subscriptions(database, clock),
        )
        yield Post(House(services, other_house.ids), services, box, clock)


def test_the_page_of_a_search_leads_to_following_it(post: Post) -> None:
    page = post.client.get("/ricerca?tipo=guida")
    assert 'href="/segui?tipo=guida"' in page.text
    page = post.client.get("/segui?tipo=guida&pagina=3&ordine=titolo")
    check_answer(page)
    check_page(page.text)
    assert "Tipo: Guide" in page.text
    assert "http://localhost/ricerca.atom?tipo=guida" in page.text


def test_without_a_server_of_mail_only_the_feed_is_offered(client: FlaskClient) -> None:
    page = client.get("/segui?tipo=guida").text
    assert "ricerca.atom?tipo=guida" in page
    assert "Posta elettronica" not in page
    assert client.post("/segui", data={"email": "a@b.it"}, headers=ORIGIN).status_code == 404
    assert "segui una ricerca per posta" not in client.get("/privacy").text


def test_nothing_is_told_before_the_person_confirms(post: Post) -> None:
    assert post.ask().status_code == 303
    (letter,) = post.letters()
    assert letter["To"] == "anna@ente.it"
    assert "Tipo: Guide" in letter["Subject"]
    post.house.document("nuova", "Una guida nuova", ("Testo.",), kind=Kind.GUIDE)
    post.clock.pass_(days=2)
    assert post.digests.send_next() is False
    # A program that looks into letters opens the link, and confirms nothing.
    question = post.client.get(post.link("conferma"))
    check_answer(question)
    check_page(question.text)
    assert question.headers["Cache-Control"] == "no-store"
    assert post.digests.send_next() is False


def test_what_is_published_after_confirming_is_told_once_and_stopped_with_one_click(
    post: Post,
) -> None:
    post.follow()
    post.house.document("nuova", "Una guida nuova", ("Testo.",), kind=Kind.GUIDE)
    post.house.document("altra", "Una ricerca, non una guida", ("Testo.",))
    assert post.digests.send_next() is False  # not yet the hour
    post.clock.pass_(days=8)
    assert post.digests.send_next() is True
    letter = post.letters()[-1]
    assert letter["Subject"] == "Tipo: Guide: una scheda nuova"
    assert "Una guida nuova (Guida)" in body(letter)
    assert "non una guida" not in body(letter)
    assert "Guida alle pratiche edilizie" not in body(letter)  # was there before
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    stop = post.link("ferma")
    assert letter["List-Unsubscribe"] == f"<http://127.0.0.1:8000{stop}>"
    told = len(post.letters())
    post.clock.pass_(days=8)
    assert post.digests.send_next() is True  # dealt with: nothing new, so no letter
    assert len(post.letters()) == told
    # RFC 8058: the mail program posts by itself, from no page.
    answer = post.client.post(stop, data={"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    assert post.rows() == 0
    assert post.client.post(stop, data={"List-Unsubscribe": "One-Click"}).status_code == 404


def test_who_asks_in_english_reads_english(post: Post) -> None:
    page = post.client.get("/en/segui?tipo=guida").text
    for words in ("E-mail", "When to write to you"):
        assert words in page
    bad = post.client.post("/en/segui", data={"email": "x", "ricerca": ""}, headers=ORIGIN).text
    assert "Write one address only" in bad
    data = {"email": "jo@example.org", "ogni": "giorno", "ricerca": "tipo=guida"}
    assert post.client.post("/en/segui", data=data, headers=ORIGIN).status_code == 303
    asked = post.letters()[-1]
    assert "open this link and confirm" in body(asked)
    (link,) = re.findall(r"http://127.0.0.1:8000(/en/segui/conferma/\S+)", body(asked))
    assert "Type: Guides" in post.client.post(link, headers=ORIGIN).text
    again = post.client.get(link).text  # a link opened twice asks nothing twice
    assert "<form" not in again.partition("<main")[2].partition("</main>")[0]
    post.house.document("nuova", "Una guida nuova", ("Testo.",), kind=Kind.GUIDE)
    post.clock.pass_(days=2)
    assert post.digests.send_next() is True
    letter = post.letters()[-1]
    assert letter["Subject"] == "Type: Guides: one new record"
    assert "http://127.0.0.1:8000/en/documenti/" in body(letter)
    assert letter["List-Unsubscribe"].startswith("<http://127.0.0.1:8000/en/segui/ferma/")
    assert post.ask().status_code == 303  # the next letter is Italian again
    assert "Qualcuno, forse tu" in body(post.letters()[-1])


def test_a_person_stops_from_the_page_of_the_link(post: Post) -> None:
    post.follow(ogni="giorno")
    post.house.document("nuova", "Una guida nuova", ("Testo.",), kind=Kind.GUIDE)
    post.clock.pass_(days=2)
    post.digests.send_next()
    page = post.client.get(post.link("ferma"))
    check_page(page.text)
    assert post.rows() == 1  # looking is not stopping
    done = post.client.post(post.link("ferma"), headers=ORIGIN)
    check_page(done.text)
    assert post.rows() == 0


@pytest.mark.parametrize("given", ["1-0000", "1", "x", "999999-abc", "1-%C3%A9"])
def test_a_made_up_link_does_nothing(given: str, post: Post) -> None:
    post.follow()
    for kind in ("conferma", "ferma"):
        assert post.client.get(f"/segui/{kind}/{given}").status_code == 404
        assert post.client.post(f"/segui/{kind}/{given}", headers=ORIGIN).status_code == 404
    assert post.rows() == 1


def test_the_link_to_confirm_does_not_stop_and_the_other_way_round(post: Post) -> None:
    post.follow()
    stop = post.link("conferma").replace("conferma", "ferma")
    assert post.client.post(stop, headers=ORIGIN).status_code == 404
    assert post.rows() == 1


def test_the_answer_tells_nobody_who_follows_what(post: Post) -> None:
    post.follow()
    letters = len(post.letters())
    again = post.ask()
    assert (again.status_code, again.headers["Location"]) == (303, "/segui/inviata")
    assert len(post.letters()) == letters
    new = post.ask(email="altra@ente.it")
    assert (new.status_code, new.headers["Location"]) == (303, "/segui/inviata")
    assert new.data == again.data


def test_nobody_fills_the_mailbox_of_another(post: Post) -> None:
    for number in range(LETTERS):
        assert post.ask(ricerca=f"q=parola{number}").status_code == 303
    assert len(post.letters()) == PENDING
    assert post.ask(ricerca="q=ancora").status_code == 429


def test_a_request_that_nobody_confirms_is_forgotten(post: Post) -> None:
    post.ask()
    post.clock.pass_(days=UNCONFIRMED.days - 1)
    assert post.services.subscriptions.forget_unconfirmed() == 0
    post.clock.pass_(days=2)
    assert post.services.subscriptions.forget_unconfirmed() == 1
    assert post.rows() == 0
    assert post.client.get(post.link("conferma")).status_code == 404


@pytest.mark.parametrize(
    "email", ["", "anna", "anna@ente", "a@b.it, c@d.it", "è@ente.it", "a@b.it\r\nBcc: x@y.it"]
)
def test_an_address_that_cannot_be_is_refused_with_words(email: str, post: Post) -> None:
    answer = post.ask(email=email)
    assert answer.status_code == 422
    check_page(answer.text)
    assert "Tipo: Guide" in answer.text  # what was being followed is kept
    assert post.letters() == []


def test_a_hostile_search_is_read_as_a_search_or_not_at_all(post: Post) -> None:
    post.ask(ricerca="q=%0d%0aBcc: x@y.it<script>&citta=atlantide&pagina=7")
    (letter,) = post.letters()
    assert letter["Bcc"] is None
    assert "\n" not in letter["Subject"]
    number = post.services.subscriptions.find(1)
    assert number is not None
    assert "atlantide" not in number.search


def test_a_server_that_does_not_answer_is_asked_again_later(post: Post) -> None:
    post.follow(ogni="giorno")
    post.house.document("nuova", "Una guida nuova", ("Testo.",), kind=Kind.GUIDE)
    post.clock.pass_(days=2)
    post.box.answers = ["451 later"]
    assert post.digests.send_next() is False
    assert post.digests.send_next() is False  # it pauses
    post.clock.pass_(minutes=11)
    assert post.digests.send_next() is True
    assert "Una guida nuova" in body(post.letters()[-1])


def test_an_address_that_is_refused_for_now_holds_up_nobody_else(post: Post) -> None:
    post.follow(ogni="giorno")
    post.follow(ogni="giorno", email="bruno@ente.it")
    post.house.document("nuova", "Una guida nuova", ("Testo.",), kind=Kind.GUIDE)
    post.clock.pass_(days=2)
    post.box.full = "anna@ente.it"
    assert post.digests.send_next() is False
    assert post.digests.send_next() is True
    assert post.letters()[-1]["To"] == "bruno@ente.it"
    post.box.full = None
    post.clock.pass_(hours=1)
    assert post.digests.send_next() is True
    assert post.letters()[-1]["To"] == "anna@ente.it"


def test_a_letter_that_the_server_puts_off_waits_behind_the_others(post: Post) -> None:
    post.follow(ogni="giorno")
    post.follow(ogni="giorno", email="bruno@ente.it")
    post.house.document("nuova", "Una guida nuova", ("Testo.",), kind=Kind.GUIDE)
    post.clock.pass_(days=2)
    post.box.answers = ["451 later"]
    assert post.digests.send_next() is False
    post.clock.pass_(minutes=11)
    assert post.digests.send_next() is True
    assert post.letters()[-1]["To"] == "bruno@ente.it"


def test_a_letter_is_lost_by_no_delay_of_the_index(post: Post) -> None:
    post.follow(ogni="giorno")
    moment = post.clock()
    post.house.document("nuova", "Una guida nuova", ("Testo.",), kind=Kind.GUIDE)
    subscription = post.services.subscriptions.find(1)
    assert subscription is not None
    # The hour comes while the index may still be behind what was published a minute ago.
    post.services.subscriptions.later(1, moment)
    assert post.digests.send_next() is True
    told = len(post.letters())
    post.clock.pass_(days=2)
    assert post.digests.send_next() is True
    assert len(post.letters()) == told + 1


def test_drafts_and_scheduled_records_are_never_told(post: Post) -> None:
    post.follow(ricerca="q=segretissima")
    post.clock.pass_(days=8)
    assert post.digests.send_next() is True
    assert len(post.letters()) == 1  # the one to confirm


@pytest.mark.parametrize(
    ("rhythm", "now", "next_"),
    [
        # Winter: Rome is an hour ahead of UTC.
        (Rhythm.DAILY, "2026-11-25T10:00:00+00:00", "2026-11-26T06:00:00+00:00"),
        (Rhythm.WEEKLY, "2026-11-25T10:00:00+00:00", "2026-11-30T06:00:00+00:00"),
        (Rhythm.WEEKLY, "2026-11-30T06:00:00+00:00", "2026-12-07T06:00:00+00:00"),
        (Rhythm.DAILY, "2026-07-01T10:00:00+00:00", "2026-07-02T05:00:00+00:00"),
    ],
)
def test_letters_leave_in_the_morning(rhythm: Rhythm, now: str, next_: str) -> None:
    assert next_time(rhythm, datetime.fromisoformat(now)) == datetime.fromisoformat(next_)


def test_a_search_is_kept_without_page_and_order(post: Post) -> None:
    query = Query("piano", {Facet.CITY: ("bari",)}, page=4)
    assert kept_search(query) == "q=piano&citta=bari"
    assert query_of(post.services, "q=piano&citta=bari").filters == query.filters


def test_links_of_another_installation_are_worth_nothing(post: Post) -> None:
    post.follow()
    found = post.services.subscriptions.find(1)
    assert found is not None
    foreign = token("another key of another portal", "ferma", found)
    assert post.client.post(f"/segui/ferma/{foreign}").status_code == 404


def test_the_worker_tells_only_where_mail_is_set(post: Post, house: House) -> None:
    assert "followed searches" in [chore.name for chore in all_chores(post.services)]
    assert "followed searches" not in [chore.name for chore in all_chores(house.services)]


def test_the_privacy_page_says_what_is_kept(post: Post) -> None:
    page = post.client.get("/privacy").text
    assert "sette giorni" in page
    assert "quanto spesso" in page
