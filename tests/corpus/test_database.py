"""Connections, turns and schema versions of the catalogue."""

import sqlite3
import textwrap
import threading
from collections import deque
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from corpus.catalogue import Catalogue
from corpus.database import SCHEMA, Database
from corpus.errors import CatalogueUnavailable, IncompleteHome, NoSpace, SchemaMismatch
from corpus.home import DataHome
from corpus.reader import Reader
from corpus.store import FileStore
from tests.corpus import processes, samples


def test_a_new_folder_gets_a_catalogue_without_a_word(tmp_path: Path) -> None:
    home = DataHome(tmp_path / "nuova è #1?")
    home.create()
    heard: list[str] = []
    database = Database(home.catalogue)
    database.migrate(heard.append)
    database.check()
    assert Reader(database).count() == 0
    assert heard == []
    database.close()


def test_migrating_again_changes_nothing(database: Database) -> None:
    heard: list[str] = []
    database.migrate(heard.append)
    assert heard == []
    assert len(Reader(database).cities()) == 2


def test_a_catalogue_that_is_not_there_is_never_made_by_reading(tmp_path: Path) -> None:
    database = Database(tmp_path / "catalogue.sqlite3")
    with pytest.raises(SchemaMismatch):
        database.check()
    with pytest.raises(sqlite3.OperationalError):
        Reader(database).count()
    assert not database.path.exists()


def test_files_without_a_catalogue_are_an_incomplete_folder(home: DataHome) -> None:
    samples.file(FileStore(home, reserve=0))
    home.catalogue.unlink()
    with pytest.raises(IncompleteHome):
        Database(home.catalogue).migrate()
    assert not home.catalogue.exists()


def test_files_beside_an_emptied_catalogue_are_an_incomplete_folder(home: DataHome) -> None:
    samples.file(FileStore(home, reserve=0))
    home.catalogue.write_bytes(b"")
    database = Database(home.catalogue)
    with pytest.raises(IncompleteHome):
        database.migrate()
    database.close()


@pytest.mark.parametrize("version", ["9999", "0000-unknown"])
def test_a_catalogue_of_another_program_is_refused_and_left_alone(
    home: DataHome, version: str
) -> None:
    with sqlite3.connect(home.catalogue) as connection:
        connection.execute("UPDATE alembic_version SET version_num = ?", (version,))
    connection.close()
    database = Database(home.catalogue)
    with pytest.raises(SchemaMismatch) as refusal:
        database.migrate()
    assert (refusal.value.found, refusal.value.expected) == (version, SCHEMA)
    with pytest.raises(SchemaMismatch):
        database.check()
    assert len(Reader(database).cities()) == 2
    database.close()


def test_a_database_of_something_else_is_refused(home: DataHome) -> None:
    home.catalogue.unlink()
    with sqlite3.connect(home.catalogue) as connection:
        connection.execute("CREATE TABLE recipes (name TEXT)")
    connection.close()
    database = Database(home.catalogue)
    with pytest.raises(SchemaMismatch) as refusal:
        database.migrate()
    assert refusal.value.found is None
    database.close()


def test_a_file_that_is_no_database_is_refused(home: DataHome) -> None:
    home.catalogue.write_bytes(b"%PDF-1.7" * 500)
    database = Database(home.catalogue)
    with pytest.raises(SchemaMismatch):
        database.migrate()
    database.close()
    assert home.catalogue.read_bytes() == b"%PDF-1.7" * 500


def test_what_is_acknowledged_is_synced(database: Database) -> None:
    with database.transaction() as session:
        assert session.scalar(text("PRAGMA synchronous")) == 2  # FULL
        assert session.scalar(text("PRAGMA foreign_keys")) == 1
        assert session.scalar(text("PRAGMA journal_mode")) == "wal"


def test_a_reading_session_cannot_write(database: Database) -> None:
    with database.session() as session, pytest.raises(OperationalError, match="readonly"):
        session.execute(text("DELETE FROM city"))


def test_a_failed_transaction_leaves_nothing(database: Database) -> None:
    def change_and_fail() -> None:
        with database.transaction() as session:
            session.execute(text("UPDATE city SET name = 'changed'"))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        change_and_fail()
    assert "changed" not in {city.name for city in Reader(database).cities()}


def test_readers_see_the_old_state_while_somebody_writes(
    database: Database, reader: Reader
) -> None:
    with database.transaction() as session:
        session.execute(text("UPDATE city SET name = 'changed' WHERE slug = 'bari'"))
        assert reader.city("bari").name != "changed"
    assert reader.city("bari").name == "changed"


def test_a_writer_that_waits_in_vain_is_told_that_the_catalogue_is_busy(home: DataHome) -> None:
    patient, hasty = Database(home.catalogue), Database(home.catalogue, patience=0.05)
    with patient.transaction(), pytest.raises(CatalogueUnavailable) as refusal:  # noqa: SIM117
        with hasty.transaction():
            pass
    assert refusal.value.reason == "busy"
    patient.close()
    hasty.close()


def test_a_thread_that_waits_in_vain_is_told_that_the_catalogue_is_busy(home: DataHome) -> None:
    database = Database(home.catalogue, patience=0.05)
    with database.transaction(), pytest.raises(CatalogueUnavailable) as refusal:  # noqa: SIM117
        with database.transaction():
            pass
    assert refusal.value.reason == "busy"
    database.close()


def test_writers_in_many_threads_take_turns(catalogue: Catalogue, reader: Reader) -> None:
    def add_ten(name: int) -> None:
        for number in range(10):
            catalogue.add(samples.document(f"{name}-{number}"), actor="x")

    threads = [threading.Thread(target=add_ten, args=(name,)) for name in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(reader.behind(1000)) == 80
    assert reader.first_broken_log_entry() is None


WRITER = textwrap.dedent(
    """
    import sys
    from pathlib import Path
    from corpus.catalogue import Catalogue
    from corpus.database import Database
    from corpus.home import DataHome
    from corpus.store import FileStore
    from tests.corpus import samples

    home = DataHome(Path(sys.argv[1]))
    catalogue = Catalogue(Database(home.catalogue), FileStore(home, reserve=0))
    for number in range(25):
        catalogue.add(samples.document(f"{sys.argv[2]}-{number}"), actor=sys.argv[2])
    """
)


def test_writers_in_two_processes_take_turns(home: DataHome, reader: Reader) -> None:
    writers = [processes.start(WRITER, home.path, name) for name in "ab"]
    for writer in writers:
        _, errors = writer.communicate(timeout=60)
        assert writer.returncode == 0, errors
    assert len(reader.behind(1000)) == 50
    assert reader.first_broken_log_entry() is None


def test_processes_that_start_together_make_one_catalogue(tmp_path: Path) -> None:
    home = DataHome(tmp_path)
    home.create()
    program = (
        "import sys; from pathlib import Path; from corpus.database import Database;"
        "Database(Path(sys.argv[1])).migrate()"
    )
    starting = [processes.start(program, home.catalogue) for _ in range(2)]
    for process in starting:
        _, errors = process.communicate(timeout=60)
        assert process.returncode == 0, errors
    Database(home.catalogue).check()


FULL_DISK = textwrap.dedent(
    """
    import resource, sys, threading
    from pathlib import Path
    from corpus.catalogue import Catalogue
    from corpus.database import Database
    from corpus.errors import CorpusError
    from corpus.home import DataHome
    from corpus.reader import Reader
    from corpus.store import FileStore
    from tests.corpus import samples

    home = DataHome(Path(sys.argv[1]))
    database = Database(home.catalogue)
    database.migrate()
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))  # from here on no file can grow

    def read():
        found.append(len(Reader(database).cities()))

    found = []
    threads = [threading.Thread(target=read) for _ in range(20)]
    for thread in threads: thread.start()
    for thread in threads: thread.join()
    assert found == [2] * 20, found
    try:
        Catalogue(database, FileStore(home)).add(samples.document(), actor="x")
    except CorpusError as error:
        print(type(error).__name__, error.reason)
    assert len(Reader(database).cities()) == 2
    """
)


def test_readers_are_served_on_a_full_disk_and_writers_are_told(home: DataHome) -> None:
    assert processes.run(FULL_DISK, home.path) == "CatalogueUnavailable disk"


def test_a_full_disk_is_told_from_other_faults_and_writing_goes_on_afterwards(
    database: Database, catalogue: Catalogue, reader: Reader
) -> None:
    with database.transaction() as session:
        session.execute(text("PRAGMA max_page_count=1"))  # as many as there are
    many = (samples.document(f"{number}", summary="x" * 5000) for number in range(2000))
    with pytest.raises(NoSpace):
        deque((catalogue.add(draft, actor="x") for draft in many), maxlen=0)
    added = len(reader.behind(5000))
    with database.transaction() as session:
        session.execute(text("PRAGMA max_page_count=100000"))
    catalogue.add(samples.document("last"), actor="x")
    assert len(reader.behind(5000)) == added + 1
    assert reader.first_broken_log_entry() is None


def test_the_shared_memory_file_stays_while_the_process_lives(
    home: DataHome, database: Database
) -> None:
    database.migrate()
    with database.session() as session:
        session.execute(text("SELECT 1"))
    other = sqlite3.connect(home.catalogue)
    other.execute("SELECT count(*) FROM city").fetchone()
    other.close()  # the last to leave would delete it
    assert home.catalogue.with_name("catalogue.sqlite3-shm").exists()


def test_a_closed_database_opens_again(database: Database, reader: Reader) -> None:
    assert len(reader.cities()) == 2
    database.close()
    assert len(reader.cities()) == 2


def test_starting_on_a_ready_catalogue_imports_no_migrations(home: DataHome) -> None:
    program = (
        "import sys; from pathlib import Path; from corpus.database import Database;"
        "Database(Path(sys.argv[1])).migrate(); assert 'alembic' not in sys.modules"
    )
    processes.run(program, home.catalogue)
