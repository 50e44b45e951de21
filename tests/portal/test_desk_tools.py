"""Preview, history and log at the desk."""

import re

import pytest
from flask import Flask

from corpus.vocabulary import FileFormat, Role, State
from portal.auth.throttle import count_failures
from tests.portal.desk import CONTENTS, Colleague, fields, sign_in, write
from tests.portal.house import House
from tests.portal.pages_checker import check_page

TITLE = "Il dossier che nessuno conosce"


@pytest.fixture(scope="module")
def draft(edited: House) -> str:
    """A document with a text that was read, not public, of nobody in particular."""
    return edited.document(
        "dossier",
        TITLE,
        ("Prima pagina del dossier.", "Seconda pagina."),
        state=State.DRAFT,
        cities=("bari",),
    )


@pytest.fixture(scope="module")
def admin(desk: Flask, edited: House) -> Colleague:
    return sign_in(desk, edited, "amministra@ente.it", Role.ADMINISTRATOR)


def test_staff_see_the_public_pages_of_a_draft_before_it_is_public(
    draft: str, ugo: Colleague, desk: Flask
) -> None:
    base = f"{CONTENTS}/{draft}/anteprima/pagina"
    page = ugo.get(base)
    assert "Anteprima: questa pagina non è pubblica" in page
    assert f"<h1>{TITLE}</h1>" in page
    assert f'href="{base}/file"' in page
    assert f'="/documenti/{draft}' not in page
    reading = ugo.get(f"{base}/leggi?pagina=2&q=seconda")
    assert "<mark>Seconda</mark> pagina." in reading
    file = ugo.client.get(f"{base}/file", headers={"Range": "bytes=0-4"})
    assert (file.status_code, len(file.data)) == (206, 5)
    assert file.headers["Cache-Control"] == "no-store"
    assert ugo.client.get(f"{base}/v/7").status_code == 404
    assert ugo.client.get(f"{base}/../../suap").status_code == 404
    assert desk.test_client().get(f"/documenti/{draft}").status_code == 404
    assert desk.test_client().get(f"/documenti/{draft}/file").status_code == 404


@pytest.mark.parametrize(
    ("word", "sent"),
    [
        ("soluzione", {"cities": "roma", "areas": "semplificazione"}),
        ("percorso", {"form": "webinar"}),
        ("evento", {"start": "20/09/2023"}),
    ],
)
def test_every_type_has_its_preview(word: str, sent: dict[str, str], rita: Colleague) -> None:
    new = write(rita, word, title="Da vedere", evidence="fonte-ufficiale", **sent)
    assert "Da vedere" in rita.get(f"{CONTENTS}/{new}/anteprima/pagina")


def test_a_secret_link_shows_one_record_until_it_is_revoked(
    draft: str, edited: House, ugo: Colleague, desk: Flask
) -> None:
    ugo.post(f"{CONTENTS}/{draft}/anteprima", status=422, purpose="", days="7")
    made = ugo.post(f"{CONTENTS}/{draft}/anteprima", status=200, purpose="La sindaca", days="7")
    found = re.search(r"http://localhost(/anteprima/[\w-]+)", made.text)
    assert found
    stranger = desk.test_client()
    response = stranger.get(found[1])
    check_page(response.text)
    assert TITLE in response.text
    assert response.headers["Cache-Control"] == "no-store"
    assert "noindex" in response.headers["X-Robots-Tag"]
    assert "Set-Cookie" not in response.headers
    assert "Prima pagina" in stranger.get(f"{found[1]}/leggi").text
    with stranger.get(f"{found[1]}/file") as file:
        assert file.status_code == 200
    assert stranger.get(f"{found[1]}/../../redazione").status_code in (303, 404)
    assert found[1].rpartition("/")[2] not in ugo.get(f"{CONTENTS}/{draft}/anteprima")
    digest = edited.services.reader.previews(draft)[0].digest
    ugo.post(f"{CONTENTS}/{draft}/anteprima/revoca/{digest}")
    gone = stranger.get(found[1])
    assert gone.status_code == 404
    check_page(gone.text)
    assert TITLE not in gone.text


def test_guessing_preview_links_is_throttled(desk: Flask) -> None:
    answers = [desk.test_client().get(f"/anteprima/x{n}").status_code for n in range(40)]
    assert answers[-1] == 429
    count_failures(desk)  # the other tests start from zero


def test_history_tells_every_change_and_takes_one_back(rita: Colleague, edited: House) -> None:
    new = write(rita, year="2020", summary="Uno")
    rita.post(f"{CONTENTS}/{new}/modifica", **fields(year="2021", summary="**Due**", seen="1"))
    rita.post(f"{CONTENTS}/{new}/modifica", **fields(year="2022", summary="Tre", seen="2"))
    page = rita.get(f"{CONTENTS}/{new}/storia")
    for text in ("ha creato la scheda", "ha modificato la scheda", "2020", "2022", "Due"):
        assert text in page
    entries = edited.services.reader.log(new)
    number = next(e.number for e in entries if e.details.get("revision") == 3)
    assert "2021" in rita.get(f"{CONTENTS}/{new}/storia/{number}/torna")
    rita.post(f"{CONTENTS}/{new}/storia/{number}/torna")
    record = edited.services.reader.record(new, any_state=True)
    assert (record.year, record.summary) == (2021, "Due")
    assert record.summary_html == "<p><strong>Due</strong></p>\n"
    assert "tornando a com'era prima" in rita.get(f"{CONTENTS}/{new}/storia")
    first = entries[-1].number
    assert rita.client.get(f"{CONTENTS}/{new}/storia/{first}/torna").status_code == 404
    public = edited.ids["suap"]
    assert "ha pubblicato" not in rita.get(f"{CONTENTS}/{public}/storia")


def test_the_log_is_filtered_verified_and_exported(admin: Colleague, rita: Colleague) -> None:
    new = write(rita, title="=FORMULA()")
    page = admin.get("/redazione/registro?chi=rita&azione=add")
    assert "ha creato la scheda" in page
    assert new in admin.get(f"/redazione/registro?scheda=/documenti/{new}/titolo")
    assert "0 righe" in admin.get("/redazione/registro?scheda=boh")
    assert "0 righe" in admin.get("/redazione/registro?al=01/01/2001")
    assert "Scrivi il giorno" in admin.get("/redazione/registro?dal=ieri")
    assert "La catena è intera" in admin.get("/redazione/registro?verifica=sì")
    rita.post(f"{CONTENTS}/{new}/anteprima", status=200, purpose="La sindaca", days="7")
    told = admin.get("/redazione/registro?chi=rita&azione=create_preview")
    assert re.search(r"per: La sindaca; scade: \d+ \w+ 20\d\d, \d\d:\d\d", told)
    admin.post(f"/redazione/utenti/{rita.account}/collegamento", status=200)
    told = admin.get("/redazione/registro?azione=create_link")
    assert "accesso: Rita" in told
    assert "per: una nuova password" in told or "per: il primo accesso" in told
    file = admin.client.get(f"/redazione/registro/registro.csv?scheda={new}")
    assert file.mimetype == "text/csv"
    assert "rita@ente.it" in file.text
    assert file.text.startswith("\ufeffnumero,quando")
    assert rita.client.get("/redazione/registro").status_code == 403


def test_a_new_version_is_previewed_but_never_leaks(
    edited: House, rita: Colleague, ugo: Colleague, desk: Flask
) -> None:
    public = edited.document("con-due", "Con due versioni", ("Testo pubblico.",))
    file = edited.store(b"%PDF seconda", FileFormat.PDF, "seconda.pdf")
    edited.read(file, ("Testo della seconda versione.",))
    edited.services.catalogue.add_version(public, file, actor="rita", account=rita.account)
    edited.services.catalogue.note_version(public, 2, "Nota riservata", actor="rita")
    base = f"{CONTENTS}/{public}/anteprima/pagina"
    assert "Nota riservata" in ugo.get(base)
    assert "Testo della seconda versione" in ugo.get(f"{base}/leggi")
    reader = desk.test_client()
    page = reader.get(f"/documenti/{public}/con-due-versioni").text
    assert "Nota riservata" not in page
    assert "Testo pubblico" in reader.get(f"/documenti/{public}/leggi").text
    assert reader.get(f"/documenti/{public}/v/2").status_code == 404
    assert reader.get(f"/documenti/{public}/v/2/file").status_code == 404


def test_the_first_file_of_a_document_is_not_called_a_new_version(rita: Colleague) -> None:
    new = write(rita)
    assert "Carica il file" in rita.get(f"{CONTENTS}/{new}")
    page = rita.get(f"/redazione/carica/versione/{new}")
    assert "Il file del documento" in page
    assert "versione più recente" not in page


def test_a_preview_offers_nothing_that_leads_nowhere(draft: str, ugo: Colleague) -> None:
    page = ugo.get(f"{CONTENTS}/{draft}/anteprima/pagina")
    assert f'href="{CONTENTS}/{draft}">Torna alla redazione' in page
    for address in ("/en/documenti", "/cita/", "/accedi", "/selezione"):
        assert f'="{address}' not in page
    assert "@techreport" in page  # the citation itself is there to be checked
