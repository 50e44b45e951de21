"""A whole house under a temporary folder: real catalogue, store, readers and engine."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from corpus.database import Database
from indexer.extract import tesseract
from indexer.extract.base import RecognitionUnavailable
from indexer.extract.sandbox import Sandbox
from tests.indexer.house import House


@pytest.fixture(scope="session")
def sandbox() -> Iterator[Sandbox]:
    """The reading processes start once for all tests."""
    with Sandbox(workers=2) as shared:
        yield shared


@pytest.fixture(scope="session")
def program() -> str:
    """The Tesseract of this machine; tests that need it are skipped where Italian is missing."""
    try:
        return tesseract.find()
    except RecognitionUnavailable as unavailable:
        pytest.skip(str(unavailable))


@pytest.fixture(scope="session")
def empty_catalogue(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A migrated catalogue to copy, which is faster than making one."""
    path = tmp_path_factory.mktemp("empty") / "catalogue.sqlite3"
    database = Database(path)
    database.migrate()
    database.close()
    return path.read_bytes()


@pytest.fixture
def house(tmp_path: Path, empty_catalogue: bytes, sandbox: Sandbox) -> Iterator[House]:
    home = tmp_path / "home"
    home.mkdir()
    (home / "catalogue.sqlite3").write_bytes(empty_catalogue)
    made = House.open(home, sandbox)
    yield made
    made.close()
