"""The path of a record at the desk: written, reviewed by another, published, withdrawn."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from corpus.errors import InvalidTransition
from corpus.records import DocumentDraft
from corpus.vocabulary import FileFormat, Kind, Role, State
from portal.app import create_app
from portal.chores import all_chores
from tests.portal.desk import CONTENTS, Colleague, fields, sign_in, state, with_password, write
from tests.portal.house import ACTOR, House


def test_the_whole_path_of_a_record(
    desk: Flask, edited: House, rita: Colleague, ugo: Colleague
) -> None:
    new = write(rita, summary="Un **riassunto** breve.", cities=["bari"], authors="Anna\nUgo\n")
    page = rita.get(f"{CONTENTS}/{new}?fatto=creata")
    assert "La bozza è salvata" in page
    assert "Chiedi la revisione" in page
    assert "Pubblica adesso" not in page
    record = edited.services.reader.record(new, any_state=True)
    assert record.summary == "Un riassunto breve."
    assert record.summary_html == "<p>Un <strong>riassunto</strong> breve.</p>\n"
    assert record.authors == ("Anna", "Ugo")

    rita.get(f"{CONTENTS}/{new}/fai/invia")
    rita.post(f"{CONTENTS}/{new}/fai/invia", comment="È pronta")
    assert "Una scheda nuova" in ugo.get("/redazione/da-rivedere")
    assert "È pronta" in ugo.get(f"{CONTENTS}/{new}")
    ugo.post(f"{CONTENTS}/{new}/fai/rimanda", status=422, comment=" ")
    ugo.post(f"{CONTENTS}/{new}/fai/rimanda", comment="Manca l'anno")
    assert "Manca l&#39;anno" in rita.get(f"{CONTENTS}/{new}")
    assert state(edited, new) is State.DRAFT
    rita.post(f"{CONTENTS}/{new}/modifica", **fields(year="2023", seen="9"))
    rita.post(f"{CONTENTS}/{new}/fai/invia", comment="")
    rita.post(f"{CONTENTS}/{new}/fai/pubblica", status=409)
    ugo.post(f"{CONTENTS}/{new}/fai/pubblica", comment="")
    assert desk.test_client().get(f"/documenti/{new}/una-scheda-nuova").status_code == 200
    assert "quello che salvi si vede subito" in ugo.get(f"{CONTENTS}/{new}/modifica")
    rita.client.get(f"{CONTENTS}/{new}/modifica")

    ugo.post(f"{CONTENTS}/{new}/fai/ritira", status=422, reason="")
    other = edited.ids["piano"]
    ugo.post(f"{CONTENTS}/{new}/fai/ritira", status=422, reason="Vecchia", successor_id="niente")
    ugo.post(
        f"{CONTENTS}/{new}/fai/ritira",
        reason="Superata dal piano",
        successor_id=f"http://localhost/documenti/{other}/il-piano-strategico-di-bari",
    )
    gone = desk.test_client().get(f"/documenti/{new}")
    assert gone.status_code == 410
    assert "Superata dal piano" in gone.text
    assert re.search(r"è stata ritirata il \d+ \w+ 20\d\d\.", gone.text)
    assert "Superata dal piano" in ugo.get(f"{CONTENTS}/{new}")


def test_an_editor_never_publishes_nor_changes_what_is_public(
    rita: Colleague, ugo: Colleague, edited: House
) -> None:
    public = edited.ids["suap"]
    for step in ("pubblica", "ritira", "rimanda", "programma", "cestino"):
        rita.post(f"{CONTENTS}/{public}/fai/{step}", status=409, reason="x", comment="x")
    response = rita.client.get(f"{CONTENTS}/{public}/modifica")
    assert response.status_code == 403
    rita.post(f"{CONTENTS}/{public}/modifica", status=403, **fields())
    assert rita.client.get("/redazione/da-rivedere").status_code == 403


def test_who_asked_for_the_review_is_told_that_another_decides(
    ugo: Colleague, desk: Flask, edited: House
) -> None:
    carla = sign_in(desk, edited, "carla@ente.it", Role.ADMINISTRATOR)
    with_password(carla, edited)
    new = write(ugo)
    ugo.post(f"{CONTENTS}/{new}/fai/invia")
    page = ugo.get(f"{CONTENTS}/{new}")
    assert "la pubblicazione la decide" in page
    assert "Pubblica adesso" not in page
    refused = ugo.post(f"{CONTENTS}/{new}/fai/pubblica", status=409)
    assert "la pubblicazione la decide" in refused.text
    ugo.post(f"{CONTENTS}/{new}/fai/riprendi")
    ugo.post(f"{CONTENTS}/{new}/fai/invia")
    carla.post(f"{CONTENTS}/{new}/fai/pubblica")
    assert state(edited, new) is State.PUBLISHED


def test_who_is_alone_publishes_alone_and_the_page_and_the_log_say_so(other_house: House) -> None:
    desk = create_app(services=other_house.services)
    catalogue = other_house.services.catalogue
    alone = sign_in(desk, other_house, "prima@ente.it", Role.ADMINISTRATOR)
    catalogue.add_account("invitata@ente.it", "Senza password", Role.REVIEWER, actor=ACTOR)
    new = write(alone)
    alone.post(f"{CONTENTS}/{new}/fai/invia")
    assert "sei l'unica persona che può pubblicare" in alone.get(f"{CONTENTS}/{new}/fai/pubblica")
    alone.post(f"{CONTENTS}/{new}/fai/pubblica")
    assert state(other_house, new) is State.PUBLISHED
    entry = other_house.services.reader.log(new)[0]
    assert entry.details["alone"] is True


def test_limits_to_cities_hold_on_lists_pages_and_forms(
    desk: Flask, edited: House, rita: Colleague
) -> None:
    torino = sign_in(desk, edited, "torino@ente.it", Role.REVIEWER, cities=("torino",))
    bari = write(rita, title="Bozza di Bari", cities=["bari"])
    own = write(torino, title="Bozza senza città")
    page = torino.get(CONTENTS)
    assert "Bozza di Bari" not in page
    assert "Bozza senza città" in page
    assert torino.client.get(f"{CONTENTS}/{bari}").status_code == 404
    refused = torino.post(
        f"{CONTENTS}/{own}/modifica", status=422, **fields(cities=["bari"], seen=1)
    )
    assert "Puoi scegliere soltanto: Torino" in refused.text
    torino.post(f"{CONTENTS}/{own}/modifica", **fields(cities=["torino"], seen=1))
    assert torino.client.get(f"{CONTENTS}/{edited.ids['suap']}/modifica").status_code == 403


def test_two_people_writing_at_once_lose_nothing(
    rita: Colleague, ugo: Colleague, edited: House
) -> None:
    new = write(rita, topics="suap", year="2020")
    both = fields(topics="suap", year="2020", seen="1")
    rita.post(f"{CONTENTS}/{new}/modifica", **both | {"title": "Titolo di Rita", "year": "2021"})
    met = ugo.post(
        f"{CONTENTS}/{new}/modifica",
        status=409,
        **both | {"title": "Titolo di Ugo", "note": "Nota"},
    )
    assert "Titolo di Rita" in met.text
    assert 'value="Titolo di Ugo"' in met.text
    assert 'value="2021"' in met.text, "what Ugo has not touched has Rita's value"
    assert "Nota</textarea>" in met.text
    assert edited.services.reader.record(new, any_state=True).title == "Titolo di Rita"
    ugo.post(
        f"{CONTENTS}/{new}/modifica",
        **both | {"title": "Titolo di Ugo", "year": "2021", "note": "Nota", "seen": "2"},
    )
    assert edited.services.reader.record(new, any_state=True).title == "Titolo di Ugo"


@pytest.mark.parametrize(
    ("word", "sent", "complaint"),
    [
        ("documento", {"title": ""}, "Questo campo serve"),
        ("documento", {"year": "duemila"}, "quattro cifre"),
        ("documento", {"year": "²"}, "quattro cifre"),
        ("documento", {"issued": "31/02/2023"}, "non c&#39;è nel calendario"),
        ("documento", {"issued": "ieri"}, "20/09/2023"),
        ("documento", {"kind": "zebra"}, "Scegli una delle voci"),
        ("documento", {"cities": ["atlantide"]}, "il portale non conosce"),
        ("documento", {"external_url": "javascript:alert(1)"}, "comincia con https"),
        ("documento", {"sources-0-url": "ftp://x", "sources-0-kind": "ente"}, "ogni fonte"),
        ("documento", {"summary": "x" * 20_001}, "troppo lungo"),
        ("soluzione", {"cities": "", "areas": ""}, "Questo campo serve"),
        ("soluzione", {"cities": "bari", "areas": "semplificazione"}, "già un&#39;altra scheda"),
        ("percorso", {"hours": "tante"}, "numero intero"),
        ("evento", {"start": "20/09/2023", "end": "19/09/2023"}, "prima del primo"),
    ],
)
def test_what_cannot_be_is_refused_beside_the_field(
    word: str, sent: dict[str, object], complaint: str, rita: Colleague
) -> None:
    page = rita.post(
        f"{CONTENTS}/nuovo/{word}", status=422, **fields(**{"evidence": "solo-annunciata"} | sent)
    ).text
    assert complaint.lower() in page.lower()
    assert "Controlla i dati inseriti" in page


@pytest.mark.parametrize(
    ("word", "sent"),
    [
        ("documento", {"licence": "CC-BY-4.0", "form": "rapporto", "issued": "2023-09-20"}),
        (
            "soluzione",
            {
                "cities": "bologna",
                "areas": "gestione-associata",
                "evidence": "fonte-ufficiale",
                "problem": "Il problema",
                "partners": "Uno\nDue",
            },
        ),
        ("percorso", {"form": "webinar", "start": "20/09/2023", "hours": "12"}),
        ("evento", {"start": "20/09/2023", "place": "Bari"}),
    ],
)
def test_every_type_is_written_read_again_and_saved_unchanged(
    word: str, sent: dict[str, object], rita: Colleague, edited: House
) -> None:
    source = {"sources-0-url": "https://example.org/x", "sources-0-words": "Sito"}
    new = write(rita, word, **sent, **source, **{"sources-0-kind": "stampa"}, topics="a\nb")
    page = rita.get(f"{CONTENTS}/{new}/modifica")
    for value in sent.values():
        for part in str(value).splitlines():
            assert part in page or part == "2023-09-20"
    before = edited.services.reader.record(new, any_state=True)
    rita.post(
        f"{CONTENTS}/{new}/modifica",
        **fields(**sent, **source, **{"sources-0-kind": "stampa"}, topics="a\nb", seen="1"),
    )
    assert edited.services.reader.record(new, any_state=True) == before


def test_a_publication_is_scheduled_and_called_off(
    rita: Colleague, ugo: Colleague, edited: House
) -> None:
    new = write(rita)
    rita.post(f"{CONTENTS}/{new}/fai/invia")
    address = f"{CONTENTS}/{new}/fai/programma"
    ugo.get(address)
    how, what, empty = "Scrivi il giorno come", "Questo giorno non c&#39;è", "Questo campo serve"
    for day, hour, words in (
        ("01/01/2020", "9", "Scegli un momento che deve ancora venire"),
        ("domani", "9:30", how),
        ("31/02/2027", "9:30", what),
        ("01/01/2027", "25", "Scrivi l&#39;ora come 9:30"),
        ("", " ", empty),
    ):
        page = ugo.post(address, status=422, day=day, hour=hour).text
        assert words in page
        assert (empty in page) is (words == empty)
    tomorrow = (datetime.now(UTC) + timedelta(days=1)).strftime("%d/%m/%Y")
    ugo.post(address, day=tomorrow, hour="9.30")
    assert state(edited, new) is State.SCHEDULED
    assert "avverrà da sola" in rita.get(f"{CONTENTS}/{new}")
    assert "09:30" in ugo.get("/redazione")
    history = " ".join(ugo.get(f"{CONTENTS}/{new}/storia").split())
    assert re.search(r"<strong>Ugo</strong> ha programmato [^<]* per il \d+ \w+ 20\d\d", history)
    ugo.post(f"{CONTENTS}/{new}/fai/annulla-programma")
    assert state(edited, new) is State.IN_REVIEW


def test_the_trash_gives_back_what_was_put_there(rita: Colleague, edited: House) -> None:
    new = write(rita)
    assert "trenta giorni" in rita.get(f"{CONTENTS}/{new}/fai/cestino")
    rita.post(f"{CONTENTS}/{new}/fai/cestino")
    assert "Nel cestino dal" in rita.get(f"{CONTENTS}/{new}")
    rita.post(f"{CONTENTS}/{new}/fai/ripristina")
    assert state(edited, new) is State.DRAFT


def test_comments_are_for_author_and_reviewers_only(
    desk: Flask, rita: Colleague, ugo: Colleague, edited: House
) -> None:
    new = write(rita)
    rita.post(f"{CONTENTS}/{new}/commenta", comment="Serve un parere?")
    ugo.post(f"{CONTENTS}/{new}/commenta", comment="No.")
    ugo.post(f"{CONTENTS}/{new}/commenta", status=422, comment="")
    assert "Serve un parere?" in ugo.get(f"{CONTENTS}/{new}")
    other = sign_in(desk, edited, "altra@ente.it", Role.EDITOR)
    assert "Serve un parere?" not in other.get(f"{CONTENTS}/{new}")
    other.post(f"{CONTENTS}/{new}/commenta", status=403, comment="Ciao")


def test_versions_are_listed_noted_discarded_and_published(
    rita: Colleague, ugo: Colleague, edited: House
) -> None:
    public = edited.ids["suap"]
    file = edited.store(b"%PDF-1.7 due", FileFormat.PDF, "due.pdf")
    add = edited.services.catalogue.add_version
    add(public, file, actor="rita@ente.it", account=rita.account)
    page = ugo.get(f"{CONTENTS}/{public}")
    assert "due.pdf" in page
    assert "non ancora pubblica" in page
    assert "Lo sportello unico" in ugo.get("/redazione/da-rivedere")
    ugo.post(f"{CONTENTS}/{public}/versioni/2/nota", note="Con le tavole")
    rita.post(f"{CONTENTS}/{public}/versioni/2/nota", status=403, note="x")
    ugo.get(f"{CONTENTS}/{public}/versioni/2/scarta")
    ugo.post(f"{CONTENTS}/{public}/versioni/2/scarta")
    add(public, file, actor="rita@ente.it", account=rita.account)
    ugo.post(f"{CONTENTS}/{public}/fai/pubblica")
    assert edited.services.reader.file_of(public).number == 2


def test_the_list_keeps_its_filters_in_the_address(rita: Colleague, edited: House) -> None:
    write(rita, title="Piano di prova", kind="guida")
    page = rita.get(f"{CONTENTS}?q=piano&stato=bozza&tipo=guida&mie=sì&ordine=titolo")
    assert "1 scheda" in page
    assert 'aria-sort="ascending"' in page
    assert "Nessuna scheda" in rita.get(f"{CONTENTS}?q=xyzzy")
    rita.get(f"{CONTENTS}?pagina=99", 404)
    rita.get(f"{CONTENTS}?stato=boh&tipo=boh&citta=boh&area=boh&ordine=boh&q=%00%F0")


def test_a_sheet_full_of_long_texts_is_taken(rita: Colleague, edited: House) -> None:
    long = "è " * 9_500
    new = write(
        rita,
        "soluzione",
        cities="palermo",
        areas="semplificazione",
        evidence="fonte-ufficiale",
        **dict.fromkeys(("summary", "problem", "actions", "outcome", "reusable", "note"), long),
    )
    assert len(edited.services.reader.record(new, any_state=True).summary) > 18_000


def test_what_a_reviewer_has_not_looked_at_is_not_published(
    rita: Colleague, ugo: Colleague, edited: House
) -> None:
    new = write(rita, title="Guardata")
    rita.post(f"{CONTENTS}/{new}/fai/invia")
    mark = r'name="seen" type="hidden" value="([^"]+)"'
    looked = re.findall(mark, ugo.get(f"{CONTENTS}/{new}/fai/pubblica"))
    rita.post(f"{CONTENTS}/{new}/fai/riprendi")
    rita.post(f"{CONTENTS}/{new}/modifica", **fields(title="Cambiata", seen="3"))
    rita.post(f"{CONTENTS}/{new}/fai/invia")
    refused = ugo.post(f"{CONTENTS}/{new}/fai/pubblica", status=409, seen=looked[0])
    assert "Intanto la scheda è cambiata" in refused.text
    assert state(edited, new) is State.IN_REVIEW
    again = re.findall(mark, refused.text)
    ugo.post(f"{CONTENTS}/{new}/fai/pubblica", seen=again[0])
    assert edited.services.reader.record(new).title == "Cambiata"


def test_the_worker_publishes_at_its_hour_and_after_a_restart(
    edited: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    services = edited.services
    new = services.catalogue.add(DocumentDraft(kind=Kind.GUIDE, title="Domani"), actor=ACTOR)
    hour = datetime.now(UTC) + timedelta(hours=1)
    services.catalogue.schedule(new, hour, actor=ACTOR)

    def turn() -> None:
        for chore in all_chores(services):  # new ones each time, as after a restart
            if chore.name in ("scheduled publication", "trash"):
                chore.attempt()

    turn()
    assert state(edited, new) is State.SCHEDULED
    monkeypatch.setattr(services.catalogue, "_now", lambda: hour)
    turn()
    assert state(edited, new) is State.PUBLISHED
    assert services.reader.record(new).published_at == hour


def test_a_record_is_given_to_a_colleague_and_comments_reach_the_board(
    rita: Colleague, ugo: Colleague, edited: House
) -> None:
    new = write(ugo, title="Da affidare")
    assert "Modifica<" not in rita.get(f"{CONTENTS}?q=affidare")
    ugo.get(f"{CONTENTS}/{new}/fai/affida")
    ugo.post(f"{CONTENTS}/{new}/fai/affida", status=422, owner="9999")
    ugo.post(f"{CONTENTS}/{new}/fai/affida", owner=str(rita.account))
    rita.post(f"{CONTENTS}/{new}/fai/affida", status=409, owner=str(rita.account))
    assert "Da affidare" in rita.get("/redazione")
    assert "Modifica<" in rita.get(f"{CONTENTS}?q=affidare")
    ugo.post(f"{CONTENTS}/{new}/commenta", comment="Controlla le fonti, per favore.")
    assert "Controlla le fonti" in rita.get("/redazione")
    assert "Controlla le fonti" not in ugo.get("/redazione")
    assert edited.services.reader.log(new)[1].details == {"owner": "rita@ente.it"}


def test_a_step_that_a_colleague_has_overtaken_is_told_in_words(
    rita: Colleague, edited: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    new = write(rita, title="Sorpassata")
    catalogue = edited.services.catalogue

    def late(*_ids: object, **_named: object) -> None:
        raise InvalidTransition(new, "ritirato", "note_version")

    file = edited.store(b"testo", FileFormat.TEXT, "testo.txt")
    catalogue.add_version(new, file, actor=ACTOR)
    monkeypatch.setattr(catalogue, "note_version", late)
    page = rita.post(f"{CONTENTS}/{new}/versioni/1/nota", status=409, note="x").text
    assert "La scheda intanto è cambiata" in page


def test_an_editor_tells_reviewers_what_is_wrong_in_public(
    rita: Colleague, ugo: Colleague, desk: Flask, edited: House
) -> None:
    public = edited.ids["piano"]
    assert "Segnala una correzione" in rita.get(f"{CONTENTS}/{public}")
    rita.post(f"{CONTENTS}/{public}/commenta", comment="L'anno è sbagliato: è il 2022.")
    assert "è il 2022" in ugo.get("/redazione")
    assert "è il 2022" in ugo.get(f"{CONTENTS}/{public}")
    assert "è il 2022" not in rita.get(f"{CONTENTS}/{public}")
    torino = sign_in(desk, edited, "torinese@ente.it", Role.EDITOR, cities=("torino",))
    torino.post(f"{CONTENTS}/{public}/commenta", status=403, comment="x")


def test_every_mistake_of_a_record_is_told_at_once(rita: Colleague) -> None:
    wrong = {"sources-0-url": "ftp://x", "sources-0-kind": "stampa", "external_url": "pippo"}
    sent = fields(year="20a3", issued="45/13/2020", **wrong)
    page = rita.post(f"{CONTENTS}/nuovo/documento", status=422, **sent).text
    summary = page.partition("Controlla i dati inseriti")[2].partition("</ul>")[0]
    assert re.findall(r'href="#(\w+)"', summary) == ["year", "issued", "external_url", "sources"]
