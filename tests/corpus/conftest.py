"""A data folder with two cities and two areas, ready in a few milliseconds."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from corpus.catalogue import Catalogue
from corpus.database import Database
from corpus.home import DataHome
from corpus.reader import Reader
from corpus.store import FileStore
from tests.corpus import samples


@pytest.fixture(scope="session")
def ready_catalogue(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Making the tables takes long: it is done once, and the file is copied."""
    home = DataHome(tmp_path_factory.mktemp("ready"))
    home.create()
    database = Database(home.catalogue)
    database.migrate()
    catalogue = Catalogue(database, FileStore(home))
    for slug in ("bari", "bologna"):
        catalogue.put_city(samples.city(slug))
    for slug in ("semplificazione", "gestione-associata"):
        catalogue.put_area(samples.area(slug))
    database.close()
    return home.catalogue


# Every write waits for the disk: in memory, where the system has such a folder, that is nothing.
# That nothing is acknowledged sooner is proved by watching the calls.
_MEMORY = Path("/dev/shm")  # noqa: S108


@pytest.fixture(scope="session")
def one_database() -> Iterator[Database]:
    """One for all tests, each on files of its own: what it has learned of SQL is kept."""
    fast = _MEMORY if os.access(_MEMORY, os.W_OK) else None
    with tempfile.TemporaryDirectory(dir=fast) as folder:
        yield Database(DataHome(Path(folder) / "home").catalogue)


@pytest.fixture
def home(one_database: Database, ready_catalogue: Path) -> Iterator[DataHome]:
    home = DataHome(one_database.path.parent)
    home.create()
    shutil.copy(ready_catalogue, home.catalogue)
    yield home
    one_database.close()
    shutil.rmtree(home.path)


@pytest.fixture
def database(home: DataHome, one_database: Database) -> Database:
    return one_database


@pytest.fixture
def store(home: DataHome) -> FileStore:
    return FileStore(home, reserve=0)


@pytest.fixture
def catalogue(database: Database, store: FileStore) -> Catalogue:
    return Catalogue(database, store)


@pytest.fixture
def reader(database: Database) -> Reader:
    return Reader(database)
