"""The command line as an operator uses it: words, exit codes, what is on disk afterwards."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from corpus.database import Database
from corpus.home import DataHome
from corpus.reader import Reader

ROOT = Path(__file__).resolve().parent.parent


def run(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {k: v for k, v in os.environ.items() if not k.startswith("METROPOLI_")}
    return subprocess.run(
        [sys.executable, "run.py", *arguments],
        cwd=ROOT,
        env=environment | {"METROPOLI_HOME": str(home)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def reader_of(home: Path) -> Reader:
    database = Database(DataHome(home).catalogue)
    database.migrate()
    return Reader(database)


@pytest.fixture(scope="module")
def materials(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("materiali")
    (folder / "suap.txt").write_text("Lo sportello unico dell'area metropolitana. " * 20, "utf-8")
    (folder / "vuoto.txt").write_bytes(b"")
    return folder


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory, materials: Path) -> Path:
    home = tmp_path_factory.mktemp("imported") / "home"
    done = run(home, "import", str(materials))
    assert done.returncode == 1, done.stderr
    assert "Aggiunti 1" in done.stdout
    assert "rifiutati 1" in done.stdout
    return home


def test_a_second_import_adds_nothing(imported: Path, materials: Path) -> None:
    before = reader_of(imported).public_ids()
    done = run(imported, "import", str(materials))
    assert "Aggiunti 0, già presenti 1" in done.stdout
    assert reader_of(imported).public_ids() == before


def test_a_wrong_command_is_said_in_italian_without_a_trace(tmp_path: Path) -> None:
    done = run(tmp_path / "home", "impor")
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert "comando" in done.stderr.lower()


def test_a_wrong_setting_names_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    done = subprocess.run(
        [sys.executable, "run.py", "verify"],
        cwd=ROOT,
        env=os.environ | {"METROPOLI_HOME": str(tmp_path / "home"), "METROPOLI_PORT": "alta"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 2
    assert "METROPOLI_PORT" in done.stderr


def test_a_copy_brings_back_the_same_records_and_a_changed_byte_is_found(
    imported: Path, tmp_path: Path
) -> None:
    assert run(imported, "backup", str(tmp_path / "copia")).returncode == 0
    restored = tmp_path / "altra"
    assert run(restored, "restore", str(tmp_path / "copia")).returncode == 0
    assert reader_of(restored).public_ids() == reader_of(imported).public_ids()
    assert run(restored, "verify").returncode == 0

    stored = next(path for path in (restored / "files").rglob("*") if path.is_file())
    stored.chmod(0o600)
    stored.write_bytes(bytes([stored.read_bytes()[0] ^ 1]) + stored.read_bytes()[1:])
    found = run(restored, "verify")
    assert found.returncode == 4
    assert stored.name[:8] in found.stdout + found.stderr


def test_a_copy_is_never_put_over_a_folder_with_data(imported: Path, tmp_path: Path) -> None:
    assert run(imported, "backup", str(tmp_path / "copia")).returncode == 0
    assert run(imported, "restore", str(tmp_path / "copia")).returncode != 0


def test_an_account_is_added_with_a_link_that_is_shown_once(imported: Path) -> None:
    added = run(imported, "users", "add", "anna@example.org", "Anna Prova", "--role", "revisore")
    assert added.returncode == 0, added.stderr
    assert "/accedi/" in added.stdout
    listed = run(imported, "users", "list")
    assert "anna@example.org" in listed.stdout
    assert "/accedi/" not in listed.stdout


def test_the_search_of_the_founding_collection_stays_above_its_floor(imported: Path) -> None:
    measured = run(imported, "relevance")
    assert measured.returncode == 0, measured.stdout
    assert measured.stdout.count("\n    ") >= 42
    assert "scheda non pubblicata" not in measured.stdout


def test_a_search_below_the_floor_ends_with_its_own_code(tmp_path: Path) -> None:
    assert run(tmp_path / "empty", "relevance").returncode == 5
