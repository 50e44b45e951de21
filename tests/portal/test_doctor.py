"""Faults of set-up are told in words, each with its remedy, and nothing is changed by looking."""

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from corpus.home import DataHome
from corpus.store import RESERVE
from indexer.engines.whoosh_engine import WhooshEngine
from indexer.ownership import ownership
from portal import doctor, milestones
from portal.commands.parser import main
from portal.doctor import Gravity, examine
from portal.settings import Settings
from tests.portal.house import House, settings

Spoil = Callable[[DataHome], None]
GOOD, ADVICE, FAULT = Gravity.GOOD, Gravity.ADVICE, Gravity.FAULT


def told(given: Settings, gravity: Gravity | None = None, **more: Any) -> dict[str, str]:
    """Sentence by subject, of the findings of this gravity or of all but the good ones."""
    return {
        finding.subject: finding.sentence
        for finding in examine(given, **more)
        if (finding.gravity is gravity if gravity else finding.gravity is not GOOD)
    }


@pytest.fixture
def sound(other_house: House) -> Settings:
    """The settings of a folder with which nothing is wrong."""
    home = other_house.services.settings.home
    WhooshEngine(home / "index").rebuild(())
    reader = other_house.services.reader
    other_house.services.catalogue.mark_indexed(
        {id: revision for id, revision, _ in reader.behind(1000)}
    )
    milestones.note(home, milestones.BACKUP, files=3, lost=0)
    return other_house.services.settings


def test_a_sound_installation_has_nothing_to_mend(sound: Settings) -> None:
    assert told(sound) == {}
    good = told(sound, GOOD)
    assert {"orologio", "cartella dei dati", "disco", "catalogo", "file", "indice"} <= set(good)


def test_a_folder_that_is_not_there_yet_is_no_fault_and_is_not_made(tmp_path: Path) -> None:
    assert told(settings(tmp_path / "nuova")) == {}
    assert not (tmp_path / "nuova").exists()


def no_catalogue(home: DataHome) -> None:
    for path in home.path.glob("catalogue.sqlite3*"):
        path.unlink()


def other_schema(version: str) -> Spoil:
    def spoil(home: DataHome) -> None:
        with closing(sqlite3.connect(home.catalogue)) as database:
            database.execute("UPDATE alembic_version SET version_num = ?", (version,))
            database.commit()

    return spoil


def no_database(home: DataHome) -> None:
    no_catalogue(home)
    home.catalogue.write_bytes(b"this is no database, whatever its name says" * 100)


def lose_a_file(home: DataHome) -> None:
    next(path for path in home.files.rglob("*") if path.is_file()).unlink()


def open_to_others(home: DataHome) -> None:
    home.path.chmod(0o755)


def show_the_secret(home: DataHome) -> None:
    home.secret.chmod(0o644)


def spoil_the_secret(home: DataHome) -> None:
    home.secret.chmod(0o600)
    home.secret.write_text("changeme")


def no_index(home: DataHome) -> None:
    shutil.rmtree(home.index)


@pytest.mark.parametrize(
    ("spoil", "subject", "gravity", "words"),
    [
        (no_catalogue, "catalogo", FAULT, "run.py restore"),
        (other_schema("9999"), "catalogo", FAULT, "9999"),
        (other_schema("0000"), "catalogo", ADVICE, "run.py backup"),
        (no_database, "catalogo", FAULT, "non è un catalogo"),
        (lose_a_file, "file", FAULT, "ne mancano 1 su"),
        (open_to_others, "cartella dei dati", ADVICE, "chmod 700"),
        (show_the_secret, "chiave segreta", FAULT, "chmod 600"),
        (spoil_the_secret, "chiave segreta", FAULT, "non contiene una chiave"),
        (no_index, "indice", ADVICE, "run.py rebuild"),
    ],
)
def test_what_is_wrong_with_the_folder_is_told_with_its_remedy(
    sound: Settings, spoil: Spoil, subject: str, gravity: Gravity, words: str
) -> None:
    spoil(DataHome(sound.home))
    assert words in told(sound, gravity)[subject]


@pytest.mark.parametrize(
    ("changes", "subject", "words"),
    [
        ({"hosts": ("documenti.ente.it:8000",)}, "nomi del sito", "senza porta"),
        ({"hosts": ("*.ente.it",)}, "nomi del sito", "nome intero"),
        ({"host": "0.0.0.0"}, "nomi del sito", "METROPOLI_HOSTS"),  # noqa: S104
        ({"hosts": ("documenti.ente.it",)}, "https", "METROPOLI_HTTPS"),
        ({"hosts": ("documenti.ente.it",)}, "proxy", "METROPOLI_PROXY_HOPS"),
        ({"hosts": ("documenti.ente.it",)}, "contatti", "METROPOLI_CONTACT_EMAIL"),
        (
            {"hosts": ("documenti.ente.it",), "is_official": True},
            "catalogo dei dati",
            "METROPOLI_IPA_CODE",
        ),
        ({"texts": Path("/non/esiste")}, "testi legali", "/non/esiste"),
    ],
)
def test_what_is_wrong_with_the_settings_is_told_by_its_variable(
    sound: Settings, changes: dict[str, Any], subject: str, words: str
) -> None:
    assert words in told(replace(sound, **changes))[subject]


class Disk(NamedTuple):
    free: int


@pytest.mark.parametrize(("free", "gravity"), [(RESERVE, FAULT), (RESERVE * 4, ADVICE)])
def test_a_disk_that_fills_up_is_told(
    sound: Settings, monkeypatch: pytest.MonkeyPatch, free: int, gravity: Gravity
) -> None:
    monkeypatch.setattr(doctor.shutil, "disk_usage", lambda path: Disk(free))
    assert "MB liberi" in told(sound, gravity)["disco"]


def test_a_clock_that_is_wrong_is_told(sound: Settings) -> None:
    assert (
        "prima che questo programma"
        in told(sound, now=datetime(1970, 1, 1, tzinfo=UTC))["orologio"]
    )
    past = told(sound, now=datetime(2026, 1, 2, tzinfo=UTC))
    assert "nel futuro" in past["date del catalogo"]


def test_records_that_wait_are_a_matter_only_while_nobody_works(
    sound: Settings, other_house: House
) -> None:
    services = other_house.services
    services.catalogue.put_behind(services.reader.public_ids())
    assert "avvia il portale" in told(sound)["indice"]
    assert "run.py work" in told(replace(sound, worker=False))["indice"]
    with ownership(sound.home / "index.lock"):
        assert "indice" not in told(sound)


def test_an_old_or_broken_backup_is_told(sound: Settings) -> None:
    later = datetime.now(UTC) + timedelta(days=8)
    assert "l'ultima è del" in told(sound, now=later)["copia di sicurezza"]
    milestones.note(sound.home, milestones.BACKUP, files=3, lost=2)
    assert "mancavano 2 file" in told(sound, FAULT)["copia di sicurezza"]
    (sound.home / "last-backup.json").unlink()
    assert "non ne è mai stata fatta" in told(sound, ADVICE)["copia di sicurezza"]


def test_looking_changes_nothing(sound: Settings) -> None:
    def state() -> dict[str, tuple[int, bytes]]:
        return {
            str(path): (path.stat().st_mode, path.read_bytes())
            for path in sound.home.rglob("*")
            if path.is_file() and not path.name.endswith(("-wal", "-shm"))
        }

    before = state()
    list(examine(sound))
    assert state() == before


def test_the_command_tells_by_its_exit_code_whether_something_is_broken(
    sound: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("METROPOLI_HOME", str(sound.home))
    assert main(["doctor"]) == 0
    assert "Guasti: 0. Da sistemare: 0." in capsys.readouterr().out
    lose_a_file(DataHome(sound.home))
    assert main(["doctor"]) == 3
    assert "guasto      file: ne mancano 1" in capsys.readouterr().out
