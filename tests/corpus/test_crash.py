"""What was acknowledged survives kill -9 at any moment, and nothing is left half done."""

import random
import textwrap
import time

import pytest

from corpus.database import Database
from corpus.home import DataHome
from corpus.reader import Reader
from corpus.records import DocumentView
from corpus.store import FileStore
from corpus.vocabulary import State
from tests.corpus import processes

# Adds, revises, publishes, adds versions, withdraws; prints a line after each acknowledgement.
WORK = textwrap.dedent(
    """
    import os, sys
    from pathlib import Path
    from corpus.catalogue import Catalogue
    from corpus.database import Database
    from corpus.home import DataHome
    from corpus.store import FileStore
    from tests.corpus import samples

    home = DataHome(Path(sys.argv[1]))
    database = Database(home.catalogue)
    database.migrate()
    store = FileStore(home, reserve=0)
    catalogue = Catalogue(database, store)
    print("ready", flush=True)
    number = 0
    while True:
        number += 1
        file = samples.file(store, os.urandom(200_000))
        record = catalogue.add(samples.document(f"titolo {number}"), file, actor="x")
        print("added", record, file.sha256, flush=True)
        catalogue.publish(record, actor="x")
        print("published", record, flush=True)
        file = samples.file(store, os.urandom(1000))
        catalogue.add_version(record, file, actor="x")
        print("added", record, file.sha256, flush=True)
        if number % 3 == 0:
            catalogue.withdraw(record, actor="x", reason="prova")
            print("withdrawn", record, flush=True)
    """
)

ORDER = {"published": State.PUBLISHED, "withdrawn": State.WITHDRAWN}


def work_until_killed(home: DataHome, seconds: float) -> list[list[str]]:
    """What the process acknowledged before it was killed."""
    process = processes.start(WORK, home.path)
    assert process.stdout is not None
    assert process.stderr is not None
    assert process.stdout.readline() == "ready\n"
    time.sleep(seconds)
    process.kill()
    # Not communicate(): it passes over the lines that readline() has already taken from the pipe.
    with process:
        printed, errors = process.stdout.read(), process.stderr.read()
    assert errors == ""
    return [line.split() for line in printed.splitlines(keepends=True) if line.endswith("\n")]


def check(home: DataHome, acknowledged: list[list[str]]) -> None:
    database = Database(home.catalogue)
    database.migrate()
    reader, store = Reader(database), FileStore(home, reserve=0)
    for step, public_id, *digests in acknowledged:
        record = reader.record(public_id, any_state=True)
        assert isinstance(record, DocumentView)
        assert set(digests) <= {version.sha256 for version in record.versions}
        if step in ORDER:
            assert record.state in (ORDER[step], State.WITHDRAWN)
            assert record.published_at is not None
    in_store = set(store.digests())
    assert set(reader.digests()) <= in_store
    for digest in in_store:
        store.verify(digest)
    # Only what was never acknowledged may be without a row: one file a kill.
    for record in reader.in_states(*State):
        assert isinstance(record, DocumentView)
        numbers = [version.number for version in record.versions]
        assert numbers == list(range(1, len(numbers) + 1))
    assert reader.first_broken_log_entry() is None
    database.close()


def kill_often(home: DataHome, times: int) -> None:
    chance = random.Random(times)  # noqa: S311 (moments, not secrets)
    acknowledged: list[list[str]] = []
    for _ in range(times):
        acknowledged += work_until_killed(home, chance.uniform(0, 0.4))
    check(home, acknowledged)
    assert len(acknowledged) > times
    orphans = set(FileStore(home).digests()) - {line[2] for line in acknowledged if line[2:]}
    assert len(orphans) <= times


def test_nothing_acknowledged_is_lost_when_the_process_is_killed(home: DataHome) -> None:
    kill_often(home, 3)


@pytest.mark.slow
def test_nothing_acknowledged_is_lost_when_the_process_is_killed_many_times(
    home: DataHome,
) -> None:
    kill_often(home, 30)


def test_a_killed_writer_does_not_hold_the_others_up(home: DataHome) -> None:
    work_until_killed(home, 0.1)
    started = time.monotonic()
    database = Database(home.catalogue, patience=60)
    with database.transaction():
        assert time.monotonic() - started < 30
    database.close()
