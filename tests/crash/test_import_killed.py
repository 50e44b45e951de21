"""An import killed with kill -9, fifty times: what it said it had added is there, and is found."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from corpus.database import Database
from corpus.home import DataHome
from corpus.reader import Reader
from corpus.records import DocumentView
from corpus.store import FileStore
from indexer.engine import Query
from indexer.engines.whoosh_engine import WhooshEngine

ROOT = Path(__file__).resolve().parent.parent.parent
KILLS = 50
FILES = 1000
SEED = 20171212


def write_materials(folder: Path) -> None:
    """Add ``FILES`` files, different from those that are there."""
    first = sum(1 for _ in folder.iterdir())
    for number in range(first, first + FILES):
        words = f"Relazione numero parola{number} sullo sportello unico metropolitano. "
        (folder / f"{number:04}.txt").write_text(words * 30, "utf-8")


def start(home: Path, materials: Path) -> subprocess.Popen[str]:
    environment = {k: v for k, v in os.environ.items() if not k.startswith("METROPOLI_")}
    return subprocess.Popen(
        [sys.executable, "run.py", "import", str(materials)],
        cwd=ROOT,
        env=environment | {"METROPOLI_HOME": str(home)},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
    )


def kill(process: subprocess.Popen[str], chance: random.Random, while_adding: bool) -> list[str]:
    """Kill the import and its readers at a random moment, while it starts or while it adds.

    Returns the public ids that it had acknowledged with whole lines.
    """
    assert process.stdout is not None
    printed = ""
    if while_adding:
        for line in process.stdout:
            printed += line
            if line.startswith("aggiunto "):
                break
        time.sleep(chance.uniform(0, 0.6))
    else:
        time.sleep(chance.uniform(0.1, 3))
    os.killpg(process.pid, signal.SIGKILL)
    with process:  # not communicate(): it passes over what the loop has taken from the pipe
        printed += process.stdout.read()
    lines = [line for line in printed.splitlines(keepends=True) if line.endswith("\n")]
    return [line.split()[1] for line in lines if line.startswith("aggiunto ")]


def opened(home: Path) -> tuple[Reader, FileStore]:
    place = DataHome(home)
    database = Database(place.catalogue)
    database.migrate()
    return Reader(database), FileStore(place)


@pytest.mark.slow
def test_fifty_kills_lose_nothing_that_was_acknowledged(tmp_path: Path) -> None:
    chance = random.Random(SEED)  # noqa: S311 - moments of a trial, not a secret
    materials = tmp_path / "materiali"
    materials.mkdir()
    write_materials(materials)
    home = tmp_path / "home"
    assert _finish(home, _one_file(tmp_path)) == 0  # the founding collection is not the subject

    acknowledged: set[str] = set()
    interrupted = 0
    while interrupted < KILLS:
        process = start(home, materials)
        acknowledged.update(kill(process, chance, while_adding=interrupted % 2 == 0))
        if process.returncode == -signal.SIGKILL:
            interrupted += 1
        else:  # it had nothing left to do, on a quick machine: here is more
            write_materials(materials)
        reader, store = opened(home)
        public = set(reader.public_ids())
        assert acknowledged <= public, "an acknowledged document is gone"
        for digest in reader.digests():
            store.verify(digest)
    assert len(acknowledged) >= KILLS // 2, "too few acknowledgements for a trial"

    assert _finish(home, materials) == 0
    reader, _store = opened(home)
    found = _search_everything(home)
    assert found == set(reader.public_ids())
    titles = [r for r in reader.documents() if isinstance(r, DocumentView) and r.current]
    digests = [document.current.sha256 for document in titles if document.current]
    assert len(digests) == len(set(digests)), "a file was added twice"


def _one_file(tmp_path: Path) -> Path:
    folder = tmp_path / "primo"
    folder.mkdir()
    (folder / "primo.txt").write_text("Il primo documento della prova. " * 20, "utf-8")
    return folder


def _finish(home: Path, materials: Path) -> int:
    process = start(home, materials)
    process.communicate(timeout=300)
    return process.returncode


def _search_everything(home: Path) -> set[str]:
    engine = WhooshEngine(DataHome(home).index)
    found: set[str] = set()
    number = 1
    while hits := engine.search(Query(page=number, size=100, facets=False)).hits:
        found.update(hit.id for hit in hits)
        number += 1
    engine.close()
    return found
