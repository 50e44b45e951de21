"""Adding the founding collection to a catalogue, step by step and as often as one likes."""

from collections.abc import Callable
from functools import partial

from corpus.catalogue import Catalogue
from corpus.ids import derived_id
from corpus.reader import Reader
from corpus.records import CourseDraft, DocumentDraft, EventDraft, NewFile, SolutionDraft
from corpus.seed import HERE
from corpus.seed.collection import Collection, read_collection
from corpus.seed.schema import CourseLine, DocumentLine, EventLine, RecordLine, SolutionLine
from corpus.store import FileStore
from corpus.vocabulary import State

ACTOR = "raccolta fondativa"

Progress = Callable[[int, int, str], None]
Draft = DocumentDraft | SolutionDraft | CourseDraft | EventDraft
Step = tuple[str, Callable[[], object]]


def load(catalogue: Catalogue, store: FileStore, reader: Reader, progress: Progress) -> None:
    """Add and publish what the catalogue does not have yet; what is there stays as it is.

    Every step is one transaction, so an interrupted load goes on where it stopped, and a
    finished one changes nothing. What staff have changed or withdrawn is left alone.
    ``progress`` hears, after each step, how many are done, how many there are, and the title.
    Raises SheetError when the sheets do not follow their schema; then nothing is written.
    """
    collection = read_collection()
    steps = [
        *_places(catalogue, reader, collection),
        *_records(catalogue, store, reader, collection),
        *_gaps(catalogue, reader, collection),
    ]
    for done, (title, step) in enumerate(steps, start=1):
        step()
        progress(done, len(steps), title)


def _places(catalogue: Catalogue, reader: Reader, collection: Collection) -> list[Step]:
    areas = {area.slug for area in reader.areas()}
    cities = {city.slug for city in reader.cities()}
    return [
        *(
            (area.label, partial(catalogue.put_area, area.view(), actor=ACTOR))
            for area in collection.areas
            if area.slug not in areas
        ),
        *(
            (city.name, partial(catalogue.put_city, city.view(), actor=ACTOR))
            for city in collection.cities
            if city.slug not in cities
        ),
    ]


def _records(
    catalogue: Catalogue, store: FileStore, reader: Reader, collection: Collection
) -> list[Step]:
    present = set(reader.public_ids())
    return [
        (record.title, partial(_add, catalogue, store, record))
        for record in collection.records
        if derived_id(record.key) not in present
    ]


def _gaps(catalogue: Catalogue, reader: Reader, collection: Collection) -> list[Step]:
    # An empty cell needs no row of its own: only what is known about it is written.
    settled = {(gap.city, gap.area) for gap in reader.gaps() if gap.hint}
    settled |= {(solution.city, solution.area) for solution in reader.solutions()}
    return [
        (f"{gap.city}, {gap.area}", partial(catalogue.put_gap, gap.view(), actor=ACTOR))
        for gap in collection.gaps
        if gap.hint and (gap.city, gap.area) not in settled
    ]


def _add(catalogue: Catalogue, store: FileStore, record: RecordLine) -> None:
    file = _stored(store, record) if isinstance(record, DocumentLine) else None
    catalogue.add(_draft(record), file, actor=ACTOR, state=State.PUBLISHED)


def _draft(record: RecordLine) -> Draft:
    public_id = derived_id(record.key)
    match record:
        case SolutionLine():
            return record.draft(public_id, tuple(derived_id(key) for key in record.documents))
        case DocumentLine() | CourseLine() | EventLine():
            return record.draft(public_id)
        case _:
            raise TypeError(f"no draft for {type(record).__name__}")


def _stored(store: FileStore, record: DocumentLine) -> NewFile | None:
    if record.file is None or record.format is None:
        return None
    path = HERE / "files" / record.file
    with path.open("rb") as stream:
        stored = store.receive(stream, limit=path.stat().st_size)
    return NewFile(
        sha256=stored.sha256, size=stored.size, format=record.format, filename=record.file
    )
