"""Importing a list and a ZIP at the desk: a trial, the list back with errors, all or nothing."""

import csv
import errno
import html
import io
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from werkzeug.test import TestResponse

from corpus.errors import NoSpace
from corpus.records import DocumentView
from corpus.vocabulary import Role, State
from indexer import parcel
from indexer.antivirus import Antivirus, AntivirusUnavailable
from indexer.extract.sandbox import Sandbox
from indexer.jobs import Jobs, Stage
from indexer.outcomes import Outcome
from portal.app import create_app
from tests.portal.house import House
from tests.portal.test_uploads import ORIGIN, Browser, Desk

ADDRESS = "/redazione/importa"
HEADINGS = "file;titolo;citta;anno;colore\n"
TEXT = "Il testo di un documento di prova che parla di comuni e di servizi.\n"


@pytest.fixture(scope="module")
def readers() -> Iterator[Sandbox]:
    with Sandbox() as sandbox:
        yield sandbox


@pytest.fixture
def desk(other_house: House, readers: Sandbox) -> Desk:
    other_house.services = replace(other_house.services, sandbox=readers)
    app = create_app(services=other_house.services)
    app.testing = True
    return Desk(other_house, app)


def zipped(**files: bytes) -> bytes:
    kept = BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name.replace("__", "/").replace("_dot_", "."), content)
    return kept.getvalue()


def send(browser: Browser, parcel: bytes, listed: str | None = None) -> TestResponse:
    data = {"csrf_token": browser.token(), "parcel": (BytesIO(parcel), "lotto.zip")}
    if listed is not None:
        data["listed"] = (BytesIO(listed.encode()), "elenco.csv")
    return browser.client.post(ADDRESS, data=data, headers=ORIGIN)


def work(desk: Desk) -> None:
    imports = desk.house.services.imports
    for _ in range(50):
        if not imports.work():
            return
    raise AssertionError("the import does not end")


def drafts(desk: Desk) -> dict[str, DocumentView]:
    records = desk.house.services.reader.in_states(State.DRAFT)
    return {r.title: r for r in records if isinstance(r, DocumentView)}


FILES = {
    "uno_dot_txt": (TEXT + "uno").encode(),
    "due_dot_txt": (TEXT + "due").encode(),
    "vuoto_dot_txt": b"",
    "guida_dot_txt": b"Le pratiche edilizie passo per passo.",
}
LIST = (
    HEADINGS
    + "uno.txt;Il primo;Bari;2021;rosso\n"
    + "due.txt;Il secondo;Atlantide;duemila;\n"
    + "vuoto.txt;Il terzo;;;\n"
    + "manca.txt;Il quarto;;;\n"
    + "guida.txt;Il quinto;;;\n"
    + "uno.txt;=1+1;;;\n"
)


def test_a_trial_changes_nothing_and_says_what_would_happen(desk: Desk) -> None:
    ada = desk.client()
    before = drafts(desk)
    response = send(ada, zipped(**FILES), LIST)
    assert response.status_code == 303
    assert "Prova in corso" in ada.get(response.location).text
    work(desk)
    assert drafts(desk).keys() == before.keys()
    job = response.location.rpartition("/")[2]
    lines = desk.house.services.imports.jobs.lines(job)
    assert [line.outcome for line in lines] == [
        Outcome.ADDED,
        Outcome.ADDED,
        Outcome.REFUSED,
        Outcome.REFUSED,
        Outcome.DUPLICATE,
        Outcome.DUPLICATE,
    ]
    page = ada.get(response.location).text
    for words in (
        "Il primo",
        "Atlantide",
        "A 1 bozza mancherebbero",
        "Il file è vuoto",
        "non contiene questo file",
        "colore",
    ):
        assert words in page


@pytest.fixture
def antivirus(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> dict[bytes, str]:
    """What an antivirus finds in files that hold these bytes; "" where it does not answer."""
    finds: dict[bytes, str] = {}

    def infection(self: Antivirus, path: Path) -> str | None:
        for sign, name in finds.items():
            if sign in path.read_bytes():
                if not name:
                    raise AntivirusUnavailable("timed out")
                return name
        return None

    monkeypatch.setattr(Antivirus, "infection", infection)
    object.__setattr__(desk.house.services.settings, "antivirus", "127.0.0.1:3310")
    return finds


def test_a_file_of_the_parcel_that_the_antivirus_stops_is_refused(
    desk: Desk, antivirus: dict[bytes, str]
) -> None:
    antivirus[b"uno"] = "Prova.Test"
    ada = desk.client()
    response = send(ada, zipped(**FILES), LIST)
    work(desk)
    job = response.location.rpartition("/")[2]
    jobs = desk.house.services.imports.jobs
    first, second, *_ = jobs.lines(job)
    assert first.outcome is Outcome.REFUSED
    assert "ha trovato «Prova.Test»" in first.reason
    assert second.outcome is Outcome.ADDED
    left = [path.read_bytes() for path in (jobs.place(job) / "files").iterdir()]
    assert left
    assert not any(b"uno" in content for content in left)


def test_without_the_antivirus_that_it_asks_the_portal_tries_no_import(
    desk: Desk, antivirus: dict[bytes, str]
) -> None:
    antivirus[b"uno"] = ""
    ada = desk.client()
    response = send(ada, zipped(**FILES), LIST)
    work(desk)
    assert "controllo antivirus non risponde" in ada.get(response.location).text


def test_without_the_antivirus_that_it_asks_the_portal_adds_nothing(
    desk: Desk, antivirus: dict[bytes, str]
) -> None:
    antivirus[b"uno"] = "Prova.Test"
    ada = desk.client()
    response = send(ada, zipped(**FILES), LIST)
    work(desk)
    before = drafts(desk)
    antivirus[b"uno"] = ""
    assert ada.post(f"{response.location}/conferma").status_code == 303
    work(desk)
    assert drafts(desk).keys() == before.keys()
    job = desk.house.services.imports.jobs.get(response.location.rpartition("/")[2])
    assert job.stage is Stage.TRIED
    assert "controllo antivirus non risponde" in ada.get(response.location).text


def test_a_disk_that_fills_while_a_parcel_is_opened_is_no_fault_of_the_parcel(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_source: object) -> Iterator[bytes]:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(parcel, "_pieces", full)
    ada = desk.client()
    response = send(ada, zipped(**FILES), LIST)
    work(desk)
    page = ada.get(response.location).text
    assert "non c'è spazio per questi file" in html.unescape(page)
    assert "danneggiato" not in page


def test_the_same_list_comes_back_with_its_errors(desk: Desk) -> None:
    ada = desk.client()
    response = send(ada, zipped(**FILES), LIST)
    work(desk)
    answer = ada.client.get(f"{response.location}/esito.csv")
    assert answer.mimetype == "text/csv"
    text = answer.text.lstrip("\ufeff")
    rows = list(csv.DictReader(io.StringIO(text), delimiter=";"))  # parted as the sender did
    assert list(rows[0]) == ["file", "titolo", "citta", "anno", "colore", "esito", "errore"]
    assert (rows[0]["esito"], rows[0]["errore"]) == ("da aggiungere", "")  # nothing is yet
    assert "Atlantide" in rows[1]["errore"]
    assert rows[3]["esito"] == "rifiutato"
    assert rows[5]["titolo"] == "'=1+1"


def test_the_example_of_a_list_is_understood_as_it_is(desk: Desk) -> None:
    ada = desk.client()
    assert f'href="{ADDRESS}/esempio.csv"' in ada.get(ADDRESS).text
    example = ada.client.get(f"{ADDRESS}/esempio.csv")
    listed = example.text.lstrip("\ufeff").replace(".pdf", ".txt").replace(".docx", ".txt")
    files = {"relazione_dot_txt": TEXT.encode(), "cartella__guida_dot_txt": TEXT[::-1].encode()}
    response = send(ada, zipped(**files), listed)
    work(desk)
    lines = desk.house.services.imports.jobs.lines(response.location.rpartition("/")[2])
    assert [(line.outcome, line.reason, line.warnings) for line in lines] == [
        (Outcome.ADDED, "", ())
    ] * 2
    page = ada.get(response.location).text
    assert "Verrebbero aggiunte 2 bozze." in page
    assert "resterebbe" not in page
    assert "non ha capito" not in page
    assert "Aggiungi 2 bozze" in page


def test_what_was_confirmed_enters_in_one_step(desk: Desk) -> None:
    ada = desk.client()
    response = send(ada, zipped(**FILES), LIST)
    work(desk)
    assert ada.post(f"{response.location}/conferma").status_code == 303
    work(desk)
    added = drafts(desk)
    assert added["Il primo"].cities == ("bari",)
    assert added["Il primo"].year == 2021
    assert "Il secondo" in added
    owner = desk.house.services.reader.dossier(added["Il primo"].public_id).owner
    assert owner is not None
    assert owner.id == ada.account
    assert "Importazione fatta" in ada.get(response.location).text
    form = ada.get(f"/redazione/contenuti/{added['Il primo'].public_id}/modifica").text
    assert 'value="Il primo"' in form  # what the list says is not replaced by what the file says
    assert "salvando li confermi" not in form
    again = send(ada, zipped(**FILES), LIST)
    work(desk)
    lines = desk.house.services.imports.jobs.lines(again.location.rpartition("/")[2])
    assert [line.outcome for line in lines][:2] == [Outcome.PRESENT, Outcome.PRESENT]


def test_all_or_nothing_when_something_fails_in_the_middle(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada, services = desk.client(), desk.house.services
    response = send(ada, zipped(**FILES), LIST)
    work(desk)
    ada.post(f"{response.location}/conferma")
    calls = 0
    receive = services.store.receive

    def full(stream: BytesIO, limit: int) -> object:
        nonlocal calls
        calls += 1
        if calls == 2:
            raise NoSpace(free=0, needed=1)
        return receive(stream, limit)

    monkeypatch.setattr(services.store, "receive", full)
    work(desk)
    assert "Il primo" not in drafts(desk)
    page = ada.get(response.location).text
    assert "più spazio" in page
    monkeypatch.undo()
    ada.post(f"{response.location}/conferma")
    work(desk)
    assert {"Il primo", "Il secondo"} <= drafts(desk).keys()


def test_a_confirmed_import_that_was_interrupted_goes_on(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The stage is on disk: whoever comes next does the rest, and nothing twice."""
    ada, jobs = desk.client(), desk.house.services.imports.jobs
    response = send(ada, zipped(**FILES), LIST)
    work(desk)
    ada.post(f"{response.location}/conferma")
    job = jobs.get(response.location.rpartition("/")[2])

    def killed(self: Jobs, *arguments: object) -> None:
        raise KeyboardInterrupt  # after the commit, before anything is noted

    with monkeypatch.context() as patch:
        patch.setattr(Jobs, "finish", killed)
        with pytest.raises(KeyboardInterrupt):
            desk.house.services.imports.work()
    work(desk)
    titles = [record.title for record in desk.house.services.reader.in_states(State.DRAFT)]
    assert titles.count("Il primo") == 1
    assert jobs.get(job.id).stage is Stage.DONE
    assert {path.name for path in jobs.place(job.id).iterdir()} == {
        "job.json",
        "lines.json",
        "list.csv",
    }


def test_imports_that_wait_for_their_sender_are_only_some(desk: Desk) -> None:
    ada = desk.client()
    for _ in range(5):
        assert send(ada, zipped(**FILES)).status_code == 303
    refused = send(ada, zipped(**FILES))
    assert refused.status_code == 422
    assert "5 importazioni in sospeso" in refused.text


def test_a_list_inside_the_zip_and_a_folder_around_all_are_understood(desk: Desk) -> None:
    ada = desk.client()
    parcel = zipped(cartella__elenco_dot_csv=b"file,titolo\nuno.txt,Dentro\n",
                    cartella__uno_dot_txt=FILES["uno_dot_txt"])  # fmt: skip
    response = send(ada, parcel)
    work(desk)
    assert "Dentro" in ada.get(response.location).text


def test_without_a_list_the_files_speak_for_themselves(desk: Desk) -> None:
    ada = desk.client()
    response = send(ada, zipped(relazione_finale_dot_txt=TEXT.encode()))
    work(desk)
    lines = desk.house.services.imports.jobs.lines(response.location.rpartition("/")[2])
    assert [line.outcome for line in lines] == [Outcome.ADDED]


@pytest.mark.parametrize(
    ("parcel", "words"),
    [
        (b"not a zip at all", "Non è un archivio ZIP integro"),
        (zipped(**{"..__fuori_dot_txt": b"x"}), "escono dalla sua cartella"),
        (zipped(bomba_dot_txt=b"0" * 30_000_000), "sproporzionato"),
        (zipped(), "non contiene file"),
    ],
)
def test_a_dangerous_zip_is_refused_with_words(desk: Desk, parcel: bytes, words: str) -> None:
    ada = desk.client()
    response = send(ada, parcel, LIST)
    work(desk)
    assert words in ada.get(response.location).text
    home = desk.house.services.settings.home
    assert not (home.parent / "fuori.txt").exists()


def test_a_form_without_a_zip_says_so(desk: Desk) -> None:
    ada = desk.client()
    answer = ada.post(ADDRESS)
    assert answer.status_code == 422
    assert "Scegli un file" in answer.text


def test_an_import_is_its_senders_alone(desk: Desk) -> None:
    ada, ugo = desk.client(), desk.client("ugo")
    response = send(ada, zipped(**FILES), LIST)
    assert ugo.get(response.location, 404)
    assert ugo.post(f"{response.location}/annulla").status_code == 404
    assert "lotto.zip" not in ugo.get(ADDRESS).text
    assert ada.post(f"{response.location}/annulla").status_code == 303
    assert ada.get(response.location, 404)


def test_who_is_limited_to_cities_imports_only_theirs(desk: Desk) -> None:
    milan = desk.client("carlo", Role.EDITOR, "milano")
    response = send(milan, zipped(**FILES), LIST)
    work(desk)
    assert "soltanto delle tue città" in milan.get(response.location).text
