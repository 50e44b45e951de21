"""The cache of texts answers page by page and survives deletion, damage and company."""

import sqlite3
import subprocess
import sys
import threading
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from corpus.vocabulary import FileFormat
from indexer.derived import Derived
from indexer.engine import PageText
from indexer.extract.base import Accessibility, Extract, FailureKind, Heading

A, B = "a" * 64, "b" * 64


def extract(*texts: str) -> Extract:
    return Extract(
        format=FileFormat.PDF,
        pages=tuple(PageText(n, text, f"p{n}") for n, text in enumerate(texts, start=1)),
        title="Perché la città",
        authors=("Ada Rossi", "Ugo Bò"),
        issued=date(2021, 5, 3),
        language="it",
        outline=(Heading(1, "Premessa", 1), Heading(2, "Metodo")),
        accessibility=Accessibility(tagged=True, language="it", bookmarks=False),
        warnings=("Manca la pagina 3.",),
    )


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "derived.sqlite3"


def test_what_is_put_comes_back_equal(path: Path) -> None:
    whole = extract("uno", "", "tre")
    Derived(path).put(A, whole)
    again = Derived(path)
    assert again.get(A) == whole
    assert again.page(A, 3) == PageText(3, "tre", "p3")
    assert again.page(A, 4) is None
    facts = again.facts(A)
    assert facts is not None
    assert (facts.page_count, facts.outline, facts.accessibility) == (
        3,
        whole.outline,
        whole.accessibility,
    )


def test_an_unread_file_answers_nothing(path: Path) -> None:
    derived = Derived(path)
    assert (derived.get(A), derived.facts(A), derived.page(A, 1), derived.failure(A)) == (None,) * 4
    assert derived.pages(A) == ()
    assert derived.tried() == set()


def test_a_failure_keeps_kind_sentence_and_time_until_a_reading_replaces_it(path: Path) -> None:
    derived = Derived(path)
    derived.put_failure(A, FailureKind.ENCRYPTED, "Il file è protetto da una parola d'ordine.")
    failure = derived.failure(A)
    assert failure is not None
    assert failure.kind is FailureKind.ENCRYPTED
    assert failure.message.startswith("Il file è protetto")
    assert datetime.now(UTC) - failure.at < timedelta(minutes=1)
    assert derived.tried() == {A}
    derived.put(A, extract("ora si legge"))
    assert derived.failure(A) is None
    assert derived.pages(A)[0].text == "ora si legge"


def test_all_failures_are_told_at_once(path: Path) -> None:
    derived = Derived(path)
    assert derived.failures() == {}
    derived.put(B, extract("testo"))
    derived.put_failure(A, FailureKind.TOO_MUCH_TIME, "Tempo scaduto.")
    assert derived.failures() == {A: derived.failure(A)}
    assert Derived(path, version=99).failures() == {}


def test_forgetting_a_failure_lets_it_be_tried_again(path: Path) -> None:
    derived = Derived(path)
    derived.put_failure(A, FailureKind.TOO_MUCH_TIME, "Tempo scaduto.")
    derived.forget(A)
    assert derived.tried() == set()


def test_newer_readers_read_again(path: Path) -> None:
    Derived(path, version=1).put(A, extract("testo vecchio"))
    newer = Derived(path, version=2)
    assert newer.get(A) is None
    assert newer.tried() == set()
    newer.put(A, extract("testo nuovo"))
    assert Derived(path, version=1).get(A) is None, "the old text does not stay behind"


def test_the_facts_of_a_long_document_are_read_without_its_text(path: Path) -> None:
    derived = Derived(path)
    derived.put(A, extract(*(f"pagina {n}" for n in range(500))))
    with sqlite3.connect(path) as db:
        db.execute("DELETE FROM page")
    facts = derived.facts(A)
    assert facts is not None
    assert facts.page_count == 500


def test_deleting_the_file_under_a_running_process_only_loses_what_it_held(path: Path) -> None:
    derived = Derived(path)
    derived.put(A, extract("uno"))
    path.unlink()
    assert derived.get(A) is None
    derived.put(B, extract("due"))
    assert Derived(path).get(B) == extract("due")


@pytest.mark.parametrize("damage", [b"", b"not a database" * 400])
def test_a_file_that_is_no_database_is_set_aside_and_begun_anew(path: Path, damage: bytes) -> None:
    Derived(path).put(A, extract("uno"))
    for leftover in path.parent.glob("derived.sqlite3-*"):
        leftover.unlink()
    path.write_bytes(damage)
    derived = Derived(path)
    assert derived.get(A) is None
    derived.put(B, extract("due"))
    assert derived.get(B) == extract("due")
    aside = list(path.parent.glob("*.set-aside"))
    assert [file.read_bytes() for file in aside] == ([damage] if damage else [])


def test_an_older_program_leaves_the_file_of_a_newer_one_alone(path: Path) -> None:
    Derived(path).put(A, extract("testo"))
    with sqlite3.connect(path) as db:
        db.execute("PRAGMA user_version = 99")
    db.close()
    before = path.read_bytes()
    older = Derived(path)
    assert older.tried() == set()
    older.put(B, extract("altro"))
    assert Derived(path).tried() == {B}, "what it reads is kept, in a file of its own"
    assert older.verify() == ()
    assert path.read_bytes() == before
    assert list(path.parent.glob("*.set-aside")) == []


def test_an_older_schema_is_set_aside(path: Path) -> None:
    with sqlite3.connect(path) as db:
        db.execute("CREATE TABLE extract (something)")
        db.execute("PRAGMA user_version = 1")
    derived = Derived(path)
    derived.put(A, extract("uno"))
    assert derived.get(A) == extract("uno")
    assert len(list(path.parent.glob("*.set-aside"))) == 1


def test_a_changed_byte_in_a_text_is_noticed_and_the_text_is_dropped(path: Path) -> None:
    derived = Derived(path)
    derived.put(A, extract("sano"))
    derived.put(B, extract("Bologna e Firenze", "seconda pagina"))
    with sqlite3.connect(path) as db:
        (packed,) = db.execute(
            "SELECT text FROM page WHERE sha256 = ? AND number = 2", (B,)
        ).fetchone()
        broken = packed[:-3] + bytes([packed[-3] ^ 1]) + packed[-2:]
        db.execute("UPDATE page SET text = ? WHERE sha256 = ? AND number = 2", (broken, B))
    assert derived.verify() == (B,)
    assert derived.tried() == {A}


def test_a_missing_page_is_noticed(path: Path) -> None:
    derived = Derived(path)
    derived.put(A, extract("uno", "due"))
    with sqlite3.connect(path) as db:
        db.execute("DELETE FROM page WHERE number = 1")
    assert derived.verify() == (A,)


def test_pages_overwritten_on_disk_never_raise(path: Path) -> None:
    derived = Derived(path)
    for number in range(40):
        derived.put(f"{number:064x}", extract(*(f"{number} testo {n}" * 50 for n in range(20))))
    derived.close()
    sqlite3.connect(path).execute("PRAGMA wal_checkpoint(TRUNCATE)").connection.close()
    body = bytearray(path.read_bytes())
    body[8192:-8192] = bytes(len(body) - 16384)
    path.write_bytes(body)
    again = Derived(path)
    again.verify()
    assert all(again.get(f"{number:064x}") is None for number in range(20))
    again.put(A, extract("uno"))
    assert again.get(A) == extract("uno")


def test_many_threads_and_another_process_write_together(path: Path) -> None:
    derived = Derived(path)
    script = (
        "import sys; from pathlib import Path; from indexer.derived import Derived;"
        "from indexer.extract.base import FailureKind;"
        "d = Derived(Path(sys.argv[1]));"
        "[d.put_failure(f'{n:064x}', FailureKind.EMPTY, 'Vuoto.') for n in range(1000, 1040)]"
    )
    other = subprocess.Popen([sys.executable, "-c", script, str(path)])

    def write(start: int) -> None:
        for number in range(start, start + 10):
            derived.put(f"{number:064x}", extract(f"testo {number}"))

    threads = [threading.Thread(target=write, args=(start,)) for start in range(0, 60, 10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert other.wait() == 0
    assert len(derived.tried()) == 100
    assert derived.get(f"{35:064x}") == extract("testo 35")
