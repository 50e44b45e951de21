"""Loading the founding collection: whole, again without effect, and after an interruption."""

import shutil
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from corpus import seed
from corpus.catalogue import Catalogue
from corpus.database import Database
from corpus.home import DataHome
from corpus.ids import derived_id
from corpus.reader import Reader
from corpus.records import DocumentView, SolutionView
from corpus.seed.collection import read_collection
from corpus.store import FileStore
from corpus.vocabulary import AreaSlug, State


@dataclass
class House:
    home: DataHome
    database: Database

    @property
    def store(self) -> FileStore:
        return FileStore(self.home)

    @property
    def catalogue(self) -> Catalogue:
        return Catalogue(self.database, self.store)

    @property
    def reader(self) -> Reader:
        return Reader(self.database)

    def load(self, stop_after: int | None = None) -> list[str]:
        """Titles of the steps taken; like Ctrl-C after ``stop_after`` of them."""
        titles: list[str] = []

        def progress(done: int, total: int, title: str) -> None:
            assert done == len(titles) + 1 <= total
            titles.append(title)
            if done == stop_after:
                raise KeyboardInterrupt

        seed.load(self.catalogue, self.store, self.reader, progress)
        return titles

    def dump(self) -> str:
        """Everything in the catalogue, as text."""
        with sqlite3.connect(self.home.catalogue) as connection:
            return "\n".join(connection.iterdump())

    def content(self) -> dict[str, object]:
        """What readers see, without the moments of writing."""
        reader = self.reader
        return {
            "records": {
                public_id: timeless(reader.record(public_id)) for public_id in reader.public_ids()
            },
            "cities": reader.cities(),
            "areas": reader.areas(),
            "gaps": reader.gaps(),
            "files": list(self.store.digests()),
        }


def timeless(record: object) -> dict[str, object]:
    fields = {**vars(record)}
    for name in ("created_at", "updated_at", "published_at"):
        del fields[name]
    fields["versions"] = [version.sha256 for version in fields.get("versions", ())]
    return fields


def open_house(folder: Path) -> House:
    home = DataHome(folder)
    home.create()
    database = Database(home.catalogue)
    database.migrate()
    return House(home, database)


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    house = open_house(tmp_path_factory.mktemp("loaded"))
    house.load()
    yield house
    house.database.close()


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[House]:
    house = open_house(tmp_path / "home")
    yield house
    house.database.close()


@pytest.fixture
def copied(loaded: House, tmp_path: Path) -> Iterator[House]:
    """A loaded house that a test may change."""
    shutil.copytree(loaded.home.path, tmp_path / "home")
    house = open_house(tmp_path / "home")
    yield house
    house.database.close()


def test_everything_is_there_and_public(loaded: House) -> None:
    reader = loaded.reader
    assert len(reader.cities()) == 14
    assert len(reader.areas()) == 3
    assert len(reader.solutions()) == 23
    assert set(reader.gaps()) == {gap.view() for gap in read_collection().gaps}
    assert len(reader.courses()) == 6
    assert len(reader.events()) == 15
    assert set(reader.public_ids()) == {
        derived_id(record.key) for record in read_collection().records
    }


def test_cities_and_areas_stand_in_the_programme_s_order(loaded: House) -> None:
    assert [city.slug for city in loaded.reader.cities()][:3] == ["torino", "milano", "genova"]
    assert [area.slug for area in loaded.reader.areas()] == list(AreaSlug)


def test_a_solution_leads_to_its_research_and_to_the_review_of_its_area(loaded: House) -> None:
    solution = loaded.reader.solution("bologna", "gestione-associata")
    assert isinstance(solution, SolutionView)
    assert solution.title == "Il potenziamento delle funzioni conferite in Unione"
    assert set(solution.documents) == {
        derived_id(key)
        for key in ("ric-unioni-bologna", "ric-proposta-bologna", "rassegna-gestione-associata")
    }


def test_our_documents_can_be_downloaded_as_they_were_built(loaded: House) -> None:
    document = loaded.reader.record(derived_id("profilo-citta-metropolitane"))
    assert isinstance(document, DocumentView)
    assert document.current is not None
    assert loaded.store.verify(document.current.sha256) == document.current.size
    assert document.current.filename == "profilo-citta-metropolitane.pdf"


def test_loading_twice_changes_nothing(copied: House) -> None:
    before = copied.dump()
    assert copied.load() == []
    assert copied.dump() == before


@pytest.mark.parametrize("steps", [3, 60, 97])
def test_an_interrupted_load_is_finished_by_the_next(
    loaded: House, empty: House, steps: int
) -> None:
    with pytest.raises(KeyboardInterrupt):
        empty.load(stop_after=steps)
    empty.load()
    assert empty.content() == loaded.content()


def test_what_staff_have_withdrawn_or_revised_is_left_alone(copied: House) -> None:
    gone = derived_id("guida-ricerca")
    copied.catalogue.withdraw(gone, actor="redazione", reason="Sostituita")
    before = copied.content()
    copied.load()
    assert copied.reader.record(gone, any_state=True).state is State.WITHDRAWN
    assert copied.content() == before
