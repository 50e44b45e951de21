"""The sheets together: read once, with every reference between them checked."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from corpus.seed import HERE
from corpus.seed.places import AreaLine, AreaSheet, CityLine, CitySheet
from corpus.seed.schema import (
    CourseLine,
    CourseSheet,
    DocumentLine,
    DocumentSheet,
    EventLine,
    EventSheet,
    GapLine,
    RecordLine,
    SolutionLine,
    SolutionSheet,
    TopicSheet,
)
from corpus.seed.sheets import SheetError, read_sheet
from corpus.seed.words import Vocabulary

DOCUMENT_SHEETS = ("research.yaml", "articles.yaml", "documents.yaml")


@dataclass(frozen=True)
class Collection:
    """All that the founding collection adds to a new catalogue."""

    areas: tuple[AreaLine, ...]
    cities: tuple[CityLine, ...]
    topics: tuple[str, ...]
    documents: tuple[DocumentLine, ...]
    solutions: tuple[SolutionLine, ...]
    gaps: tuple[GapLine, ...]
    courses: tuple[CourseLine, ...]
    events: tuple[EventLine, ...]

    @property
    def records(self) -> tuple[RecordLine, ...]:
        """Every record, in the order in which they are added: documents before who cites them."""
        return (*self.documents, *self.solutions, *self.courses, *self.events)


def read_collection(folder: Path = HERE) -> Collection:
    """Read the sheets of ``folder``; raises SheetError naming file, record and field."""
    read_sheet(folder / "vocabulary.yaml", Vocabulary)  # the search will read it unchecked
    documents = {
        name: read_sheet(folder / name, DocumentSheet).documents for name in DOCUMENT_SHEETS
    }
    solutions = read_sheet(folder / "solutions.yaml", SolutionSheet)
    collection = Collection(
        areas=read_sheet(folder / "areas.yaml", AreaSheet).areas,
        cities=read_sheet(folder / "cities.yaml", CitySheet).cities,
        topics=read_sheet(folder / "topics.yaml", TopicSheet).topics,
        documents=tuple(line for lines in documents.values() for line in lines),
        solutions=solutions.solutions,
        gaps=solutions.gaps,
        courses=read_sheet(folder / "training.yaml", CourseSheet).courses,
        events=read_sheet(folder / "events.yaml", EventSheet).events,
    )
    sheets: dict[str, tuple[RecordLine, ...]] = {
        **documents,
        "solutions.yaml": collection.solutions,
        "training.yaml": collection.courses,
        "events.yaml": collection.events,
    }
    faults = [
        *(
            fault
            for name, lines in sheets.items()
            for fault in _unknown_words(name, lines, collection)
        ),
        *_unknown_documents(collection),
        *_repeated(collection),
        *_missing_files(collection, folder),
    ]
    if faults:
        raise SheetError("\n".join(faults))
    return collection


def _unknown_words(
    name: str, lines: tuple[RecordLine, ...], collection: Collection
) -> Iterator[str]:
    cities = {city.slug for city in collection.cities}
    for line in lines:
        named = (line.city,) if isinstance(line, SolutionLine) else line.cities
        for slug in set(named) - cities:
            yield f"{name}: record {line.key}, field cities: {slug} is not a city"
        for topic in set(line.topics) - set(collection.topics):
            yield f"{name}: record {line.key}, field topics: {topic} is not in topics.yaml"


def _unknown_documents(collection: Collection) -> Iterator[str]:
    known = {document.key for document in collection.documents}
    for line in collection.solutions:
        for key in set(line.documents) - known:
            yield f"solutions.yaml: record {line.key}, field documents: no document {key}"


def _repeated(collection: Collection) -> Iterator[str]:
    for key, times in Counter(record.key for record in collection.records).items():
        if times > 1:
            yield f"record {key}, field key: stands {times} times"
    cells = Counter((line.city, line.area) for line in collection.solutions)
    cells.update((gap.city, gap.area) for gap in collection.gaps)
    for (city, area), times in cells.items():
        if times > 1:
            yield f"solutions.yaml: record {city} / {area}, field area: {times} lines for one cell"


def _missing_files(collection: Collection, folder: Path) -> Iterator[str]:
    for line in collection.documents:
        if line.file and not (folder / "files" / line.file).is_file():
            yield f"documents.yaml: record {line.key}, field file: {line.file} is missing"
