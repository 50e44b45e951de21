"""The chained log."""

import sqlite3
from datetime import UTC, datetime, timedelta

import pytest

from corpus.audit import GENESIS
from corpus.catalogue import Catalogue
from corpus.catalogue.log import KEPT
from corpus.database import Database
from corpus.home import DataHome
from corpus.reader import Reader
from corpus.store import FileStore
from corpus.vocabulary import State
from tests.corpus import samples


@pytest.fixture
def some_work(catalogue: Catalogue) -> str:
    record = catalogue.add(samples.document("Città è più"), actor="anna")
    catalogue.revise(record, samples.document("b", cities=("bari",)), actor="anna")
    catalogue.submit(record, actor="anna", comment="Pronto")
    catalogue.publish(record, actor="rosa")
    catalogue.withdraw(record, actor="rosa", reason="Errore")
    return record


def test_every_write_leaves_a_line(reader: Reader, some_work: str) -> None:
    lines = reader.log(some_work)
    assert [(line.actor, line.action) for line in reversed(lines)] == [
        ("anna", "add"),
        ("anna", "revise"),
        ("anna", "submit"),
        ("rosa", "publish"),
        ("rosa", "withdraw"),
    ]
    assert len({line.digest for line in reader.log()}) == len(reader.log())
    assert len(reader.log(limit=2)) == 2


def test_an_honest_log_holds(reader: Reader, some_work: str) -> None:
    assert reader.first_broken_log_entry() is None


def test_a_refused_write_leaves_no_line(catalogue: Catalogue, reader: Reader) -> None:
    lines = reader.log()
    with pytest.raises(Exception, match="title"):
        catalogue.add(samples.document(""), actor="x", state=State.PUBLISHED)
    assert reader.log() == lines


@pytest.mark.parametrize(
    "tampering",
    [
        "UPDATE audit_entry SET actor = 'nobody' WHERE id = 6",
        "UPDATE audit_entry SET at = '2020-01-01 00:00:00.000000' WHERE id = 6",
        "UPDATE audit_entry SET action = 'submit' WHERE id = 6",
        "UPDATE audit_entry SET record_public_id = NULL WHERE id = 6",
        "UPDATE audit_entry SET details = '{}' WHERE id = 6",
        "UPDATE audit_entry SET previous = 'x' WHERE id = 6",
        "UPDATE audit_entry SET digest = 'x' WHERE id = 6",
        "DELETE FROM audit_entry WHERE id = 6",
        "DELETE FROM audit_entry WHERE id = 1",
        "UPDATE audit_entry SET id = 100 WHERE id = 6",
    ],
)
def test_any_tampering_is_found(
    database: Database, home: DataHome, reader: Reader, some_work: str, tampering: str
) -> None:
    with sqlite3.connect(home.catalogue) as connection:
        assert connection.execute(tampering).rowcount == 1
    connection.close()
    broken = reader.first_broken_log_entry()
    assert broken is not None


def test_old_lines_go_and_the_chain_still_tells_tampering(
    database: Database, home: DataHome, store: FileStore, reader: Reader, some_work: str
) -> None:
    before = len(reader.log(limit=1000))
    later = Catalogue(database, store, lambda: datetime.now(UTC) + KEPT + timedelta(hours=1))
    assert Catalogue(database, store).forget_old_log() == 0
    later.add(samples.document("Nuovo"), actor="anna")
    assert later.forget_old_log() == before
    assert later.forget_old_log() == 0
    assert [line.action for line in reader.log(limit=1000)] == ["forget_log", "add"]
    assert reader.log(limit=1)[0].details["entries"] == before
    assert reader.first_broken_log_entry() is None

    much_later = Catalogue(database, store, lambda: datetime.now(UTC) + 3 * KEPT)
    assert much_later.forget_old_log() == 2
    assert reader.first_broken_log_entry() is None
    much_later.add(samples.document("Ancora"), actor="anna")
    with sqlite3.connect(home.catalogue) as connection:
        connection.execute("DELETE FROM audit_entry WHERE action = 'forget_log'")
    connection.close()
    assert reader.first_broken_log_entry() is not None


def test_the_first_line_follows_nothing(home: DataHome, database: Database) -> None:
    connection = sqlite3.connect(home.catalogue)
    assert connection.execute("SELECT previous FROM audit_entry WHERE id = 1").fetchone() == (
        GENESIS,
    )
    connection.close()
