"""A small collection made by hand, in a real catalogue, store and engine."""

import shutil
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from functools import cache
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from corpus.home import DataHome
from corpus.records import DocumentDraft, NewFile, SolutionDraft
from corpus.seed import HERE
from corpus.seed.places import AreaSheet, CitySheet
from corpus.seed.sheets import read_sheet
from corpus.vocabulary import AreaSlug, Evidence, FileFormat, Kind, State
from indexer.engine import PageText
from indexer.engines.whoosh_engine import WhooshEngine
from indexer.entries import entry
from indexer.extract.base import Accessibility, Extract, Heading
from portal.services import Services, open_services
from portal.settings import Settings

ACTOR = "prova"


def settings(home: Path, **changes: Any) -> Settings:
    return replace(Settings.from_environment({"METROPOLI_HOME": str(home)}), **changes)


@dataclass
class House:
    """Services over a new folder, and the public ids of what was put there, by a short name."""

    services: Services
    ids: dict[str, str] = field(default_factory=dict)

    def store(self, content: bytes, format: FileFormat, filename: str) -> NewFile:
        stored = self.services.store.receive(BytesIO(content), limit=1 << 27)
        return NewFile(stored.sha256, stored.size, format, filename)

    def read(self, file: NewFile, pages: Sequence[str], unit: str = "pagina") -> None:
        """Keep ``pages`` as the text of the file."""
        extract = Extract(
            format=file.format,
            pages=tuple(PageText(number, text) for number, text in enumerate(pages, start=1)),
            unit=unit,
            language="it",
            outline=(Heading(1, "Premessa", 1), Heading(2, "Metodo", min(2, len(pages)))),
            accessibility=Accessibility(tagged=True, title=True, text_layer=True, bookmarks=False),
        )
        self.services.derived.put(file.sha256, extract)

    def document(
        self,
        name: str,
        title: str,
        pages: Sequence[str] = (),
        content: bytes | None = None,
        format: FileFormat = FileFormat.PDF,
        filename: str = "documento.pdf",
        state: State = State.PUBLISHED,
        **fields: Any,
    ) -> str:
        file = None
        if pages or content is not None:
            file = self.store(content or f"bytes of {name}".encode(), format, filename)
        if file is not None and pages:
            self.read(file, pages)
        draft = DocumentDraft(kind=fields.pop("kind", Kind.RESEARCH), title=title, **fields)
        public_id = self.services.catalogue.add(draft, file, actor=ACTOR, state=state)
        self.ids[name] = public_id
        if state is State.PUBLISHED:
            self.index(public_id)
        return public_id

    def solution(self, name: str, city: str, area: AreaSlug, title: str, **fields: Any) -> str:
        draft = SolutionDraft(
            kind=Kind.SOLUTION,
            title=title,
            cities=(city,),
            areas=(area.value,),
            evidence=Evidence.OFFICIAL,
            **fields,
        )
        public_id = self.services.catalogue.add(draft, actor=ACTOR, state=State.PUBLISHED)
        self.ids[name] = public_id
        self.index(public_id)
        return public_id

    def index(self, *public_ids: str) -> None:
        """Bring these records to the engine in one change, as the indexer does."""
        reader, derived = self.services.reader, self.services.derived
        cities = {city.slug: city for city in reader.cities()}
        areas = {area.slug: area for area in reader.areas()}
        entries = []
        for public_id in public_ids:
            record = reader.record(public_id)
            current = getattr(record, "current", None)
            facts = derived.facts(current.sha256) if current else None
            pages = derived.pages(current.sha256) if current else ()
            entries.append(entry(record, facts, pages, cities, areas))
        self.services.engine.apply(entries)


def copy_of(house: House, home: Path) -> House:
    """The same collection in a folder of its own, to be changed; quicker than building it."""
    shutil.copytree(house.services.settings.home, home)
    services = open_services(replace(house.services.settings, home=home), WhooshEngine(None))
    copied = House(services, dict(house.ids))
    copied.index(*services.reader.public_ids())
    return copied


def empty_house(home: Path, **changes: Any) -> House:
    """The real cities and areas, nothing else."""
    folder = DataHome(home)
    folder.create()
    folder.catalogue.touch(mode=0o600)
    folder.catalogue.write_bytes(_places())
    return House(open_services(settings(home, **changes), WhooshEngine(None)))


@cache
def _places() -> bytes:
    """The file of a catalogue with the cities and areas, made once for all houses."""
    with TemporaryDirectory() as folder:
        home = DataHome(Path(folder))
        services = open_services(settings(home.path), WhooshEngine(None))
        for area in read_sheet(HERE / "areas.yaml", AreaSheet).areas:
            services.catalogue.put_area(area.view(), actor=ACTOR)
        for city in read_sheet(HERE / "cities.yaml", CitySheet).cities:
            services.catalogue.put_city(city.view(), actor=ACTOR)
        with closing(sqlite3.connect(home.catalogue)) as connection:
            return connection.serialize()


def small_house(home: Path, **changes: Any) -> House:
    """Three documents with text, one without, a link, a solution; counted by hand in the tests."""
    house = empty_house(home, **changes)
    house.document(
        "suap",
        "Lo sportello unico dell'area metropolitana",
        (
            "Premessa.\n\nLo sportello unico per le attività produttive riceve le pratiche.",
            "Nessuna parola utile in questa pagina.",
            "Il nuovo sportello unico è condiviso da venti comuni: lo sportello è online.",
        ),
        filename="Sportello «unico» è qui.pdf",
        cities=("bari", "napoli"),
        areas=(AreaSlug.SIMPLIFICATION.value,),
        year=2023,
        authors=("Maria Rossi", "Anna Bianchi"),
        publisher="Editore di prova",
        licence="CC-BY-4.0",
        summary="Come venti comuni hanno messo insieme lo sportello.",
    )
    house.document(
        "piano",
        "Il piano strategico di Bari",
        ("Il piano strategico metropolitano.", "Gli obiettivi del piano e le pratiche."),
        cities=("bari",),
        areas=(AreaSlug.PLANNING.value,),
        year=2021,
    )
    house.document(
        "guida",
        "Guida alle pratiche edilizie",
        ("Le pratiche edilizie passo per passo.",),
        content=b"Le pratiche edilizie passo per passo.",
        format=FileFormat.TEXT,
        filename="guida.txt",
        kind=Kind.GUIDE,
        cities=("milano",),
        year=2023,
    )
    house.document("attesa", "Un rapporto appena arrivato", content=b"%PDF-1.7 new", year=2020)
    house.document(
        "altrove",
        "Dossier pubblicato altrove",
        external_url="https://example.org/dossier",
        cities=("torino",),
        year=2019,
        language="en",
    )
    house.solution(
        "soluzione",
        "bari",
        AreaSlug.SIMPLIFICATION,
        "Sportelli in rete a Bari",
        problem="Ogni comune aveva il proprio sportello.",
        documents=(house.ids["suap"],),
    )
    house.document(
        "bozza", "Bozza con la parola segretissima", ("segretissima",), state=State.DRAFT
    )
    return house
