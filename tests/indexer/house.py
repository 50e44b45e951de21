"""The parts of a data folder, put together as the portal does, with a few places and documents."""

from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

from corpus.catalogue import Catalogue
from corpus.database import Database
from corpus.home import DataHome
from corpus.reader import Reader
from corpus.records import AreaView, CityView, DocumentDraft, NewFile
from corpus.store import FileStore
from corpus.vocabulary import FileFormat, Kind, State
from indexer.derived import Derived
from indexer.engine import Query
from indexer.engines.whoosh_engine import WhooshEngine
from indexer.extract.sandbox import Sandbox
from indexer.pipeline import Indexer

PLACES = {"bologna": "Bologna", "roma": "Roma", "reggio-calabria": "Reggio Calabria"}
AREAS = {
    "semplificazione": (
        "Semplificazione amministrativa per lo sviluppo economico",
        "Semplificazione",
    ),
    "pianificazione-strategica": ("Pianificazione strategica metropolitana", "Pianificazione"),
    "gestione-associata": (
        "Gestione associata dei servizi e piani di riassetto istituzionale e organizzativo",
        "Gestione associata",
    ),
}


def city(slug: str, capital: str) -> CityView:
    return CityView(
        slug=slug,
        name=f"Città metropolitana di {capital}",
        capital=capital,
        region="Italia",
        istat_code=None,
        plate=None,
        latitude=None,
        longitude=None,
        website=None,
        valid_from=None,
        valid_to=None,
        in_programme=True,
        figures=(),
        note=None,
    )


def area(slug: str, label: str, short_label: str) -> AreaView:
    return AreaView(slug, label, short_label, label_en="", description="", note=None, sources=())


@dataclass
class House:
    home: DataHome
    database: Database
    store: FileStore
    catalogue: Catalogue
    reader: Reader
    derived: Derived
    sandbox: Sandbox
    engine: WhooshEngine
    indexer: Indexer

    @classmethod
    def open(cls, path: Path, sandbox: Sandbox) -> "House":
        home = DataHome(path)
        home.create()
        database = Database(home.catalogue)
        database.migrate()
        store = FileStore(home, reserve=0)
        reader, catalogue = Reader(database), Catalogue(database, store)
        derived, engine = Derived(home.derived), WhooshEngine(home.index)
        indexer = Indexer(reader, catalogue, store, derived, sandbox, engine)
        if not reader.cities():
            for slug, capital in PLACES.items():
                catalogue.put_city(city(slug, capital))
            for slug, labels in AREAS.items():
                catalogue.put_area(area(slug, *labels))
        return cls(home, database, store, catalogue, reader, derived, sandbox, engine, indexer)

    def close(self) -> None:
        self.engine.close()
        self.derived.close()
        self.database.close()

    def add(
        self,
        title: str,
        text: str | None = None,
        state: State = State.PUBLISHED,
        filename: str = "testo.txt",
        **fields: Any,
    ) -> str:
        """A document; with ``text`` it has a plain text file."""
        file = None
        if text is not None:
            stored = self.store.receive(BytesIO(text.encode()), limit=1 << 20)
            file = NewFile(stored.sha256, stored.size, FileFormat.TEXT, filename)
        draft = DocumentDraft(kind=Kind.RESEARCH, title=title, **fields)
        return self.catalogue.add(draft, file, actor="prova", state=state)

    def found(self, text: str) -> set[str]:
        """Ids of what answers the question."""
        return {hit.id for hit in self.engine.search(Query(text=text, size=50, correct=False)).hits}
