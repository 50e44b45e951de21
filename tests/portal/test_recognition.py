"""Recognised text is called so wherever people meet it, and what hinders recognition is said."""

from dataclasses import replace
from pathlib import Path

import pytest

from corpus.records import UploadView
from corpus.vocabulary import FileFormat
from indexer.engine import PageText
from indexer.extract.base import Accessibility, Extract, Recognition
from portal.app import create_app
from portal.chores import all_chores
from portal.commands.house import build
from portal.doctor import Gravity, examine
from portal.ocr import Ocr
from portal.settings import Settings
from tests.portal.house import House, settings
from tests.portal.pages_checker import check_page
from tests.portal.test_uploads import Browser, Desk

WORKING = Ocr(program="/usr/bin/tesseract", pages=3)


@pytest.fixture
def desk(other_house: House) -> Desk:
    other_house.services = replace(other_house.services, ocr=WORKING)
    app = create_app(services=other_house.services)
    app.testing = True
    return Desk(other_house, app)


def scan(recognition: Recognition, pages: int = 5) -> Extract:
    """A file without text, some of whose pages a machine has read."""
    seen = recognition.recognised
    return Extract(
        format=FileFormat.PDF,
        pages=tuple(PageText(n, f"parole {n}" if n in seen else "") for n in range(1, pages + 1)),
        accessibility=Accessibility(tagged=False, text_layer=False),
        without_text=True,
        recognition=recognition,
    )


@pytest.fixture
def sent(desk: Desk) -> tuple[Desk, Browser, UploadView]:
    ada = desk.client()
    ada.send((b"%PDF-1.4 una scansione", "scansione.pdf"))
    (upload,), _ = desk.house.services.reader.uploads(limit=1)
    return desk, ada, upload


def processing(desk: Desk, ada: Browser, upload: UploadView, extract: Extract) -> str:
    desk.house.services.derived.put(upload.sha256 or "", extract)
    return processing_now(ada)


def processing_now(ada: Browser) -> str:
    return ada.get("/redazione/elaborazione").text


ALL = (1, 2, 3, 4, 5)


def test_staff_see_how_far_recognition_is_and_where_it_stops(
    sent: tuple[Desk, Browser, UploadView],
) -> None:
    page = processing(*sent, scan(Recognition(ALL, recognised=(1,))))
    assert "Testo riconosciuto" not in page
    assert "in corso: pagine guardate 1 su 3" in page
    assert "si ferma a 3 pagine per documento: ne restano 2 senza testo" in page
    assert "Aggiorna l'elenco" in page
    done = processing(*sent, scan(Recognition(ALL, recognised=(1, 2), wordless=(3,))))
    assert "in corso" not in done
    assert "Testo riconosciuto automaticamente (OCR), pagine 2 su 5" in done
    assert "non ha trovato parole, pagine: 3." in done
    assert "ne restano 2 senza testo" in done
    assert "Aggiorna l'elenco" not in done


def test_staff_try_again_where_pages_have_failed(
    sent: tuple[Desk, Browser, UploadView],
) -> None:
    _desk, ada, upload = sent
    page = processing(*sent, scan(Recognition((1, 2, 3), recognised=(1,), failed=(2, 3))))
    assert "non è riuscito, pagine: 2, 3." in page
    assert f"/redazione/elaborazione/{upload.id}/riprova" in page
    assert ada.post(f"/redazione/elaborazione/{upload.id}/riprova").status_code == 303
    again = processing_now(ada)
    assert "in corso: pagine guardate 1 su 3" in again
    assert "non è riuscito" not in again


def test_staff_learn_that_recognition_is_on_and_does_not_work(
    sent: tuple[Desk, Browser, UploadView],
) -> None:
    desk, ada, upload = sent
    services = replace(desk.house.services, ocr=Ocr(fault="manca tesseract", pages=3))
    client = create_app(services=services).test_client()
    client.set_cookie("metropoli_sessione", services.sessions.start(ada.account))
    services.derived.put(upload.sha256 or "", scan(Recognition(ALL)))
    page = client.get("/redazione/elaborazione").text
    check_page(page)
    assert "è acceso ma non funziona: avvisa chi gestisce il portale" in page
    assert "in corso" not in page


def test_the_report_keeps_saying_that_the_file_has_no_text(
    sent: tuple[Desk, Browser, UploadView],
) -> None:
    desk, ada, upload = sent
    desk.house.services.derived.put(
        upload.sha256 or "", scan(Recognition((1,), recognised=(1,)), 1)
    )
    page = ada.get(f"/redazione/accessibilita/{upload.public_id}").text
    assert "Il testo non si può leggere: è una scansione" in page
    assert "Il file resta com'è: chi lo scarica non vi trova quel testo" in page


def test_readers_are_told_which_pages_a_machine_has_read(desk: Desk) -> None:
    services, public_id = desk.house.services, desk.house.ids["attesa"]
    sha256 = services.reader.file_of(public_id).sha256
    client = desk.app.test_client()

    def get(ending: str) -> str:
        page = client.get(f"/documenti/{public_id}{ending}", follow_redirects=True).text
        check_page(page)
        return page

    services.derived.put(sha256, scan(Recognition(ALL)))
    assert "Il file contiene solo immagini" in get("")
    assert "pagina per pagina" not in get("")
    services.derived.put(sha256, scan(Recognition(ALL, recognised=(1,), wordless=(2,))))
    sheet = get("")
    assert "riconosciuto automaticamente (OCR)" in sheet
    assert "testo selezionabile: no" in sheet
    assert "Leggi il testo pagina per pagina" in sheet
    note = "il testo è stato riconosciuto automaticamente (OCR) e può contenere errori"
    assert note in get("/leggi?pagina=1")
    assert note not in get("/leggi?pagina=2")


def test_the_desk_of_gaps_still_lists_a_scan_that_was_recognised(desk: Desk) -> None:
    services, public_id = desk.house.services, desk.house.ids["attesa"]
    sha256 = services.reader.file_of(public_id).sha256
    services.derived.put(sha256, scan(Recognition((1,), recognised=(1,)), 1))
    page = desk.client().get("/redazione/copertura").text
    assert "senza testo proprio: la ricerca usa quello riconosciuto automaticamente" in page


def recognition_of(given: Settings) -> dict[Gravity, str]:
    subject = "riconoscimento del testo (OCR)"
    return {f.gravity: f.sentence for f in examine(given) if f.subject == subject}


def test_what_lacks_is_said_at_the_start_and_by_the_doctor(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from portal.services import open_services

    off, on = settings(tmp_path / "casa"), settings(tmp_path / "casa", ocr=True)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert recognition_of(off) == {}
    said = recognition_of(on)[Gravity.FAULT]
    assert "manca tesseract: installa tesseract-ocr e tesseract-ocr-ita" in said
    house = build(open_services(on))
    house.worker()
    assert "METROPOLI_OCR=sì, ma manca tesseract" in capsys.readouterr().out
    assert "text of scans" not in {chore.name for chore in all_chores(house.services)}
    build(open_services(off)).worker()
    assert capsys.readouterr().out == ""


def test_a_machine_with_italian_recognises(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from portal.services import open_services

    program = tmp_path / "tesseract"
    program.write_text("#!/bin/sh\necho eng; echo ita; echo osd\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    on = settings(tmp_path / "casa", ocr=True, ocr_pages=7)
    assert recognition_of(on) == {Gravity.GOOD: f"{program} conosce l'italiano"}
    services = open_services(on)
    assert services.ocr == Ocr(program=str(program), pages=7)
    assert "text of scans" in {chore.name for chore in all_chores(services)}
