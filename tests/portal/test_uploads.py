"""Files that staff send: streamed, checked, each with its own answer, none in anybody's way."""

import hashlib
import json
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_wtf.csrf import generate_csrf  # type: ignore[import-untyped]
from werkzeug import formparser
from werkzeug.test import TestResponse

from corpus.records import DocumentDraft, DocumentView
from corpus.vocabulary import Fate, FileFormat, Kind, Role, State
from indexer.antivirus import Antivirus, AntivirusUnavailable
from indexer.engine import PageText, Query
from indexer.extract.base import Accessibility, Extract, FailureKind
from indexer.extract.sandbox import Sandbox
from indexer.pipeline import Indexer
from portal.app import create_app
from portal.auth.browser import COOKIE
from portal.desk import uploads
from tests.portal.house import House
from tests.portal.pages_checker import check_page

ORIGIN = {"Origin": "http://localhost"}
ADDRESS = "/redazione/carica"
TEXT = "Una relazione di prova, abbastanza lunga da sembrare un testo vero e proprio.\n"


@dataclass
class Desk:
    """A portal that the test may change, and a browser for each person."""

    house: House
    app: Flask

    def client(self, name: str = "ada", role: Role = Role.EDITOR, *cities: str) -> "Browser":
        catalogue = self.house.services.catalogue
        account = catalogue.add_account(f"{name}@ente.it", name.title(), role, cities=cities)
        client = self.app.test_client()
        client.set_cookie(COOKIE, self.house.services.sessions.start(account))
        return Browser(client, account)


@dataclass
class Browser:
    client: FlaskClient
    account: int

    def token(self) -> str:
        kept = self.client.get_cookie(COOKIE)
        assert kept is not None
        headers = {"Cookie": f"{COOKIE}={kept.value}"}
        with self.client.application.test_request_context(headers=headers):
            return str(generate_csrf())

    def get(self, address: str, status: int = 200) -> TestResponse:
        response = self.client.get(address)
        assert response.status_code == status, response.text
        check_page(response.text)
        return response

    def post(self, address: str, **fields: Any) -> TestResponse:
        data = {"csrf_token": self.token(), **fields}
        return self.client.post(address, data=data, headers=ORIGIN)

    def send(self, *files: tuple[bytes, str], script: bool = False) -> TestResponse:
        data = {"csrf_token": self.token(), "lotto": "0" * 16}
        parts = [(BytesIO(content), name) for content, name in files]
        headers = ORIGIN | ({"Accept": "application/json"} if script else {})
        response = self.client.post(
            ADDRESS,
            data={**data, "files": parts},
            headers=headers,
            content_type="multipart/form-data",
        )
        response.request.environ["wsgi.input"].close()  # a file, where the form is large
        return response


@pytest.fixture(scope="module")
def readers() -> Iterator[Sandbox]:
    """One limited process for all tests: starting it takes longer than most of them."""
    with Sandbox() as sandbox:
        yield sandbox


@pytest.fixture
def desk(other_house: House, readers: Sandbox) -> Desk:
    other_house.services = replace(other_house.services, sandbox=readers)
    app = create_app(services=other_house.services)
    app.testing = True
    return Desk(other_house, app)


def fates(desk: Desk) -> dict[str, Fate]:
    return {u.filename: u.fate for u in desk.house.services.reader.uploads(limit=100)[0]}


def incoming(desk: Desk) -> list[Path]:
    return list((desk.house.services.settings.home / "incoming").glob("*"))


def test_each_good_file_becomes_a_draft_of_its_sender(desk: Desk) -> None:
    ada = desk.client()
    content = TEXT.encode()
    response = ada.send((content, "Relazione_annuale.txt"), (content + b"2", "altro.txt"))
    assert response.status_code == 303
    assert response.location == f"/redazione/elaborazione?lotto={'0' * 16}"
    found, total = desk.house.services.reader.uploads(limit=10)
    assert total == 2
    dossier = desk.house.services.reader.dossier(found[1].public_id or "")
    assert dossier.record.state is State.DRAFT
    assert dossier.record.title == "Relazione annuale"
    assert dossier.owner is not None
    assert dossier.owner.id == ada.account
    assert desk.house.services.store.verify(hashlib.sha256(content).hexdigest()) == len(content)
    assert incoming(desk) == []
    page = ada.get(response.location)
    assert "Relazione_annuale.txt" in page.text
    assert "In attesa di lettura" in page.text


def test_a_bad_file_never_stops_the_others(desk: Desk) -> None:
    ada = desk.client()
    ada.send(
        (b"", "vuoto.pdf"),
        (b"MZ\x90\x00" + b"\0" * 100, "programma.exe"),
        (TEXT.encode(), "buono.txt"),
        (b"%PDF-1.7 not a pdf", "finto.docx"),
    )
    assert fates(desk) == {
        "vuoto.pdf": Fate.REFUSED,
        "programma.exe": Fate.REFUSED,
        "buono.txt": Fate.TAKEN,
        "finto.docx": Fate.REFUSED,
    }
    page = ada.get("/redazione/elaborazione").text
    assert "Il file è vuoto" in page
    assert "non corrisponde alla sua estensione" in page
    assert incoming(desk) == []


def test_scripts_get_the_answers_as_data(desk: Desk) -> None:
    response = desk.client().send((TEXT.encode(), "a.txt"), (b"", "b.txt"), script=True)
    assert response.status_code == 200
    assert [(each["name"], each["fate"]) for each in response.json or []] == [
        ("a.txt", "accettato"),
        ("b.txt", "rifiutato"),
    ]


def test_a_form_without_files_says_what_is_missing(desk: Desk) -> None:
    ada = desk.client()
    for response in (ada.send((b"", "")), ada.post(ADDRESS)):
        assert response.status_code == 422
        check_page(response.text)
        assert "Scegli almeno un file." in response.text


def test_the_limits_are_told_before(desk: Desk) -> None:
    page = desk.client().get(ADDRESS).text
    for words in ("PDF", "50", "20 file", "2"):
        assert words in page


def test_a_file_over_the_limit_is_refused_and_the_next_is_taken(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    view = desk.app.view_functions["staff_upload.receive"]
    monkeypatch.setattr(view, uploads.MARK, 1_000)
    ada = desk.client()
    ada.send((b"x" * 1_001, "grande.txt"), (b"parole " * 100, "piccolo.txt"))
    assert fates(desk) == {"grande.txt": Fate.REFUSED, "piccolo.txt": Fate.TAKEN}
    assert "supera i" in ada.get("/redazione/elaborazione").text


def test_too_many_files_are_refused_one_by_one(desk: Desk) -> None:
    files = [(f"{TEXT}{number}".encode(), f"{number}.txt") for number in range(22)]
    desk.client().send(*files)
    refused = {name for name, fate in fates(desk).items() if fate is Fate.REFUSED}
    assert refused == {"20.txt", "21.txt"}


def test_nothing_passes_through_memory_or_the_systems_folder(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def forbidden(*arguments: Any, **named: Any) -> Any:
        raise AssertionError("a temporary file of the system")

    content = (TEXT * 6_000).encode()
    ada = desk.client()
    assert len(content) > 5 * desk.app.config["MAX_CONTENT_LENGTH"]
    monkeypatch.setattr(formparser, "default_stream_factory", forbidden)
    monkeypatch.setattr(tempfile, "TemporaryFile", forbidden)
    monkeypatch.setattr(tempfile, "SpooledTemporaryFile", forbidden)
    assert ada.send((content, "lungo.txt")).status_code == 303
    assert fates(desk) == {"lungo.txt": Fate.TAKEN}


def test_other_forms_stay_small(desk: Desk) -> None:
    response = desk.client().post("/accedi/profilo/password", own_password="x" * 100_000)
    assert response.status_code == 413


def test_a_forged_form_leaves_nothing_behind(desk: Desk) -> None:
    ada = desk.client()
    data = {"csrf_token": "falso", "files": [(BytesIO(TEXT.encode()), "a.txt")]}
    response = ada.client.post(ADDRESS, data=data, headers=ORIGIN)
    assert response.status_code == 400
    assert fates(desk) == {}
    assert incoming(desk) == []


def test_a_full_disk_is_told_with_507(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    ada = desk.client()
    monkeypatch.setattr(desk.house.services.store, "reserve", 1 << 60)
    response = ada.send((TEXT.encode(), "a.txt"))
    assert response.status_code == 507
    check_page(response.text)


def test_a_quota_ends_with_words(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "MEGABYTE", 1)  # the setting counts in megabytes: now in bytes
    ada = desk.client()
    ada.send((b"a " * 900, "uno.txt"), (b"b " * 900, "due.txt"))
    assert fates(desk) == {"uno.txt": Fate.TAKEN, "due.txt": Fate.REFUSED}
    assert "24 ore" in ada.get("/redazione/elaborazione").text


def test_hostile_names_are_shown_as_text_and_never_used(desk: Desk, material: Path) -> None:
    names = json.loads((material / "ostili" / "file" / "nomi-1.json").read_text("utf-8"))
    ada = desk.client()
    for number, name in enumerate(names):
        sent = name.encode("utf-8", "surrogatepass").decode("utf-8", "replace")
        response = ada.send((f"{TEXT}{number}".encode(), sent), script=True)
        assert response.status_code in (200, 422), name
    page = ada.get("/redazione/elaborazione").text
    assert "<script>alert" not in page
    assert "\u202e" not in page
    assert "\u202f" not in page or "fdp" in page
    home = desk.house.services.settings.home
    assert {path.name for path in home.iterdir()} <= {
        "catalogue.sqlite3", "catalogue.sqlite3-wal", "catalogue.sqlite3-shm", "derived.sqlite3",
        "derived.sqlite3-wal", "derived.sqlite3-shm", "files", "incoming", "index", "secret",
        "derived.sqlite3.lock",
    }  # fmt: skip
    assert all(len(path.name) == 64 for path in home.glob("files/??/??/*"))


def test_the_same_bytes_are_shown_beside_their_document(desk: Desk) -> None:
    ada = desk.client()
    content = b"Le pratiche edilizie passo per passo."
    ada.send((content, "copia della guida.txt"))
    (upload,), _ = desk.house.services.reader.uploads(limit=1)
    assert upload.fate is Fate.TWIN
    page = ada.get(f"/redazione/doppioni/file/{upload.id}").text
    assert "Guida alle pratiche edilizie" in page
    assert "copia della guida.txt" in page
    assert "Annulla l'invio" in page
    assert ada.post(f"/redazione/doppioni/file/{upload.id}", scelta="annulla").status_code == 303
    assert fates(desk) == {"copia della guida.txt": Fate.DROPPED}
    assert ada.get(f"/redazione/doppioni/file/{upload.id}", 404)


def test_a_twin_may_be_kept_as_a_document_of_its_own(desk: Desk) -> None:
    ada = desk.client()
    ada.send((b"Le pratiche edilizie passo per passo.", "mia.txt"))
    (upload,), _ = desk.house.services.reader.uploads(limit=1)
    ada.post(f"/redazione/doppioni/file/{upload.id}", scelta="a-parte")
    (upload,), _ = desk.house.services.reader.uploads(limit=1)
    assert upload.fate is Fate.TAKEN
    assert desk.house.services.reader.dossier(upload.public_id or "").record.title == "Mia"


def test_an_old_version_may_become_the_newest_again(desk: Desk) -> None:
    house = desk.house
    guide = house.ids["guida"]
    newer = house.store(b"nuova guida", FileFormat.TEXT, "g.txt")
    house.services.catalogue.add_version(guide, newer, actor="prova")
    ada = desk.client()
    ada.send((b"Le pratiche edilizie passo per passo.", "vecchia.txt"))
    (upload,), _ = house.services.reader.uploads(limit=1)
    assert "Nuova versione di" in ada.get(f"/redazione/doppioni/file/{upload.id}").text
    ada.post(f"/redazione/doppioni/file/{upload.id}", scelta="versione")
    record = house.services.reader.dossier(guide).record
    assert isinstance(record, DocumentView)
    versions = record.versions
    assert [v.number for v in versions] == [1, 2, 3]
    assert versions[0].sha256 == versions[2].sha256


def test_a_twin_that_one_may_not_see_is_not_given_away(desk: Desk) -> None:
    house = desk.house
    content = TEXT.encode()
    bari = desk.client("bruna", Role.EDITOR, "bari")
    milan = desk.client("carlo", Role.EDITOR, "milano")
    bari.send((content, "riservato.txt"))
    response = milan.send((content, "mio.txt"), script=True)
    assert [each["fate"] for each in response.json or []] == ["accettato"]
    uploads_, _ = house.services.reader.uploads(milan.account, limit=5)
    mine = house.services.reader.dossier(uploads_[0].public_id or "")
    assert mine.owner is not None
    assert mine.owner.id == milan.account
    assert "riservato.txt" not in milan.get("/redazione/elaborazione?di=tutti").text


def test_nobody_decides_on_the_upload_of_another(desk: Desk) -> None:
    ada, ugo = desk.client(), desk.client("ugo")
    ada.send((b"Le pratiche edilizie passo per passo.", "x.txt"), (TEXT.encode(), "y.txt"))
    found, _ = desk.house.services.reader.uploads(limit=5)
    for upload in found:
        assert ugo.get(f"/redazione/doppioni/file/{upload.id}", 404)
        answer = ugo.post(f"/redazione/elaborazione/{upload.id}/riprova")
        assert answer.status_code == 404


@pytest.mark.parametrize(
    ("verdict", "words"),
    [("Prova.Test", "ha trovato «Prova.Test»"), (AntivirusUnavailable("x"), "non risponde")],
)
def test_an_antivirus_has_the_last_word(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, verdict: Any, words: str
) -> None:
    def infection(self: Antivirus, path: Path) -> str:
        if isinstance(verdict, Exception):
            raise verdict
        return str(verdict)

    monkeypatch.setattr(Antivirus, "infection", infection)
    object.__setattr__(desk.house.services.settings, "antivirus", "127.0.0.1:3310")
    ada = desk.client()
    ada.send((TEXT.encode(), "infetto.txt"))
    assert fates(desk) == {"infetto.txt": Fate.REFUSED}
    assert words in ada.get("/redazione/elaborazione").text
    assert incoming(desk) == []
    services = desk.house.services
    assert set(services.store.digests()) == set(services.reader.digests())


def test_a_failed_file_is_told_and_read_again_on_demand(desk: Desk) -> None:
    ada = desk.client()
    ada.send((TEXT.encode(), "difficile.txt"))
    (upload,), _ = desk.house.services.reader.uploads(limit=1)
    derived = desk.house.services.derived
    derived.put_failure(upload.sha256 or "", FailureKind.TOO_MUCH_TIME, "Ci vuole troppo tempo.")
    page = ada.get("/redazione/elaborazione").text
    assert "Ci vuole troppo tempo." in page
    assert "Riprova" in page
    assert ada.post(f"/redazione/elaborazione/{upload.id}/riprova").status_code == 303
    assert derived.failure(upload.sha256 or "") is None
    assert "In attesa di lettura" in ada.get("/redazione/elaborazione").text


def test_the_file_of_a_public_document_is_read_again_on_demand_too(desk: Desk) -> None:
    ada, services = desk.client(), desk.house.services
    ada.send((TEXT.encode(), "difficile.txt"))
    (upload,), _ = services.reader.uploads(limit=1)
    public_id = upload.public_id or ""
    services.catalogue.publish(public_id, actor="prova")
    services.catalogue.mark_indexed(services.reader.revisions())
    services.derived.put_failure(upload.sha256 or "", FailureKind.TOO_MUCH_TIME, "Troppo tempo.")
    before = services.reader.behind(limit=5)
    assert ada.post(f"/redazione/elaborazione/{upload.id}/riprova").status_code == 303
    found = set(services.reader.behind(limit=5)) - set(before)
    assert [behind[0] for behind in found] == [public_id]


def test_asking_again_for_a_file_that_was_read_well_loses_no_text(desk: Desk) -> None:
    ada = desk.client()
    ada.send((TEXT.encode(), "facile.txt"))
    (upload,), _ = desk.house.services.reader.uploads(limit=1)
    derived = desk.house.services.derived
    text = Extract(format=FileFormat.TEXT, pages=(PageText(1, TEXT),), unit="pagina")
    derived.put(upload.sha256 or "", text)
    assert ada.post(f"/redazione/elaborazione/{upload.id}/riprova").status_code == 303
    assert derived.get(upload.sha256 or "") == text


def test_texts_that_are_nearly_the_same_are_shown_side_by_side_and_joined(desk: Desk) -> None:
    house, ada = desk.house, desk.client()
    words = " ".join(f"parola{number} conta" for number in range(400))
    ada.send((f"{words}. Fine.".encode(), "prima.txt"), (f"{words}. Altro.".encode(), "dopo.txt"))
    (after, before), _ = house.services.reader.uploads(limit=2)
    services = house.services
    indexer = Indexer(
        services.reader, services.catalogue, services.store, services.derived, services.sandbox,
        services.engine,
    )  # fmt: skip
    assert indexer.read_unpublished(10) >= 2
    page = ada.get("/redazione/elaborazione").text
    assert "quasi uguale" in page
    compared = f"/redazione/doppioni/testo/{after.public_id}"
    page = ada.get(compared).text
    assert "prima.txt" in page
    assert "dopo.txt" in page
    assert "per cento del testo in comune" in page
    assert ada.post(compared, documento="inventato").status_code == 400
    assert ada.post(compared, documento=before.public_id).status_code == 303
    record = services.reader.dossier(before.public_id or "").record
    assert isinstance(record, DocumentView)
    assert [version.filename for version in record.versions] == ["prima.txt", "dopo.txt"]
    assert services.engine.search(Query(text="parola7")).total == 0
    ugo = desk.client("ugo", Role.EDITOR, "milano")
    assert ugo.get(f"/redazione/doppioni/testo/{before.public_id}", 404)


def test_the_report_on_accessibility_says_how_to_repair(desk: Desk) -> None:
    house, ada = desk.house, desk.client()
    ada.send((TEXT.encode(), "a.txt"))
    (upload,), _ = house.services.reader.uploads(limit=1)
    address = f"/redazione/accessibilita/{upload.public_id}"
    assert "non è ancora stato letto" in ada.get(address).text
    extract = Extract(
        format=FileFormat.PDF,
        pages=(PageText(1, "testo"),),
        accessibility=Accessibility(tagged=False, title=False, language="it"),
    )
    house.services.derived.put(upload.sha256 or "", extract)
    page = ada.get(address).text
    assert "Il PDF non ha struttura" in page
    assert "PDF con tag" in page
    assert "Manca il titolo" in page


def test_the_form_is_filled_with_what_the_file_says_and_where(desk: Desk) -> None:
    house, ada = desk.house, desk.client()
    text = (
        "Linee guida per lo sportello unico di Bari\nVersione 1.2 - marzo 2021\n\n"
        "Il Comune di Bari ha riunito in un solo sportello unico le pratiche delle attività "
        "produttive, con la modulistica e le autorizzazioni di venti comuni.\n"
    )
    ada.send((text.encode(), "doc1.txt"))
    (upload,), _ = house.services.reader.uploads(limit=1)
    address = f"/redazione/contenuti/{upload.public_id}/modifica"
    assert "ancora in lettura" in ada.get(address).text
    house.services.derived.put(
        upload.sha256 or "",
        house.services.sandbox.read(house.services.store.path(upload.sha256 or "")),
    )
    page = ada.get(address).text
    assert 'value="Linee guida per lo sportello unico di Bari"' in page
    assert 'value="2021"' in page
    assert "salvando li confermi" in page
    assert "dal testo, pag. 1" in page
    assert "dagli elenchi del portale" in page
    assert house.services.reader.dossier(upload.public_id or "").record.title == "Doc1"


def test_what_a_person_has_saved_is_never_replaced(desk: Desk) -> None:
    house, ada = desk.house, desk.client()
    ada.send((b"Linee guida per lo sportello unico\nVersione 1.2\n", "doc1.txt"))
    (upload,), _ = house.services.reader.uploads(limit=1)
    services, public_id = house.services, upload.public_id or ""
    path = services.store.path(upload.sha256 or "")
    services.derived.put(upload.sha256 or "", services.sandbox.read(path))
    draft = DocumentDraft(kind=Kind.GUIDE, title="Il titolo che voglio io")
    services.catalogue.revise(public_id, draft, actor="ada@ente.it")
    page = ada.get(f"/redazione/contenuti/{public_id}/modifica").text
    assert 'value="Il titolo che voglio io"' in page
    assert "salvando li confermi" not in page
    assert "Letto nel file" in page


def test_a_new_version_waits_for_a_reviewer(desk: Desk) -> None:
    house, ada = desk.house, desk.client()
    guide = house.ids["guida"]
    address = f"/redazione/carica/versione/{guide}"
    assert "Guida alle pratiche edilizie" in ada.get(address).text
    data = {"csrf_token": ada.token(), "files": [(BytesIO(b""), "vuoto.txt")]}
    refused = ada.client.post(address, data=data, headers=ORIGIN)
    assert refused.status_code == 422
    check_page(refused.text)
    assert "Il file è vuoto" in refused.text
    data = {"csrf_token": ada.token(), "files": [(BytesIO(TEXT.encode()), "guida2.txt")]}
    assert ada.client.post(address, data=data, headers=ORIGIN).status_code == 303
    record = house.services.reader.dossier(guide).record
    assert isinstance(record, DocumentView)
    assert [version.filename for version in record.versions] == ["guida.txt", "guida2.txt"]
    public = house.services.reader.record(guide)
    assert isinstance(public, DocumentView)
    assert [version.number for version in public.versions] == [1]
    milan = desk.client("carlo", Role.EDITOR, "bari")
    assert milan.get(address, 403)


@pytest.mark.material
@pytest.mark.slow
def test_hostile_files_get_an_answer_and_nothing_else(desk: Desk, material: Path) -> None:
    """Each is taken or refused with words at once; what its reader finds later is another test."""
    ada = desk.client()
    paths = sorted((material / "ostili" / "file").glob("*"))
    assert len(paths) > 150
    for path in paths:
        started = time.monotonic()
        response = ada.send((path.read_bytes(), path.name), script=True)
        assert response.status_code == 200, path.name
        assert time.monotonic() - started < 5, path.name
        (answer,) = response.json or []
        assert answer["fate"] in {"accettato", "doppione"} or answer["reason"], path.name
    check_page(ada.get("/redazione/elaborazione").text)
    assert incoming(desk) == []
