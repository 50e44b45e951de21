"""A backup is taken while the portal works, and what comes back from it is the same."""

import json
import threading
from io import BytesIO
from pathlib import Path

import pytest

from corpus.backup import NotABackup, NotEmpty, backup, restore
from corpus.catalogue import Catalogue
from corpus.database import Database
from corpus.errors import IncompleteHome
from corpus.home import DataHome
from corpus.reader import Reader
from corpus.records import DocumentDraft, NewFile
from corpus.store import FileStore
from corpus.vocabulary import FileFormat, Kind, State


def opened(path: Path) -> tuple[DataHome, Database, Catalogue, Reader]:
    home = DataHome(path)
    home.create()
    database = Database(home.catalogue)
    database.migrate()
    return home, database, Catalogue(database, FileStore(home, reserve=0)), Reader(database)


def add(home: DataHome, catalogue: Catalogue, text: str) -> str:
    stored = FileStore(home, reserve=0).receive(BytesIO(text.encode()), 1 << 20)
    file = NewFile(stored.sha256, stored.size, FileFormat.TEXT, "testo.txt")
    draft = DocumentDraft(kind=Kind.GUIDE, title=text)
    return catalogue.add(draft, file, actor="prova", state=State.PUBLISHED)


def test_what_is_restored_is_what_was_saved(tmp_path: Path) -> None:
    home, _, catalogue, reader = opened(tmp_path / "home")
    ids = [add(home, catalogue, f"Documento {n}") for n in range(3)]
    catalogue.mark_indexed(dict.fromkeys(ids, 1))
    assert backup(home, tmp_path / "copia").files == 3
    restored = restore(tmp_path / "copia", DataHome(tmp_path / "altra"))
    assert (restored.files, restored.lost) == (3, ())
    other, _, _, again = opened(tmp_path / "altra")
    assert [again.record(id) for id in ids] == [reader.record(id) for id in ids]
    for sha256 in again.digests():
        assert FileStore(other).verify(sha256)
    assert len(again.behind(10)) == 3, "the index does not travel"
    assert again.first_broken_log_entry() is None


def test_a_backup_taken_during_writes_is_consistent(tmp_path: Path) -> None:
    home, _, catalogue, _ = opened(tmp_path / "home")
    add(home, catalogue, "Il primo")
    stop = threading.Event()

    def keep_writing() -> None:
        number = 0
        while not stop.is_set():
            number += 1
            add(home, catalogue, f"Documento {number}")

    writer = threading.Thread(target=keep_writing)
    writer.start()
    try:
        copies = [backup(home, tmp_path / f"copia{n}") for n in range(4)]
    finally:
        stop.set()
        writer.join()
    assert all(copied.lost == () for copied in copies)
    for number, copied in enumerate(copies):
        restore(tmp_path / f"copia{number}", DataHome(tmp_path / f"altra{number}"))
        _, database, _, reader = opened(tmp_path / f"altra{number}")
        assert reader.count() == copied.files
        assert reader.first_broken_log_entry() is None
        database.close()


def test_a_second_backup_in_the_same_place_copies_only_what_is_new(tmp_path: Path) -> None:
    home, _, catalogue, _ = opened(tmp_path / "home")
    add(home, catalogue, "Il primo")
    backup(home, tmp_path / "copia")
    (old,) = FileStore(DataHome(tmp_path / "copia")).digests()
    before = FileStore(DataHome(tmp_path / "copia")).path(old).stat()
    add(home, catalogue, "Il secondo")
    assert backup(home, tmp_path / "copia").files == 2
    assert FileStore(DataHome(tmp_path / "copia")).path(old).stat().st_ino == before.st_ino
    assert restore(tmp_path / "copia", DataHome(tmp_path / "altra")).files == 2


def test_a_damaged_file_is_told_and_the_rest_is_saved(tmp_path: Path) -> None:
    home, _, catalogue, reader = opened(tmp_path / "home")
    add(home, catalogue, "Sano")
    add(home, catalogue, "Guasto")
    broken = reader.digests()[0]
    path = FileStore(home).path(broken)
    path.chmod(0o600)
    path.write_bytes(b"altro")
    assert backup(home, tmp_path / "copia").lost == (broken,)


def test_other_folders_are_never_written_over(tmp_path: Path) -> None:
    home, *_ = opened(tmp_path / "home")
    (tmp_path / "mia").mkdir()
    (tmp_path / "mia" / "tesi.txt").write_text("importante")
    with pytest.raises(NotEmpty):
        backup(home, tmp_path / "mia")
    backup(home, tmp_path / "copia")
    with pytest.raises(NotEmpty):
        restore(tmp_path / "copia", home)
    assert (tmp_path / "mia" / "tesi.txt").read_text() == "importante"


@pytest.mark.parametrize("harm", ["missing", "changed", "unknown format"])
def test_what_is_no_whole_backup_is_refused(tmp_path: Path, harm: str) -> None:
    home, _, catalogue, _ = opened(tmp_path / "home")
    add(home, catalogue, "Il primo")
    copy = tmp_path / "copia"
    backup(home, copy)
    note = copy / "backup.json"
    if harm == "missing":
        note.unlink()
    elif harm == "changed":
        content = bytearray((copy / "catalogue.sqlite3").read_bytes())
        content[-1] ^= 1
        (copy / "catalogue.sqlite3").write_bytes(content)
    else:
        note.write_text(json.dumps(json.loads(note.read_text()) | {"format": 2}))
    with pytest.raises(NotABackup) as refused:
        restore(copy, DataHome(tmp_path / "altra"))
    assert refused.value.reason == harm
    assert not (tmp_path / "altra").exists()


def test_an_interrupted_restore_refuses_to_start(tmp_path: Path) -> None:
    home, _, catalogue, _ = opened(tmp_path / "home")
    add(home, catalogue, "Il primo")
    backup(home, tmp_path / "copia")

    def cut(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        restore(tmp_path / "copia", DataHome(tmp_path / "altra"), cut)
    with pytest.raises(IncompleteHome):
        opened(tmp_path / "altra")
