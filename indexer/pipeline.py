"""Keeps the index equal to the catalogue: catch up, reconcile, rebuild.

``revision`` and ``indexed_revision`` of the catalogue say what is behind. A record is marked only
after the engine has it, so a crash repeats work and never loses any. One owner at a time may do
this (``indexer.ownership``, ``indexer.worker``); nothing here takes the lock.
"""

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from corpus.catalogue import Catalogue
from corpus.errors import MissingFile
from corpus.reader import Reader
from corpus.records import AreaView, CityView, DocumentView, RecordView
from corpus.store import FileStore
from indexer.derived import Derived
from indexer.engine import Engine, EngineUnavailable, Entry
from indexer.entries import entry
from indexer.extract.sandbox import Outcome, Sandbox

Progress = Callable[[int, int], None]  # records done, records in all

_RECORDS = 100  # asked of the catalogue at a time
_PAGES = 5_000  # handed to the engine at a time, so that memory stays flat
_ALL = 1_000_000_000

_log = logging.getLogger(__name__)


@dataclass
class _Batch:
    """What goes to the engine in one step, and the revisions to mark once it has it."""

    entries: list[Entry] = field(default_factory=list)
    removed: dict[str, int] = field(default_factory=dict)
    pages: int = 0

    def add(self, made: Entry) -> None:
        self.entries.append(made)
        self.pages += len(made.pages)

    @property
    def marks(self) -> dict[str, int]:
        return {made.id: made.revision for made in self.entries} | self.removed

    def halves(self) -> Iterator["_Batch"]:
        middle = len(self.entries) // 2
        yield _Batch(self.entries[:middle], self.removed)
        yield _Batch(self.entries[middle:])


class Indexer:
    """Brings what is published to the engine, reading files where that was not yet done.

    Errors of the engine, the disk or the catalogue are raised; one bad record is logged with its
    id, stepped over, and tried again when it changes.
    """

    def __init__(
        self,
        reader: Reader,
        catalogue: Catalogue,
        store: FileStore,
        derived: Derived,
        sandbox: Sandbox,
        engine: Engine,
    ) -> None:
        self._reader = reader
        self._catalogue = catalogue
        self._store = store
        self._derived = derived
        self._sandbox = sandbox
        self._engine = engine
        self._lost: set[str] = set()  # digests of files that the store should have
        self._refused: dict[str, int] = {}  # id -> revision that could not be indexed

    def catch_up(self, progress: Progress = lambda done, total: None) -> int:
        """Apply all that is behind; how many records were applied."""
        total = len(self._reader.behind(_ALL))
        done = applied = 0
        after: str | None = None
        while behind := self._reader.behind(_RECORDS, after):
            after = behind[-1][0]
            todo = [row for row in behind if self._refused.get(row[0]) != row[1]]
            for batch in self._batches(todo):
                applied += self._apply(batch)
            done += len(behind)
            progress(done, max(done, total))
        return applied

    def reconcile(self) -> int:
        """Put behind what the index lacks or has otherwise, drop what it has in excess.

        Mends an index that was deleted or put back from elsewhere, and texts that were lost; what
        is put behind is for ``catch_up``. How many differences there were.
        """
        wanted, indexed = self._reader.revisions(), self._engine.revisions()
        differing = {id for id, revision in wanted.items() if indexed.get(id) != revision}
        tried = self._derived.tried()
        differing |= {id for id, sha256 in self._reader.published_files() if sha256 not in tried}
        for ids in _chunks(sorted(differing)):
            self._catalogue.put_behind(ids)
        excess = sorted(indexed.keys() - wanted.keys())
        if excess:
            self._engine.apply((), excess)
        return len(differing) + len(excess)

    def rebuild(self, progress: Progress = lambda done, total: None) -> int:
        """Build a new index beside the old and switch; how many records it holds.

        What changes meanwhile is caught up before the switch.
        """
        total = self._reader.count()
        built: dict[str, int] = {}

        def entries(ids: Iterable[str]) -> Iterator[Entry]:
            for chunk in _chunks(ids):
                for made in self._entries(self._reader.public_records(chunk)):
                    built[made.id] = made.revision
                    yield made
                    progress(len(built), max(len(built), total))

        def changed_meanwhile() -> tuple[Sequence[Entry], Sequence[str]]:
            now = self._reader.revisions()
            changed = [id for id, revision in now.items() if built.get(id) != revision]
            gone = sorted(built.keys() - now.keys())
            for id in gone:
                del built[id]
            return list(entries(changed)), gone

        self._engine.rebuild(entries(self._reader.public_ids()), changed_meanwhile)
        for ids in _chunks(built):
            self._catalogue.mark_indexed({id: built[id] for id in ids})
        return len(built)

    def begin_anew(self) -> None:
        """Forget what was being read when the program before this one ended."""
        self._derived.begin_anew()

    def read_unpublished(self, limit: int) -> int:
        """Read at most ``limit`` files that only staff see; how many were read.

        Their text serves the desk: proposals, comparisons, previews. It never goes to the engine.
        """
        files = self._reader.unpublished_files()
        done = self._derived.tried() | self._lost if files else set()
        names = {sha256: name for sha256, name in files if sha256 not in done}
        chosen = dict(list(names.items())[:limit])
        read = self._read(chosen)
        for sha256 in chosen:
            self._derived.compare(sha256)
        return read

    def read_files(self, records: Iterable[RecordView]) -> None:
        """Read the files of ``records`` that were not read yet; a failure is kept as well."""
        names = {
            version.sha256: version.filename
            for record in records
            if isinstance(record, DocumentView)
            for version in record.versions
            if not self._derived.knows(version.sha256)
        }
        self._read(names)

    def _read(self, names: dict[str, str]) -> int:
        read = 0
        for outcome in self._sandbox.read_many(self._present(names)):
            keep(self._derived, outcome.path.name, outcome)
            read += 1
        return read

    def _present(self, names: dict[str, str]) -> Iterator[tuple[Path, str]]:
        for sha256, name in names.items():
            try:
                path = self._store.path(sha256)
            except MissingFile:  # the record is found by its metadata; verify tells of the loss
                _log.error("file %s is missing from the store", sha256)
                self._lost.add(sha256)
            else:
                self._derived.begin(sha256)
                yield path, name

    def _batches(self, behind: Sequence[tuple[str, int, bool]]) -> Iterator[_Batch]:
        batch = _Batch(removed={id: revision for id, revision, public in behind if not public})
        records = self._reader.public_records(id for id, _, public in behind if public)
        for made in self._entries(records):
            batch.add(made)
            if batch.pages >= _PAGES:
                yield batch
                batch = _Batch()
        if batch.entries or batch.removed:
            yield batch

    def _entries(self, records: Sequence[RecordView]) -> Iterator[Entry]:
        self.read_files(records)
        cities = {city.slug: city for city in self._reader.cities()}
        areas = {area.slug: area for area in self._reader.areas()}
        for record in records:
            try:
                made = self._entry(record, cities, areas)
            except Exception:  # the edge of one record: the others go on
                self._refuse(record.public_id, record.revision)
            else:
                yield made

    def _entry(
        self, record: RecordView, cities: dict[str, CityView], areas: dict[str, AreaView]
    ) -> Entry:
        current = record.current if isinstance(record, DocumentView) else None
        if current is None:
            return entry(record, None, (), cities, areas)
        facts, pages = self._derived.facts(current.sha256), self._derived.pages(current.sha256)
        return entry(record, facts, pages, cities, areas)

    def _apply(self, batch: _Batch) -> int:
        """Apply all of it; when the engine refuses, find the entry that it refuses."""
        try:
            self._engine.apply(batch.entries, tuple(batch.removed))
        except (EngineUnavailable, OSError):
            raise
        except Exception:  # the edge of one batch: halve it down to the record at fault
            if len(batch.entries) <= 1:
                for id, revision in batch.marks.items():
                    self._refuse(id, revision)
                return 0
            return sum(self._apply(half) for half in batch.halves())
        self._catalogue.mark_indexed(batch.marks)
        return len(batch.marks)

    def _refuse(self, id: str, revision: int) -> None:
        _log.exception("record %s cannot be indexed at revision %d", id, revision)
        self._refused[id] = revision


def keep(derived: Derived, sha256: str, outcome: Outcome) -> None:
    """Keep what reading a file gave, be it a text or a reason."""
    if outcome.extract is not None:
        derived.put(sha256, outcome.extract)
    elif outcome.failure is not None:
        derived.put_failure(sha256, outcome.failure.kind, outcome.failure.message)


def _chunks(ids: Iterable[str]) -> Iterator[list[str]]:
    chunk: list[str] = []
    for id in ids:
        chunk.append(id)
        if len(chunk) == _RECORDS:
            yield chunk
            chunk = []
    if chunk:
        yield chunk
